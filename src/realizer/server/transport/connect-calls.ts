import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { type ConnectRouter, createConnectRouter, createContextValues } from '@connectrpc/connect';
import { compressionGzip } from '@connectrpc/connect-node';
import type { UniversalHandler, UniversalServerResponse } from '@connectrpc/connect/protocol';
import type { ClientIdentity } from '../access/authentication.ts';
import { clientKey } from '../access/client-context.ts';
import { toConnectError } from '../errors.ts';
import type { ServerLog } from '../log.ts';
import { endWith } from './answering.ts';
import { errorInterceptor } from './error-interceptor.ts';
import type { TransportLimits } from './limits.ts';

/** What a frame can hold, in bytes. */
const largestMessage = 0xffffffff;

/** Adds a service to those that are served. */
export type Routes = (router: ConnectRouter) => void;

export interface ConnectCall {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly client: ClientIdentity;
  readonly signal: AbortSignal;
}

/** The calls whose messages are objects: all but those that carry content. */
export class ConnectCalls {
  readonly #handlers: ReadonlyMap<string, UniversalHandler>;

  constructor(routes: readonly Routes[], { limits, log }: { limits: TransportLimits; log: ServerLog }) {
    const router = createConnectRouter({
      connect: false,
      grpcWeb: false,
      readMaxBytes: limits.messageBytes,
      acceptCompression: [compressionGzip],
      // Clients of gRPC's C++ library say that they take gzip, which costs ten times what moving the answer does.
      compressMinBytes: largestMessage,
      interceptors: [errorInterceptor((error, place) => toConnectError(error, place, log))],
    });
    for (const add of routes) add(router);
    this.#handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  }

  has(path: string): boolean {
    return this.#handlers.has(path);
  }

  async serve({ stream, headers, path, client, signal }: ConnectCall): Promise<void> {
    const handler = this.#handlers.get(path) as UniversalHandler;
    const response = await handler({
      httpVersion: '2.0',
      method: 'POST',
      // Handlers go by the path; the rest of it is nobody's concern.
      url: `http://realizer${path}`,
      header: toHeaders(headers),
      // A request that is given up in its middle, for what is wrong with it, is to be answered on the same stream.
      body: stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
      signal,
      contextValues: createContextValues().set(clientKey, client),
    });
    await answer(stream, response);
  }
}

async function answer(
  stream: ServerHttp2Stream,
  { status, header, body, trailer }: UniversalServerResponse,
): Promise<void> {
  const messages = body?.[Symbol.asyncIterator]();
  try {
    // The handler has its say about the headers before its first message.
    let message = await messages?.next();
    if (stream.destroyed) return;
    stream.respond({ ':status': status, ...fromHeaders(header) }, { waitForTrailers: true });
    while (message?.done === false) {
      await write(stream, message.value);
      if (stream.destroyed) return;
      message = await messages?.next();
    }
    endWith(stream, fromHeaders(trailer));
  } finally {
    await messages?.return?.();
  }
}

function write(stream: ServerHttp2Stream, chunk: Uint8Array): Promise<void> | undefined {
  if (stream.write(chunk)) return undefined;
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}

function toHeaders(headers: IncomingHttpHeaders): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) result.append(name, each);
  }
  return result;
}

function fromHeaders(headers: Headers | undefined): OutgoingHttpHeaders {
  return headers === undefined ? {} : Object.fromEntries(headers);
}
