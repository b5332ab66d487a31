import type { Digest } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';

/** What becomes of a batch. Whoever takes it first does its work, be it the thread that filled it or its helper. */
const state = { queued: 0, taken: 1, done: 2, failed: 3 } as const;

const digestLength = 32;
/** The state, the number of items, that of the texts that contents may mention, and nothing. */
const headerLength = 16;

/** What is noted of an item. */
const flag = { executable: 1, mentionsFirst: 2, done: 4 } as const;

/** A file on its way: its path and size in bytes, and the blob that it is, where that is known. */
export interface BatchItem {
  readonly path: string;
  readonly size: number;
  readonly digest?: Digest;
  readonly executable?: boolean;
}

/**
 * Files that are worked on together, in memory that threads share: the state, the number of files, and for each of them its size, where
 * its path ends, its flags and its digest; behind that which of some texts they mention, and the paths.
 */
export class Batch {
  readonly memory: SharedArrayBuffer;
  readonly count: number;
  readonly #state: Int32Array;
  readonly #sizes: Float64Array;
  readonly #pathEnds: Uint32Array;
  readonly #flags: Uint8Array;
  readonly #digests: Buffer;
  readonly #mentions: Uint8Array;
  readonly #paths: Buffer;

  /** What another thread has filled, or memory whose header is. */
  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#state = new Int32Array(memory, 0, 3);
    const [, count = 0, texts = 0] = this.#state;
    this.count = count;
    this.#sizes = new Float64Array(memory, headerLength, count);
    this.#pathEnds = new Uint32Array(memory, headerLength + 8 * count, count);
    this.#flags = new Uint8Array(memory, headerLength + 12 * count, count);
    this.#digests = Buffer.from(memory, headerLength + 13 * count, digestLength * count);
    this.#mentions = new Uint8Array(memory, endOfRecords(count), texts);
    this.#paths = Buffer.from(memory, endOfRecords(count) + texts);
  }

  /** A batch that waits to be taken, with room for which of so many texts the files mention. */
  static of(items: readonly BatchItem[], texts = 0): Batch {
    const paths = Buffer.from(items.map(({ path }) => path).join(''), 'utf8');
    const memory = new SharedArrayBuffer(endOfRecords(items.length) + texts + paths.length);
    new Int32Array(memory, 0, 3).set([state.queued, items.length, texts]);
    const batch = new Batch(memory);
    let end = 0;
    for (const [index, { path, size, digest, executable = false }] of items.entries()) {
      end += Buffer.byteLength(path);
      batch.#sizes[index] = size;
      batch.#pathEnds[index] = end;
      batch.#flags[index] = executable ? flag.executable : 0;
      if (digest !== undefined) batch.#digests.write(digest, digestLength * index, 'hex');
    }
    paths.copy(batch.#paths);
    return batch;
  }

  path(index: number): string {
    const start = index === 0 ? 0 : this.#pathEnds[index - 1];
    return this.#paths.toString('utf8', start, this.#pathEnds[index]);
  }

  size(index: number): number {
    return this.#sizes[index] as number;
  }

  /** The blob and its size: what came with the item, or what came out. */
  blob(index: number): BlobReference {
    const start = digestLength * index;
    const digest = this.#digests.toString('hex', start, start + digestLength) as Digest;
    return { digest, size: this.size(index) };
  }

  isExecutable(index: number): boolean {
    return this.#has(index, flag.executable);
  }

  /** Whether the file mentions the first of the texts. */
  mentionsFirst(index: number): boolean {
    return this.#has(index, flag.mentionsFirst);
  }

  /** Whether an earlier try at this batch got as far as to the item. */
  isDone(index: number): boolean {
    return this.#has(index, flag.done);
  }

  /** Notes what came out of an item that mentions these of the texts. */
  setDone(index: number, blob: BlobReference, mentioned: Iterable<number>): void {
    this.setBlob(index, blob);
    let flags = (this.#flags[index] as number) | flag.done;
    for (const text of mentioned) {
      this.#mentions[text] = 1;
      if (text === 0) flags |= flag.mentionsFirst;
    }
    this.#flags[index] = flags;
  }

  /** Which of the texts its files mention. */
  mentioned(): readonly number[] {
    return [...this.#mentions.keys()].filter((text) => this.#mentions[text] === 1);
  }

  setBlob(index: number, { digest, size }: BlobReference): void {
    this.#digests.write(digest, digestLength * index, 'hex');
    this.#sizes[index] = size;
  }

  /** Does the work unless somebody has taken it already: the helper's side. */
  workIfQueued(work: (batch: Batch) => void): void {
    if (this.#take(state.queued)) this.#work(work);
  }

  /**
   * Sees to it that the work is done: by this thread where no other one has taken it, which is waited for otherwise. What the other
   * one could not do is tried again here, so that the error comes to where it belongs.
   */
  finish(work: (batch: Batch) => void): void {
    while (Atomics.load(this.#state, 0) !== state.done) {
      if (this.#take(state.queued) || this.#take(state.failed)) this.#work(work);
      else Atomics.wait(this.#state, 0, state.taken);
    }
  }

  /** Takes it back, so that nobody begins it any more, and waits for whoever has. */
  drop(): void {
    if (this.#take(state.queued)) Atomics.store(this.#state, 0, state.done);
    while (Atomics.load(this.#state, 0) === state.taken) Atomics.wait(this.#state, 0, state.taken);
  }

  /** As `finish`, without keeping the thread while another one is at work on it. */
  async finishLater(work: (batch: Batch) => void): Promise<void> {
    while (Atomics.load(this.#state, 0) !== state.done) {
      if (this.#take(state.queued) || this.#take(state.failed)) this.#work(work);
      else await this.#changed();
    }
  }

  /** Waits until another thread has done it. Neither this wait nor the helper keeps a process from ending: a timer does. */
  async #changed(): Promise<void> {
    const hold = setInterval(() => undefined, 2 ** 30);
    try {
      await Atomics.waitAsync(this.#state, 0, state.taken).value;
    } finally {
      clearInterval(hold);
    }
  }

  #has(index: number, bit: number): boolean {
    return ((this.#flags[index] as number) & bit) !== 0;
  }

  #take(from: number): boolean {
    return Atomics.compareExchange(this.#state, 0, from, state.taken) === from;
  }

  #work(work: (batch: Batch) => void): void {
    let outcome: number = state.failed;
    try {
      work(this);
      outcome = state.done;
    } finally {
      Atomics.store(this.#state, 0, outcome);
      Atomics.notify(this.#state, 0);
    }
  }
}

function endOfRecords(count: number): number {
  return headerLength + (13 + digestLength) * count;
}
