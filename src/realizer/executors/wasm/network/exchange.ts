import type { ClientRequest, IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Agents } from './agents.ts';
import { type Failure, failureOf } from './failure.ts';
import { httpRequest, httpsRequest } from './node-http.ts';

/** One request to one server. */
export interface Exchange {
  readonly method: string;
  /** Where to connect, mirrors applied. */
  readonly url: URL;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
  /** How the host is resolved; undefined where any address will do. */
  readonly lookup: LookupFunction | undefined;
}

export type ExchangeResult =
  | { readonly kind: 'response'; readonly message: IncomingMessage }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** Sends a request; settles with the response's header. `onRequest` is told what to destroy where no one waits any more. */
export function exchange(
  { method, url, headers, body, timeoutMs, lookup }: Exchange,
  agents: Agents,
  onRequest: (request: ClientRequest) => void,
): Promise<ExchangeResult> {
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:';
    const hasBody = body.length > 0 || method === 'POST' || method === 'PUT';
    const request = (secure ? httpsRequest : httpRequest)(url, {
      method,
      agent: secure ? agents.https : agents.http,
      lookup,
      headers: {
        'user-agent': 'cab',
        ...Object.fromEntries(headers),
        ...(hasBody ? { 'content-length': String(body.length) } : {}),
      },
    });
    onRequest(request);
    let timer: NodeJS.Timeout | undefined;
    const fail = (failure: Failure): void => {
      clearTimeout(timer);
      resolve({ kind: 'failure', failure });
      request.destroy();
    };
    // Waiting for a free connection is not the server's doing, so its time begins with the connection.
    request.once('socket', () => {
      timer = setTimeout(() => {
        fail({ kind: 'timeout', detail: `no answer within ${timeoutMs} ms`, mayPass: false });
      }, timeoutMs);
    });
    request.on('error', (error) => fail(failureOf(error)));
    request.once('close', () => fail({ kind: 'cut', detail: 'the connection was lost', mayPass: true }));
    request.once('response', (message) => {
      clearTimeout(timer);
      resolve({ kind: 'response', message });
    });
    request.end(body);
  });
}
