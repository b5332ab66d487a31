import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import { Code, ConnectError } from '@connectrpc/connect';
import { MalformedMessage, MessageReader, frameHeadLength } from '../../protocol/index.ts';
import type { ClientIdentity } from '../access/authentication.ts';
import type { CallSignal } from './call-signal.ts';
import { answerHeaders, endWith, refuse, trailersOf } from './answering.ts';

/** Serves a call of gRPC by its frames: content goes this way, past whatever would copy it once more. */
export type RawHandler = (call: RawCall) => Promise<void>;

/** A call in the hands of a handler that works on its frames. */
export class RawCall {
  readonly client: ClientIdentity;
  readonly path: string;
  readonly #stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #ending: CallSignal;

  constructor(parts: {
    readonly stream: ServerHttp2Stream;
    readonly headers: IncomingHttpHeaders;
    readonly path: string;
    readonly client: ClientIdentity;
    readonly ending: CallSignal;
  }) {
    this.#stream = parts.stream;
    this.#headers = parts.headers;
    this.path = parts.path;
    this.client = parts.client;
    this.#ending = parts.ending;
  }

  /** Aborted when the client has given up, or its time is over. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** A header of the request, if it stands there once. */
  header(name: string): string | undefined {
    const value = this.#headers[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** The one message of a call, if all of it has come and is not compressed: then nothing has to wait for it. */
  wholeMessage(): Uint8Array | undefined {
    const bytes = this.#stream.read() as Buffer | null;
    if (bytes === null) return undefined;
    const isOne =
      bytes.length >= frameHeadLength &&
      bytes[0] === 0 &&
      bytes.readUInt32BE(1) === bytes.length - frameHeadLength;
    if (isOne) return bytes.subarray(frameHeadLength);
    this.#stream.unshift(bytes);
    return undefined;
  }

  /** What the client says, message by message. */
  messages(limitBytes: number): MessageReader {
    const encoding = this.#headers['grpc-encoding'];
    if (encoding === undefined || encoding === 'identity')
      return new MessageReader(this.#stream, { limitBytes });
    if (encoding !== 'gzip')
      throw new ConnectError(
        `the compression '${String(encoding)}' is not known: gzip is`,
        Code.Unimplemented,
      );
    const decompress = (message: Uint8Array): Uint8Array => gunzip(message, limitBytes);
    return new MessageReader(this.#stream, { limitBytes, decompress });
  }

  /** Sends the parts of one frame; settles when they are the caller's again. */
  send(...parts: readonly Uint8Array[]): Promise<void> {
    const stream = this.#stream;
    if (stream.destroyed) return Promise.reject(given());
    if (!stream.headersSent) stream.respond(answerHeaders, { waitForTrailers: true });
    return new Promise((resolve, reject) => {
      const onClose = (): void => reject(given());
      stream.once('close', onClose);
      const done = (error?: Error | null): void => {
        stream.off('close', onClose);
        if (error === undefined || error === null) resolve();
        else reject(given());
      };
      if (parts.length > 1) stream.cork();
      for (const [index, part] of parts.entries()) {
        if (index === parts.length - 1) stream.write(part, done);
        else stream.write(part);
      }
      if (parts.length > 1) stream.uncork();
    });
  }

  /** The frame of the only message that is said to the call, and the last word. */
  answer(frame: Uint8Array): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.headersSent) return;
    stream.respond(answerHeaders, { waitForTrailers: true });
    endWith(stream, trailersOf(undefined), frame);
  }

  /** The last word. */
  end(error?: ConnectError): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.writableEnded) return;
    if (error !== undefined && !stream.headersSent) return refuse(stream, error);
    if (!stream.headersSent) stream.respond(answerHeaders, { waitForTrailers: true });
    endWith(stream, trailersOf(error));
  }
}

/** The first message of a call, which has to be there. @throws ConnectError where it is not. */
export async function firstMessage(messages: MessageReader): Promise<Uint8Array> {
  const message = await messages.next();
  if (message !== undefined) return message;
  throw new ConnectError('the call ended without a message', Code.InvalidArgument);
}

function given(): ConnectError {
  return new ConnectError('the client has given up', Code.Canceled);
}

function gunzip(message: Uint8Array, limitBytes: number): Uint8Array {
  try {
    return gunzipSync(message, { maxOutputLength: limitBytes });
  } catch (error) {
    throw new MalformedMessage(`it cannot be decompressed (${(error as Error).message})`);
  }
}
