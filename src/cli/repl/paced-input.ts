import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';

const controlC = 0x03;

/** Line feed, carriage return and tab: what stands behind one of them has to wait until something was done. */
const pauses = new Set([0x0a, 0x0d, 0x09]);

/**
 * What is typed at a terminal, given on up to the end of a line or a tab: what follows comes when it is asked for. So what is typed
 * or pasted while something is at work is shown where it belongs, behind the next prompt.
 */
export class PacedInput extends PassThrough {
  readonly isTTY = true;
  readonly #terminal: ReadStream;
  readonly #onInterrupt: () => void;
  #waiting: Buffer = Buffer.alloc(0);
  #isAsked = false;

  /** `onInterrupt` is called for Ctrl-C while nothing is asked for; what was typed before it is forgotten. */
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

  /** Lets what is typed through, up to the next pause. */
  ask(): void {
    this.#isAsked = true;
    // Whoever asks may be in the midst of the piece before.
    setImmediate(() => {
      if (this.#isAsked) this.#giveOn();
    });
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
    const end = this.#waiting.findIndex((byte) => pauses.has(byte));
    const length = end === -1 ? this.#waiting.length : end + 1;
    const piece = this.#waiting.subarray(0, length);
    this.#waiting = this.#waiting.subarray(length);
    if (end !== -1) this.#isAsked = false;
    this.write(piece);
  }
}
