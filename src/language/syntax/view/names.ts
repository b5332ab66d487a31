const fewestSlots = 64;
const mostSlots = 1 << 14;

/**
 * The names of a text, each held once for nearly all the times that it is written: whoever looks it up later compares the same
 * string, whose hash is known. A `Map` could only be asked for a string that was cut out of the text before.
 */
export class NameCache {
  readonly #text: string;
  readonly #mask: number;
  /** For the low bits of a hash the name that was last seen with it, as the parts of a key of this name. */
  readonly #names: (readonly [string] | undefined)[];

  constructor(text: string) {
    this.#text = text;
    let slots = fewestSlots;
    while (slots < mostSlots && slots * 16 < text.length) slots *= 2;
    this.#mask = slots - 1;
    this.#names = Array.from({ length: slots });
  }

  /** The name that stands at an offset. */
  nameAt(start: number, end: number): string {
    return this.partsAt(start, end)[0];
  }

  /** The parts of the key that stands at an offset. */
  partsAt(start: number, end: number): readonly [string] {
    const text = this.#text;
    const length = end - start;
    // Of a long name some characters do: what has the same hash is compared whole.
    const step = 1 + (length >> 3);
    let hash = (length << 7) ^ text.charCodeAt(end - 1);
    for (let index = start; index < end; index += step)
      hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
    const slot = (hash ^ (hash >>> 15)) & this.#mask;
    const known = this.#names[slot];
    if (known !== undefined && known[0].length === length && text.startsWith(known[0], start)) return known;
    return (this.#names[slot] = [text.slice(start, end)]);
  }
}
