const tableSize = 128;

/** Whether a code point is what one character of a pattern stands for: `a`, `.`, `\d`, `[^a-z]`. */
export class CharacterTest {
  readonly #source: string;
  #expression: RegExp | undefined;
  /** For the first code points: 0 where it is not known yet, 1 for no, 2 for yes. */
  readonly #table = new Uint8Array(tableSize);

  constructor(source: string) {
    this.#source = source;
  }

  accepts(codePoint: number): boolean {
    const known = codePoint < tableSize ? this.#table[codePoint] : 0;
    if (known !== 0) return known === 2;
    this.#expression ??= new RegExp(`^${this.#source}$`, 'v');
    const accepted = this.#expression.test(String.fromCodePoint(codePoint));
    if (codePoint < tableSize) this.#table[codePoint] = accepted ? 2 : 1;
    return accepted;
  }
}
