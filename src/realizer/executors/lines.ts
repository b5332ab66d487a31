/** The longest line in bytes: a longer one is handed on in pieces of this length. */
const lineLengthLimit = 64 * 1024;

/** Cuts bytes that come piece by piece into lines, which it hands on without their ends. Invalid UTF-8 is replaced. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(piece: Uint8Array): void {
    let bytes = Buffer.concat([this.#rest, piece]);
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10)) {
      this.#emit(this.#emitFullPieces(bytes.subarray(0, end)));
      bytes = bytes.subarray(end + 1);
    }
    this.#rest = Buffer.from(this.#emitFullPieces(bytes));
  }

  /** Hands on what is left as a last line. */
  end(): void {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    if (rest.length > 0) this.#emit(rest);
  }

  /** Hands on what is too long for one line, and answers the rest of it. */
  #emitFullPieces(line: Buffer): Buffer {
    let rest = line;
    while (rest.length > lineLengthLimit) {
      this.#emit(rest.subarray(0, lineLengthLimit));
      rest = rest.subarray(lineLengthLimit);
    }
    return rest;
  }

  #emit(line: Buffer): void {
    const text = line.toString('utf8');
    this.#onLine(text.endsWith('\r') ? text.slice(0, -1) : text);
  }
}
