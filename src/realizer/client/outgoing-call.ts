import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import { CallCut, MessageReader, decodeStatusMessage, formatTimeout } from '../protocol/index.ts';
import type { CallLimits } from './channel.ts';
import type { Sessions } from './sessions.ts';

/** A message of content is far below it. */
const largestMessage = 16 << 20;
/** What RST_STREAM says of a call that is not wanted any more. */
const cancelled = 8;

interface BeginOptions extends CallLimits {
  readonly headers: Readonly<Record<string, string>>;
}

/** Of a call that the other side has not ended, and whose connection has. */
export const prematureEnd = 'premature end of the call';

/**
 * A call that works on frames. What fails is a `ConnectError`: with a cause where it was the connection, without where it is the realizer's
 * answer.
 */
export class OutgoingCall {
  readonly #stream: ClientHttp2Stream;
  readonly #sessions: Sessions;
  readonly #messages: MessageReader;
  #status: IncomingHttpHeaders | undefined;
  #httpStatus: number | undefined;
  #failure: Error | undefined;
  #stopWaiting: (() => void) | undefined;

  static async begin(
    sessions: Sessions,
    path: string,
    { headers, signal, timeoutMs }: BeginOptions,
  ): Promise<OutgoingCall> {
    signal?.throwIfAborted();
    const stream = await sessions
      .request(
        'POST',
        path,
        {
          ...headers,
          'content-type': 'application/grpc+proto',
          te: 'trailers',
          ...(timeoutMs !== undefined && { 'grpc-timeout': formatTimeout(timeoutMs) }),
        },
        {},
      )
      .catch((error: unknown) => {
        throw lost(error);
      });
    const call = new OutgoingCall(stream, sessions);
    call.#watch(signal, timeoutMs);
    return call;
  }

  private constructor(stream: ClientHttp2Stream, sessions: Sessions) {
    this.#stream = stream;
    this.#sessions = sessions;
    stream.on('response', (headers) => {
      this.#httpStatus = headers[':status'];
      if (headers['grpc-status'] !== undefined) this.#answer(headers);
      this.#sessions.notifyResponseByteRead();
    });
    stream.on('trailers', (trailers) => this.#answer(trailers));
    stream.on('error', (error) => {
      this.#failure ??= error;
    });
    this.#messages = new MessageReader(stream, { limitBytes: largestMessage });
  }

  /** Whether the realizer has said its last word, and needs no more of the request. */
  get isAnswered(): boolean {
    return this.#status !== undefined || this.#stream.destroyed;
  }

  /** Sends the parts of one frame; settles when they are the caller's again, or nobody wants them any more. */
  send(...parts: readonly Uint8Array[]): Promise<void> {
    const stream = this.#stream;
    return new Promise((resolve) => {
      if (this.isAnswered) return resolve();
      const settle = (): void => {
        stream.off('close', settle);
        if (this.#stopWaiting === settle) this.#stopWaiting = undefined;
        resolve();
      };
      this.#stopWaiting = settle;
      stream.once('close', settle);
      stream.cork();
      for (const [index, part] of parts.entries())
        if (index === parts.length - 1) stream.write(part, settle);
        else stream.write(part);
      stream.uncork();
    });
  }

  /** No more will be sent. */
  finishSending(): void {
    if (!this.#stream.writableEnded) this.#stream.end();
  }

  /** The next message of the answer, undefined behind the last; it is the caller's until he asks again. @throws ConnectError */
  async next(): Promise<Uint8Array | undefined> {
    try {
      const message = await this.#messages.next();
      this.#sessions.notifyResponseByteRead();
      if (message === undefined) this.#checkStatus();
      return message;
    } catch (error) {
      // A status that has come is the realizer's answer, whatever became of the connection.
      if (this.#status !== undefined) this.#checkStatus();
      throw this.#faultOf(error);
    }
  }

  /** Ends it, whether or not it is answered. */
  close(): void {
    this.#stream.close(cancelled);
  }

  #watch(signal: AbortSignal | undefined, timeoutMs: number | undefined): void {
    const stream = this.#stream;
    const giveUp = (failure: Error): void => {
      this.#failure ??= failure;
      this.close();
    };
    const onAbort = (): void => giveUp(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    const late = new ConnectError('the realizer has not answered in time', Code.DeadlineExceeded);
    // A moment later than the realizer, which tells it better.
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => giveUp(late), timeoutMs + 1000);
    stream.once('close', () => {
      signal?.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    });
  }

  #answer(headers: IncomingHttpHeaders): void {
    this.#status = headers;
    // The answer has overtaken the request: what is not sent yet need not be.
    if (!this.#stream.writableEnded) {
      this.#stopWaiting?.();
      this.#stream.end();
    }
  }

  /** @throws ConnectError where the call was not answered well. */
  #checkStatus(): void {
    const { 'grpc-status': status, 'grpc-message': message } = this.#status ?? {};
    if (status === '0') return;
    if (typeof status !== 'string') throw noStatus(this.#httpStatus);
    throw new ConnectError(decodeStatusMessage(typeof message === 'string' ? message : ''), codeOf(status));
  }

  #faultOf(error: unknown): Error {
    if (error instanceof ConnectError) return error;
    const failure = error instanceof CallCut ? (this.#failure ?? error) : error;
    if (failure instanceof ConnectError || failure instanceof DOMException) return failure;
    return lost(failure);
  }
}

function codeOf(status: string): Code {
  const code = Number(status);
  return Number.isInteger(code) && Code[code] !== undefined ? code : Code.Unknown;
}

function noStatus(httpStatus: number | undefined): ConnectError {
  if (httpStatus !== undefined && httpStatus !== 200)
    return new ConnectError(`HTTP ${httpStatus}`, httpStatus === 401 ? Code.Unauthenticated : Code.Unknown);
  return new ConnectError(prematureEnd, Code.Unavailable);
}

/** What became of the connection, with the reason as the cause. */
function lost(error: unknown): ConnectError {
  const message = error instanceof Error ? error.message : String(error);
  return new ConnectError(message, Code.Unavailable, undefined, undefined, error);
}
