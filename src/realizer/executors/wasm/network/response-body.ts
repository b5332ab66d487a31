import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostLimits } from '../limits.ts';
import { type Failure, failureOf } from './failure.ts';
import { backOffMs } from './retry.ts';

/** A message that goes on where another one was lost; `overlap` is how many of its bytes have come already. */
export type Continuation =
  | { readonly kind: 'message'; readonly message: IncomingMessage; readonly overlap: number }
  /** Nothing can be continued, and trying again would not change that. */
  | { readonly kind: 'impossible' }
  | { readonly kind: 'failure' };

export interface BodyOptions {
  readonly timeoutMs: number;
  /** Counts what comes; answers why that is too much. */
  readonly take: (length: number) => Failure | undefined;
  /** Asks for what is behind the bytes that have come. */
  readonly goOn: (received: number) => Promise<Continuation>;
}

/**
 * The body of a response as it comes. It takes a bounded amount ahead of its reader, and lets the server wait beyond that. Where
 * the connection is lost it is continued over another, if that is possible, and its reader learns nothing of it.
 */
export class ResponseBody {
  readonly #options: BodyOptions;
  readonly #pieces: Buffer[] = [];
  /** What comes now; undefined between two messages. */
  #message: IncomingMessage | undefined;
  #buffered = 0;
  #received = 0;
  /** Bytes still to come that have come before. */
  #overlap = 0;
  #continuations = 0;
  #fruitless = 0;
  #end: 'open' | 'complete' | Failure = 'open';
  #wake: ((isAwoken: boolean) => void) | undefined;

  constructor(message: IncomingMessage, options: BodyOptions) {
    this.#options = options;
    this.#take(message);
  }

  /** Whether it has a connection, or is about to have one again. */
  get isOpen(): boolean {
    return this.#end === 'open';
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
    if (this.#buffered < hostLimits.responseAhead / 2 && this.#message?.isPaused()) this.#message.resume();
    return length;
  }

  /** Settles once `read` has something to say: a server that is silent for too long is given up then. */
  async wait(): Promise<void> {
    while (this.#pieces.length === 0 && this.#end === 'open') {
      const isAwoken = await this.#rest();
      // Between two messages it is the request's own time that counts.
      if (!isAwoken && this.#message !== undefined) {
        const detail = `nothing came for ${this.#options.timeoutMs} ms`;
        this.#lose(this.#message, { kind: 'timeout', detail, mayPass: true });
      }
    }
  }

  close(): void {
    this.#pieces.length = 0;
    if (this.#end === 'open') this.#message?.destroy();
    this.#finish(cut);
  }

  #take(message: IncomingMessage): void {
    this.#message = message;
    message.on('data', (piece: Buffer) => this.#accept(message, piece));
    message.on('end', () => {
      if (message !== this.#message) return;
      if (message.complete) this.#finish(this.#overlap === 0 ? 'complete' : cut);
      else this.#lose(message, cut);
    });
    message.on('error', (error) => this.#lose(message, failureOf(error)));
    message.on('close', () => this.#lose(message, cut));
  }

  #accept(message: IncomingMessage, whole: Buffer): void {
    if (this.#end !== 'open' || message !== this.#message) return;
    const refusal = this.#options.take(whole.length);
    if (refusal !== undefined) {
      this.#lose(message, refusal);
      return;
    }
    const known = Math.min(this.#overlap, whole.length);
    this.#overlap -= known;
    const piece = known === 0 ? whole : whole.subarray(known);
    if (piece.length === 0) return;
    this.#fruitless = 0;
    this.#pieces.push(piece);
    this.#received += piece.length;
    this.#buffered += piece.length;
    if (this.#buffered >= hostLimits.responseAhead) message.pause();
    this.#notify();
  }

  #lose(message: IncomingMessage, failure: Failure): void {
    if (this.#end !== 'open' || message !== this.#message) return;
    this.#message = undefined;
    message.destroy();
    if (failure.mayPass) void this.#continue(failure);
    else this.#finish(failure);
  }

  /** Ends with the failure that there was at first, where all tries come to nothing. */
  async #continue(failure: Failure): Promise<void> {
    while (this.#fruitless < hostLimits.retries && this.#continuations < hostLimits.continuations) {
      if (this.#fruitless > 0) await sleep(backOffMs(this.#fruitless - 1), undefined, { ref: false });
      if (this.#end !== 'open') return;
      this.#fruitless++;
      this.#continuations++;
      const next = await this.#options.goOn(this.#received);
      if (next.kind === 'message') {
        this.#goOnWith(next.message, next.overlap);
        return;
      }
      if (next.kind === 'impossible') break;
    }
    this.#finish(failure);
  }

  #goOnWith(message: IncomingMessage, overlap: number): void {
    if (this.#end !== 'open') {
      message.on('error', () => undefined);
      message.destroy();
      return;
    }
    this.#overlap = overlap;
    this.#take(message);
  }

  #finish(end: 'complete' | Failure): void {
    if (this.#end !== 'open') return;
    this.#end = end;
    this.#notify();
  }

  /** Whether something has happened within the time allowed. */
  #rest(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), this.#options.timeoutMs);
      this.#wake = (isAwoken) => {
        clearTimeout(timer);
        resolve(isAwoken);
      };
    });
  }

  #notify(): void {
    this.#wake?.(true);
    this.#wake = undefined;
  }
}

const cut: Failure = { kind: 'cut', detail: 'the connection was lost', mayPass: true };
