import type { Digest } from '../../../../foundation/index.ts';
import type { Blobs } from '../../../../store/index.ts';

/** What the memory of one batch holds: how many bytes of content, and of how many blobs. */
const batchCapacity = { bytes: 1 << 20, blobs: 1024 } as const;

/** What becomes of a batch. One that was queued is written by whoever takes it first, be it the thread that filled it. */
const state = { open: 0, queued: 1, taken: 2, done: 3, failed: 4 } as const;

const digestLength = 32;
const sizesStart = 8;
const digestsStart = sizesStart + 4 * batchCapacity.blobs;
const contentStart = digestsStart + digestLength * batchCapacity.blobs;

/**
 * Contents on their way into the store, in memory that threads share: the state, the number of contents, the size of each,
 * the digest of each once it is written, and the contents one after another.
 */
export class Batch {
  readonly memory: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #sizes: Int32Array;
  readonly #digests: Buffer;
  readonly #content: Buffer;
  #filled = 0;

  /** An empty batch, or what another thread has filled. */
  constructor(memory = new SharedArrayBuffer(contentStart + batchCapacity.bytes)) {
    this.memory = memory;
    this.#header = new Int32Array(memory, 0, 2);
    this.#sizes = new Int32Array(memory, sizesStart, batchCapacity.blobs);
    this.#digests = Buffer.from(memory, digestsStart, digestLength * batchCapacity.blobs);
    this.#content = Buffer.from(memory, contentStart, batchCapacity.bytes);
  }

  get #count(): number {
    return this.#header[1] as number;
  }

  /** Copies a content into the batch; undefined where there is no room for it. */
  add(content: Uint8Array): { readonly index: number; readonly bytes: Buffer } | undefined {
    const index = this.#count;
    const end = this.#filled + content.length;
    if (index === batchCapacity.blobs || end > batchCapacity.bytes) return undefined;
    const bytes = this.#content.subarray(this.#filled, end);
    bytes.set(content);
    this.#filled = end;
    this.#sizes[index] = content.length;
    this.#header[1] = index + 1;
    return { index, bytes };
  }

  digest(index: number): Digest {
    return this.#digests.toString('hex', digestLength * index, digestLength * (index + 1)) as Digest;
  }

  /** Lets another thread write it. */
  queue(): void {
    Atomics.store(this.#header, 0, state.queued);
  }

  /** Writes the contents, unless it was taken or taken back meanwhile. The other thread's side. */
  writeQueued(blobs: Blobs): void {
    if (this.#take(state.queued)) this.#write(blobs);
  }

  /**
   * Sees to it that the contents are written: by this thread where no other one has taken them, which is waited for otherwise.
   * What the other one could not write is tried again here, so that the error comes to where it belongs.
   */
  finish(blobs: Blobs): void {
    while (!this.isDone) {
      const isOurs = this.#take(state.open) || this.#take(state.queued) || this.#take(state.failed);
      if (isOurs) this.#write(blobs);
      else Atomics.wait(this.#header, 0, state.taken);
    }
  }

  get isDone(): boolean {
    return Atomics.load(this.#header, 0) === state.done;
  }

  /** Empties it, whether or not its contents are written; false where another thread is just writing them. */
  reset(): boolean {
    Atomics.compareExchange(this.#header, 0, state.queued, state.open);
    if (Atomics.load(this.#header, 0) === state.taken) return false;
    Atomics.store(this.#header, 0, state.open);
    this.#header[1] = 0;
    this.#filled = 0;
    return true;
  }

  #take(from: number): boolean {
    return Atomics.compareExchange(this.#header, 0, from, state.taken) === from;
  }

  #write(blobs: Blobs): void {
    let outcome: number = state.failed;
    try {
      let start = 0;
      for (let index = 0; index < this.#count; index++) {
        const size = this.#sizes[index] as number;
        const { digest } = blobs.put(this.#content.subarray(start, start + size));
        this.#digests.write(digest, digestLength * index, 'hex');
        start += size;
      }
      outcome = state.done;
    } finally {
      Atomics.store(this.#header, 0, outcome);
      Atomics.notify(this.#header, 0);
    }
  }
}
