import type { Digest } from '../../../../foundation/index.ts';
import type { BlobReference, Blobs } from '../../../../store/index.ts';
import { hostLimits } from '../limits.ts';
import type { Batch } from './batch.ts';
import type { BatchPool } from './batch-pool.ts';

/** What a blob counts besides its bytes, since a file costs as much to make as some bytes to write. */
const costOfFile = 4096;

/**
 * Has the files of one program written by another thread while the program goes on. That begins only with a program that
 * writes much: the first files are put into the store at once.
 */
export class WriteBehind {
  readonly #blobs: Blobs;
  readonly #pool: BatchPool;
  readonly #filled: FilledBatch[] = [];
  #current: FilledBatch | undefined;
  #cost = 0;

  constructor(blobs: Blobs, pool: BatchPool) {
    this.#blobs = blobs;
    this.#pool = pool;
  }

  /**
   * Takes a copy of a content that is to become a blob; undefined where that is to be done at once.
   *
   * @throws DiagnosticError CAB5002 where the disk is full.
   */
  put(content: Uint8Array): PendingBlob | undefined {
    this.#cost += content.length + costOfFile;
    if (this.#cost < hostLimits.writtenAtOnce) return undefined;
    const first = this.#current?.batch.add(content);
    const added = first ?? this.#nextBatch()?.add(content);
    const current = this.#current;
    if (added === undefined || current === undefined) return undefined;
    const blob = new PendingBlob(added.bytes, () => this.#finish(current));
    current.blobs.push(blob);
    return blob;
  }

  /** Nobody wants what is not written yet. */
  drop(): void {
    if (this.#current !== undefined) this.#filled.push(this.#current);
    for (const { batch } of this.#filled.splice(0)) this.#pool.release(batch);
    this.#current = undefined;
  }

  #nextBatch(): Batch | undefined {
    if (this.#current !== undefined) {
      this.#filled.push(this.#current);
      this.#pool.queue(this.#current.batch);
      this.#current = undefined;
    }
    for (const filled of this.#filled.filter(({ batch }) => batch.isDone)) this.#finish(filled);
    const batch = this.#pool.take() ?? this.#ownBatch();
    if (batch !== undefined) this.#current = { batch, blobs: [] };
    return batch;
  }

  /** The writer does not keep up: this thread writes the batch that is the last in its turn. */
  #ownBatch(): Batch | undefined {
    const last = this.#filled.at(-1);
    if (last !== undefined) this.#finish(last);
    return this.#pool.take();
  }

  #finish(filled: FilledBatch): void {
    filled.batch.finish(this.#blobs);
    for (const [index, blob] of filled.blobs.entries()) blob.settle(filled.batch.digest(index));
    if (this.#current === filled) this.#current = undefined;
    else this.#filled.splice(this.#filled.indexOf(filled), 1);
    this.#pool.release(filled.batch);
  }
}

interface FilledBatch {
  readonly batch: Batch;
  readonly blobs: PendingBlob[];
}

/** A content that is on its way into the store, or has arrived there. */
export class PendingBlob {
  readonly size: number;
  readonly #finish: () => void;
  #bytes: Uint8Array | undefined;
  #digest: Digest | undefined;

  constructor(bytes: Uint8Array, finish: () => void) {
    this.size = bytes.length;
    this.#bytes = bytes;
    this.#finish = finish;
  }

  /** The content as long as it is in memory. */
  get bytes(): Uint8Array | undefined {
    return this.#bytes;
  }

  settle(digest: Digest): void {
    this.#digest = digest;
    this.#bytes = undefined;
  }

  /**
   * The blob, which is in the store then.
   *
   * @throws DiagnosticError CAB5002 where the disk is full.
   */
  reference(): BlobReference {
    if (this.#digest === undefined) this.#finish();
    if (this.#digest === undefined) throw new Error('a content has not become a blob');
    return { digest: this.#digest, size: this.size };
  }
}
