import type { ServerHttp2Stream } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import { parseTimeout } from '../../protocol/index.ts';

/** The longest a timer can wait. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * Why a call is to go on no longer: its client has gone, or its time is over. Most calls are answered before anybody asks, and
 * to make a signal takes longer than to answer them.
 */
export class CallSignal {
  readonly #stream: ServerHttp2Stream;
  #controller: AbortController | undefined;
  #reason: ConnectError | undefined;
  /** Told when the time is over. */
  onLate: ((reason: ConnectError) => void) | undefined;

  /** `timeout` as the header has it; undefined where somebody else sees to it, or the client gives any time. */
  constructor(stream: ServerHttp2Stream, timeout: string | readonly string[] | undefined) {
    this.#stream = stream;
    const timeoutMs = typeof timeout === 'string' ? parseTimeout(timeout) : undefined;
    const timer =
      timeoutMs === undefined || timeoutMs > longestTimeoutMs
        ? undefined
        : setTimeout(() => this.#end(), timeoutMs);
    stream.once('close', () => {
      clearTimeout(timer);
      if (this.#isGivenUp) this.#abort(givenUp());
    });
  }

  /** Undefined as long as it is to go on. */
  get reason(): ConnectError | undefined {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** A call that was answered has nobody who would want to know. */
  get #isGivenUp(): boolean {
    return this.#stream.sentTrailers === undefined;
  }

  #end(): void {
    const reason = new ConnectError('the time that the client gives has passed', Code.DeadlineExceeded);
    this.#abort(reason);
    this.onLate?.(reason);
  }

  #abort(reason: ConnectError): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }
}

function givenUp(): ConnectError {
  return new ConnectError('the client has given up', Code.Canceled);
}
