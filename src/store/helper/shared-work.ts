import { setImmediate as turn } from 'node:timers/promises';
import { doBatch } from '../batch-work.ts';
import type { BlobReference, Blobs } from '../blobs.ts';
import { Batch, type BatchItem } from './batch.ts';
import type { Helper } from './helper.ts';
import type { BatchWork } from './messages.ts';

/** Costs are counted in bytes that are read, hashed and written: a file that is made counts this besides its bytes. */
export const fileCost = 16 << 10;
/** How much goes into one batch. */
const batchCost = 1 << 20;
/** From how much work on a second thread is worth its start. */
const helperCost = 6 << 20;

/**
 * Work on many files. Where there are enough of them it is shared with the helper, which is at work while the caller still looks for
 * more of them.
 */
export class SharedWork<Item extends BatchItem> {
  readonly #work: BatchWork;
  readonly #do: (batch: Batch) => void;
  readonly #helper: Helper | undefined;
  readonly #batches: { readonly batch: Batch; readonly items: readonly Item[] }[] = [];
  #items: Item[] = [];
  #cost = 0;
  #total = 0;
  #sent = 0;

  constructor(work: BatchWork, blobs: Blobs, helper: Helper | undefined) {
    this.#work = work;
    this.#do = (batch) => doBatch(work, batch, blobs);
    this.#helper = helper;
  }

  add(item: Item, cost: number): void {
    this.#items.push(item);
    this.#cost += cost;
    this.#total += cost;
    if (this.#cost < batchCost) return;
    this.#close();
    if (this.#helper !== undefined && this.#total >= helperCost) this.#send(this.#helper);
  }

  /** Sees to it that all is done, and tells what came out. @throws what kept it from being done. */
  finish(tell: (item: Item, blob: BlobReference) => void = () => undefined): void {
    this.#close();
    // The helper has begun at the other end.
    for (const { batch, items } of this.#batches.toReversed()) {
      batch.finish(this.#do);
      for (const [index, item] of items.entries()) tell(item, batch.blob(index));
    }
  }

  /** As `finish`, with a turn for others after each batch; tells of the batches themselves. */
  async finishLater(tell: (batch: Batch, items: readonly Item[]) => void): Promise<void> {
    this.#close();
    for (const { batch, items } of this.#batches.toReversed()) {
      await batch.finishLater(this.#do);
      tell(batch, items);
      await turn();
    }
  }

  /** Nothing is begun any more, and nothing that was begun goes on once it returns. */
  [Symbol.dispose](): void {
    for (const { batch } of this.#batches) batch.drop();
  }

  /** Makes a batch of what was gathered. */
  #close(): void {
    if (this.#items.length === 0) return;
    const texts = this.#work.type === 'adopt' ? this.#work.hashParts.length : 0;
    this.#batches.push({ batch: Batch.of(this.#items, texts), items: this.#items });
    this.#items = [];
    this.#cost = 0;
  }

  #send(helper: Helper): void {
    for (; this.#sent < this.#batches.length; this.#sent++) {
      const memory = this.#batches[this.#sent]?.batch.memory;
      if (memory !== undefined) helper.send({ ...this.#work, memory });
    }
  }
}
