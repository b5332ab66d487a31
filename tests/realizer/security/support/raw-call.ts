import {
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  constants,
} from 'node:http2';

/** How a call that was made by hand came out. */
export type Outcome =
  | {
      readonly kind: 'status';
      readonly http: number;
      readonly grpc: number | undefined;
      readonly message: string;
    }
  /** It was answered, and goes on. */
  | { readonly kind: 'streams' }
  /** The stream was closed without an answer. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'hangs' };

export interface HandCall {
  readonly path: string;
  readonly token?: string | undefined;
  readonly headers?: OutgoingHttpHeaders;
  /** What is sent, as it stands: frames, or what is none. */
  readonly body: Uint8Array;
  /** Whether the stream is reset instead of ended. */
  readonly isReset?: boolean;
}

const patienceMs = 10_000;
const streamingMs = 1000;

/** A frame of gRPC. */
export function framed(message: Uint8Array, isCompressed = false, length = message.length): Buffer {
  const head = Buffer.alloc(5);
  head[0] = isCompressed ? 1 : 0;
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

/** Makes a call by hand, and waits for whatever comes of it. */
export function callByHand(
  session: ClientHttp2Session,
  { path, token, headers, body, isReset }: HandCall,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    });
    let answer: IncomingHttpHeaders = {};
    const giveUp = (): void => {
      resolve({ kind: answer[':status'] === undefined ? 'hangs' : 'streams' });
      stream.close(constants.NGHTTP2_CANCEL);
    };
    let timer = setTimeout(giveUp, patienceMs);
    const note = (more: IncomingHttpHeaders): void => {
      answer = { ...answer, ...more };
    };
    stream.on('response', (headers) => {
      note(headers);
      // One that goes on has nothing more to say.
      clearTimeout(timer);
      timer = setTimeout(giveUp, streamingMs);
    });
    stream.on('trailers', note);
    stream.on('error', () => undefined);
    stream.on('data', () => undefined);
    stream.once('close', () => {
      clearTimeout(timer);
      const http = answer[':status'];
      const grpc = answer['grpc-status'];
      if (http === undefined) resolve({ kind: 'closed' });
      else {
        const message = decodeURIComponent(String(answer['grpc-message'] ?? ''));
        resolve({
          kind: 'status',
          http: Number(http),
          grpc: grpc === undefined ? undefined : Number(grpc),
          message,
        });
      }
    });
    if (isReset === true) stream.write(body, () => stream.close(constants.NGHTTP2_CANCEL));
    else stream.end(body);
  });
}
