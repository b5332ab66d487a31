import { type Digest, digestFromBytes } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';

/** What becomes of a batch. Whoever takes it first does its work, be it the thread that filled it or its helper. */
const state = { queued: 0, taken: 1, done: 2, failed: 3 } as const;

const digestLength = 32;
const headerLength = 8;
const sizeOffset = digestLength;
const pathEndOffset = sizeOffset + 8;
const flagOffset = pathEndOffset + 4;
const recordLength = flagOffset + 4;

/** A file on its way: its path and size in bytes, and the blob that it is, where that is known. */
export interface BatchItem {
  readonly path: string;
  readonly size: number;
  readonly digest?: Digest;
  readonly executable?: boolean;
}

/** Files that are worked on together, in memory that threads share: states, paths, and what comes out. */
export class Batch {
  readonly memory: SharedArrayBuffer;
  readonly #state: Int32Array;
  readonly #bytes: Buffer;

  /** What another thread has filled. */
  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#state = new Int32Array(memory, 0, 2);
    this.#bytes = Buffer.from(memory);
  }

  /** A batch that waits to be taken. */
  static of(items: readonly BatchItem[]): Batch {
    const text = Buffer.from(items.map(({ path }) => path).join(''), 'utf8');
    const pathsStart = headerLength + recordLength * items.length;
    const batch = new Batch(new SharedArrayBuffer(pathsStart + text.length));
    batch.#state[1] = items.length;
    let end = pathsStart;
    for (const [index, { path, size, digest, executable = false }] of items.entries()) {
      const record = recordAt(index);
      end += Buffer.byteLength(path);
      if (digest !== undefined) batch.#bytes.write(digest, record, 'hex');
      batch.#bytes.writeDoubleLE(size, record + sizeOffset);
      batch.#bytes.writeUInt32LE(end, record + pathEndOffset);
      batch.#bytes[record + flagOffset] = executable ? 1 : 0;
    }
    text.copy(batch.#bytes, pathsStart);
    return batch;
  }

  get count(): number {
    return this.#state[1] as number;
  }

  path(index: number): string {
    const start = index === 0 ? recordAt(this.count) : this.#pathEnd(index - 1);
    return this.#bytes.toString('utf8', start, this.#pathEnd(index));
  }

  /** The blob and its size: what came with the item, or what came out. */
  blob(index: number): BlobReference {
    const record = recordAt(index);
    const digest = digestFromBytes(this.#bytes.subarray(record, record + digestLength));
    return { digest, size: this.#bytes.readDoubleLE(record + sizeOffset) };
  }

  size(index: number): number {
    return this.#bytes.readDoubleLE(recordAt(index) + sizeOffset);
  }

  isExecutable(index: number): boolean {
    return this.#bytes[recordAt(index) + flagOffset] === 1;
  }

  setBlob(index: number, { digest, size }: BlobReference): void {
    this.#bytes.write(digest, recordAt(index), 'hex');
    this.#bytes.writeDoubleLE(size, recordAt(index) + sizeOffset);
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

  #pathEnd(index: number): number {
    return this.#bytes.readUInt32LE(recordAt(index) + pathEndOffset);
  }
}

function recordAt(index: number): number {
  return headerLength + recordLength * index;
}
