/**
 * The offset of the first byte in which two contents differ, or undefined where they are equal. Where one is the beginning of the
 * other it is the shorter one's length.
 */
export function firstDifference(one: Iterable<Uint8Array>, other: Iterable<Uint8Array>): number | undefined {
  const [left, right] = [new Pieces(one), new Pieces(other)];
  for (let offset = 0; ;) {
    const [a, b] = [left.rest(), right.rest()];
    const length = Math.min(a.length, b.length);
    if (length === 0) return a.length === b.length ? undefined : offset;
    if (Buffer.compare(a.subarray(0, length), b.subarray(0, length)) !== 0) {
      return offset + indexOfDifference(a, b);
    }
    offset += length;
    left.skip(length);
    right.skip(length);
  }
}

/** A content of which each piece holds only until the next one is asked for. */
class Pieces {
  readonly #pieces: Iterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(content: Iterable<Uint8Array>) {
    this.#pieces = content[Symbol.iterator]();
  }

  /** What is left of the present piece; empty at the end of the content only. */
  rest(): Uint8Array {
    while (this.#rest.length === 0) {
      const next = this.#pieces.next();
      if (next.done === true) return this.#rest;
      this.#rest = next.value;
    }
    return this.#rest;
  }

  skip(length: number): void {
    this.#rest = this.#rest.subarray(length);
  }
}

function indexOfDifference(one: Uint8Array, other: Uint8Array): number {
  let index = 0;
  while (one[index] === other[index]) index++;
  return index;
}
