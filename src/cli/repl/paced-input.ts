import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';

const controlC = 0x03;
const lineEnds = new Set([0x0a, 0x0d]);

/**
 * What is typed at a terminal, given on line by line: the next line comes when it is asked for. So what is typed or pasted while
 * something is at work is shown where it belongs, behind the next prompt.
 */
export class PacedInput extends PassThrough {
  readonly isTTY = true;
  readonly #terminal: ReadStream;
  readonly #onInterrupt: () => void;
  #waiting: Buffer = Buffer.alloc(0);
  #isAsked = false;

  /** `onInterrupt` is called for Ctrl-C while no line is asked for; what was typed before it is forgotten. */
  constructor(terminal: ReadStream, onInterrupt: () => void) {
    super();
    this.#terminal = terminal;
    this.#onInterrupt = onInterrupt;
    terminal.on('data', (chunk: Buffer) => this.#take(chunk));
    terminal.on('end', () => this.end());
  }

  get isRaw(): boolean {
    return this.#terminal.isRaw;
  }

  setRawMode(mode: boolean): this {
    this.#terminal.setRawMode(mode);
    return this;
  }

  /** Lets the next line through, as far as it is typed. */
  ask(): void {
    this.#isAsked = true;
    this.#giveOn();
  }

  /** Lets the terminal go. */
  release(): void {
    this.#terminal.pause();
  }

  #take(chunk: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, chunk]);
    if (this.#isAsked) return this.#giveOn();
    const interruption = this.#waiting.lastIndexOf(controlC);
    if (interruption === -1) return;
    this.#waiting = this.#waiting.subarray(interruption + 1);
    this.#onInterrupt();
  }

  #giveOn(): void {
    if (this.#waiting.length === 0) return;
    const end = this.#waiting.findIndex((byte) => lineEnds.has(byte));
    const length = end === -1 ? this.#waiting.length : end + 1;
    const piece = this.#waiting.subarray(0, length);
    this.#waiting = this.#waiting.subarray(length);
    if (end !== -1) this.#isAsked = false;
    this.write(piece);
  }
}
