import type { Digest } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';

/** What becomes of a batch. Whoever takes it first does its work, be it the thread that filled it or its helper. */
const state = { queued: 0, taken: 1, done: 2, failed: 3 } as const;

const digestLength = 32;
/** The state, and the number of items. */
const headerLength = 8;

/** A file on its way: its path and size in bytes, and the blob that it is, where that is known. */
export interface BatchItem {
  readonly path: string;
  readonly size: number;
  readonly digest?: Digest;
  readonly executable?: boolean;
}

/**
 * Files that are worked on together, in memory that threads share: the state, the number of files, and for each of them its size, where
 * its path ends, whether it is executable, its digest, and its path.
 */
export class Batch {
  readonly memory: SharedArrayBuffer;
  readonly count: number;
  readonly #state: Int32Array;
  readonly #sizes: Float64Array;
  readonly #pathEnds: Uint32Array;
  readonly #executable: Uint8Array;
  readonly #digests: Buffer;
  readonly #paths: Buffer;

  /** What another thread has filled, or what is to be filled with so many items. */
  constructor(memory: SharedArrayBuffer, count = new Int32Array(memory)[1] as number) {
    this.memory = memory;
    this.count = count;
    this.#state = new Int32Array(memory, 0, 2);
    this.#sizes = new Float64Array(memory, headerLength, count);
    this.#pathEnds = new Uint32Array(memory, headerLength + 8 * count, count);
    this.#executable = new Uint8Array(memory, headerLength + 12 * count, count);
    this.#digests = Buffer.from(memory, headerLength + 13 * count, digestLength * count);
    this.#paths = Buffer.from(memory, startOfPaths(count));
  }

  /** A batch that waits to be taken. */
  static of(items: readonly BatchItem[]): Batch {
    const text = Buffer.from(items.map(({ path }) => path).join(''), 'utf8');
    const { length } = items;
    const batch = new Batch(new SharedArrayBuffer(startOfPaths(length) + text.length), length);
    batch.#state[1] = length;
    let end = 0;
    for (const [index, { path, size, digest, executable = false }] of items.entries()) {
      end += Buffer.byteLength(path);
      batch.#sizes[index] = size;
      batch.#pathEnds[index] = end;
      batch.#executable[index] = executable ? 1 : 0;
      if (digest !== undefined) batch.#digests.write(digest, digestLength * index, 'hex');
    }
    text.copy(batch.#paths);
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
    return this.#executable[index] === 1;
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

function startOfPaths(count: number): number {
  return headerLength + (13 + digestLength) * count;
}
