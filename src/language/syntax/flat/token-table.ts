import { type Token, tokenCodes, type TokenKind, tokenKinds } from '../token.ts';

/** The tokens of a text, each the number of its kind and its start: it ends where the next one starts. */
export class TokenTable {
  readonly text: string;
  kinds: Uint8Array;
  starts: Int32Array;
  count = 0;

  constructor(text: string) {
    this.text = text;
    const likely = Math.ceil(text.length / 3) + 16;
    this.kinds = new Uint8Array(likely);
    this.starts = new Int32Array(likely);
  }

  add(code: number, start: number): void {
    if (this.count === this.kinds.length) this.#grow();
    this.kinds[this.count] = code;
    this.starts[this.count++] = start;
  }

  /** Ends the text with an empty token of kind `end`. */
  finish(): void {
    this.add(tokenCodes.end, this.text.length);
    this.add(tokenCodes.end, this.text.length);
    this.count--;
  }

  kindOf(token: number): TokenKind {
    return tokenKinds[this.kinds[token] as number] as TokenKind;
  }

  startOf(token: number): number {
    return this.starts[token] as number;
  }

  endOf(token: number): number {
    return this.starts[token + 1] as number;
  }

  textOf(token: number): string {
    return this.text.slice(this.starts[token], this.starts[token + 1]);
  }

  /** The token as an object. */
  tokenAt(token: number): Token {
    return { kind: this.kindOf(token), start: this.startOf(token), text: this.textOf(token) };
  }

  #grow(): void {
    const kinds = new Uint8Array(this.kinds.length * 2);
    const starts = new Int32Array(this.starts.length * 2);
    kinds.set(this.kinds);
    starts.set(this.starts);
    this.kinds = kinds;
    this.starts = starts;
  }
}
