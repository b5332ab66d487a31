const firstSize = 1 << 10;

/** What a program writes to one of its streams, for those who read it while it runs and for the end. */
export class OutputStream {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #content: Buffer = Buffer.alloc(0);
  #length = 0;
  #isCut = false;
  #hasEnded = false;

  /** `limit` in bytes: what comes after them is dropped, and a last line says so. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  write(piece: Uint8Array): void {
    if (this.#isCut || piece.length === 0) return;
    const kept = piece.subarray(0, this.#limit - this.#length);
    this.#keep(kept);
    if (kept.length === piece.length) return;
    this.#isCut = true;
    this.#keep(Buffer.from(`\n(cut here: it may hold ${this.#limit} bytes)\n`));
  }

  end(): void {
    this.#hasEnded = true;
    this.#tell();
  }

  get bytes(): Uint8Array {
    return this.#content.subarray(0, this.#length);
  }

  /** All of it from the beginning, as it comes, until the end of the program. */
  async *follow(): AsyncGenerator<Uint8Array, void> {
    for (let next = 0; ;) {
      const end = this.#length;
      if (next < end) yield this.#content.subarray(next, end);
      next = end;
      if (next < this.#length) continue;
      if (this.#hasEnded) return;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** What was handed out stays as it is: a larger place is another one. */
  #keep(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#content.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, this.#content.length * 2, firstSize));
      this.#content.copy(larger, 0, 0, this.#length);
      this.#content = larger;
    }
    this.#content.set(piece, this.#length);
    this.#length = length;
    this.#tell();
  }

  #tell(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
