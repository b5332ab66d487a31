import { LineSplitter } from './lines.ts';

/** The bytes of log that one program may write; what comes after them is dropped, and a last line says so. */
const logLengthLimit = 16 * 1024 * 1024;

/** The log of one program. Its streams are cut into lines apart, so that they never mix within a line. */
export class Log {
  readonly output: LogStream;
  readonly error: LogStream;
  readonly #onLine: (line: string) => void;
  #left = logLengthLimit;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
    this.output = this.stream();
    this.error = this.stream();
  }

  /** A further stream, which whoever asked for it ends. */
  stream(): LogStream {
    return new LogStream((piece) => this.#accept(piece), this.#onLine);
  }

  end(): void {
    this.output.end();
    this.error.end();
  }

  #accept(piece: Uint8Array): Uint8Array {
    if (this.#left === 0) return piece.subarray(0, 0);
    const accepted = piece.subarray(0, this.#left);
    this.#left -= accepted.length;
    if (this.#left === 0) this.#onLine(`(the log is cut here: it may hold ${logLengthLimit} bytes)`);
    return accepted;
  }
}

/** One of the two streams of a log. */
export class LogStream {
  readonly #accept: (piece: Uint8Array) => Uint8Array;
  readonly #lines: LineSplitter;

  constructor(accept: (piece: Uint8Array) => Uint8Array, onLine: (line: string) => void) {
    this.#accept = accept;
    this.#lines = new LineSplitter(onLine);
  }

  write(piece: Uint8Array): void {
    const accepted = this.#accept(piece);
    if (accepted.length > 0) this.#lines.write(accepted);
  }

  end(): void {
    this.#lines.end();
  }
}
