import type { ProgramLimits } from '../program-limits.ts';
import { LineSplitter } from './lines.ts';

export type LogLimits = Pick<ProgramLimits, 'log' | 'logLines'>;

/** The log of one program: what comes beyond its bytes or lines is dropped, and a last line says so. Its streams are cut into lines apart, so that they never mix within a line. */
export class Log {
  readonly output: LogStream;
  readonly error: LogStream;
  readonly #onLine: (line: string) => void;
  readonly #limits: LogLimits;
  #bytesLeft: number;
  #linesLeft: number;

  constructor(onLine: (line: string) => void, limits: LogLimits) {
    this.#limits = limits;
    this.#bytesLeft = limits.log;
    this.#linesLeft = limits.logLines;
    this.#onLine = onLine;
    this.output = this.stream();
    this.error = this.stream();
  }

  /** A further stream, which whoever asked for it ends. */
  stream(): LogStream {
    return new LogStream(
      (piece) => this.#accept(piece),
      (line) => {
        if (this.#linesLeft > 0) this.#emit(line);
      },
    );
  }

  end(): void {
    this.output.end();
    this.error.end();
  }

  #accept(piece: Uint8Array): Uint8Array {
    if (this.#bytesLeft === 0 || this.#linesLeft === 0) return piece.subarray(0, 0);
    const accepted = piece.subarray(0, this.#bytesLeft);
    this.#bytesLeft -= accepted.length;
    if (this.#bytesLeft === 0) this.#cut(`${this.#limits.log} bytes`);
    return accepted;
  }

  #emit(line: string): void {
    this.#onLine(line);
    if (--this.#linesLeft === 0) this.#cut(`${this.#limits.logLines} lines`);
  }

  #cut(limit: string): void {
    this.#onLine(`(the log is cut here: it may hold ${limit})`);
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
