import type { IncomingMessage } from 'node:http';
import { hostLimits } from '../limits.ts';
import { type Failure, failureOf } from './failure.ts';

/**
 * The body of a response as it comes. It takes a bounded amount ahead of its reader, and lets the server wait
 * beyond that.
 */
export class ResponseBody {
  readonly #message: IncomingMessage;
  readonly #timeoutMs: number;
  readonly #pieces: Buffer[] = [];
  #buffered = 0;
  #end: 'open' | 'complete' | Failure = 'open';
  #wake: (() => void) | undefined;

  constructor(message: IncomingMessage, timeoutMs: number) {
    this.#message = message;
    this.#timeoutMs = timeoutMs;
    message.on('data', (piece: Buffer) => this.#accept(piece));
    message.on('end', () => this.#finish(message.complete ? 'complete' : cut));
    message.on('error', (error) => this.#finish(failureOf(error)));
    message.on('close', () => this.#finish(cut));
  }

  /** Copies what is there, 0 at the end; undefined where one has to wait; or why no more will come. */
  read(target: Uint8Array): number | Failure | undefined {
    const piece = this.#pieces[0];
    if (piece === undefined) {
      if (this.#end === 'complete') return 0;
      return this.#end === 'open' ? undefined : this.#end;
    }
    const length = Math.min(piece.length, target.length);
    target.set(length === piece.length ? piece : piece.subarray(0, length));
    if (length === piece.length) this.#pieces.shift();
    else this.#pieces[0] = piece.subarray(length);
    this.#buffered -= length;
    if (this.#buffered < hostLimits.responseAhead / 2 && this.#message.isPaused()) this.#message.resume();
    return length;
  }

  /** Settles once `read` has something to say: a server that is silent for too long is given up then. */
  async wait(): Promise<void> {
    if (this.#pieces.length > 0 || this.#end !== 'open') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        const detail = `nothing came for ${this.#timeoutMs} ms`;
        this.#finish({ kind: 'timeout', detail, mayPass: false });
        this.#message.destroy();
      }, this.#timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  close(): void {
    this.#pieces.length = 0;
    if (this.#end === 'open') this.#message.destroy();
    this.#finish(cut);
  }

  #accept(piece: Buffer): void {
    if (this.#end !== 'open') return;
    this.#pieces.push(piece);
    this.#buffered += piece.length;
    if (this.#buffered >= hostLimits.responseAhead) this.#message.pause();
    this.#notify();
  }

  #finish(end: 'complete' | Failure): void {
    if (this.#end !== 'open') return;
    this.#end = end;
    this.#notify();
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

const cut: Failure = { kind: 'cut', detail: 'the connection was lost', mayPass: true };
