/**
 * Keeps the largest of the buffers that files were written into, for the next file. Where each file takes memory of its own,
 * only garbage collections give it back, and a tree of many files has one every few megabytes.
 */
export class BufferShelf {
  #kept: Buffer | undefined;

  /** A buffer of at least this length, with anything in it. */
  take(length: number): Buffer {
    const kept = this.#kept;
    if (kept === undefined || kept.length < length) return Buffer.allocUnsafe(length);
    this.#kept = undefined;
    return kept;
  }

  /** Nobody may use the buffer any more. */
  giveBack(buffer: Buffer): void {
    if (buffer.length > (this.#kept?.length ?? 0)) this.#kept = buffer;
  }
}
