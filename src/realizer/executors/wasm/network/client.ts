import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostLimits } from '../limits.ts';
import type { Agents } from './agents.ts';
import { exchange } from './exchange.ts';
import type { Failure } from './failure.ts';
import { mirroredUrl } from './mirrors.ts';
import { type RequestHead, isWebAddress, shownUrl } from './request-head.ts';
import { ResponseBody } from './response-body.ts';

/** How requests are sent, whoever asks for them. */
export interface ClientOptions {
  readonly mirrors: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
}

/** The response whose header has come, at the end of all redirects. */
export interface Response {
  readonly url: string;
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: ResponseBody;
}

export type SendResult =
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'failure'; readonly url: string; readonly failure: Failure };

/** Where a request is on its way. */
interface Hop extends RequestHead {
  readonly body: Uint8Array;
  /** What is connected to. */
  readonly target: URL;
}

type HopResult =
  | { readonly kind: 'response'; readonly message: IncomingMessage }
  | { readonly kind: 'failure'; readonly failure: Failure };

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const redirectStatusesKeepingMethod = new Set([307, 308]);
const passingStatuses = new Set([429, 502, 503, 504]);
const sensitiveHeaders = ['authorization', 'cookie', 'proxy-authorization'];

/** Sends the requests of one program, and can give up all of them at once. */
export class Client {
  readonly #agents: Agents;
  readonly #options: ClientOptions;
  readonly #inFlight = new Set<ClientRequest>();
  #closed = false;

  constructor(agents: Agents, options: ClientOptions) {
    this.#agents = agents;
    this.#options = options;
  }

  /** Follows redirects, and sends again what is safe to be sent again. */
  async send(head: RequestHead, body: Uint8Array): Promise<SendResult> {
    let hop: Hop = { ...head, body, target: mirroredUrl(head.url, this.#options.mirrors) };
    for (let redirects = 0; ; redirects++) {
      const result = await this.#sendPatiently(hop);
      if (result.kind === 'failure') return { ...result, url: shownUrl(hop.url) };
      const next = this.#redirected(hop, result.message);
      if (next === undefined) return { kind: 'response', response: this.#responseOf(hop, result.message) };
      discard(result.message);
      if ('failure' in next) return { kind: 'failure', url: shownUrl(hop.url), failure: next.failure };
      if (redirects === hostLimits.redirects) {
        const detail = `more than ${hostLimits.redirects} redirects`;
        return {
          kind: 'failure',
          url: shownUrl(head.url),
          failure: { kind: 'redirects', detail, mayPass: false },
        };
      }
      hop = next;
    }
  }

  close(): void {
    this.#closed = true;
    for (const request of this.#inFlight) request.destroy();
  }

  async #sendPatiently(hop: Hop): Promise<HopResult> {
    for (let attempt = 0; ; attempt++) {
      const result = await this.#sendOnce(hop);
      if (attempt === hostLimits.retries || this.#closed || !isRepeatable(hop)) return result;
      const waitMs = retryWaitMs(result, attempt);
      if (waitMs === undefined) return result;
      if (result.kind === 'response') discard(result.message);
      await sleep(waitMs, undefined, { ref: false });
    }
  }

  async #sendOnce(hop: Hop): Promise<HopResult> {
    if (this.#closed)
      return { kind: 'failure', failure: { kind: 'cut', detail: 'given up', mayPass: false } };
    const { method, headers, body, target: url } = hop;
    const { timeoutMs } = this.#options;
    return exchange({ method, url, headers, body, timeoutMs }, this.#agents, (request) => {
      this.#inFlight.add(request);
      request.once('close', () => this.#inFlight.delete(request));
    });
  }

  #redirected(hop: Hop, message: IncomingMessage): Hop | { readonly failure: Failure } | undefined {
    const status = message.statusCode ?? 0;
    const { location } = message.headers;
    if (!redirectStatuses.has(status) || location === undefined) return undefined;
    const readsOnly = hop.method === 'GET' || hop.method === 'HEAD';
    if (!readsOnly && !redirectStatusesKeepingMethod.has(status)) return undefined;
    const url = URL.parse(location, hop.url.href);
    if (url === null) return { failure: notAllowed(`it is redirected to '${location}', which is not a URL`) };
    if (!isWebAddress(url)) {
      return {
        failure: notAllowed(`it is redirected to '${shownUrl(url)}', which is neither http nor https`),
      };
    }
    url.hash = '';
    const target = mirroredUrl(url, this.#options.mirrors);
    if (hop.target.protocol === 'https:' && target.protocol === 'http:') {
      return { failure: notAllowed(`it is redirected from https to '${shownUrl(url)}'`) };
    }
    const headers = new Map(hop.headers);
    if (url.origin !== hop.url.origin) for (const name of sensitiveHeaders) headers.delete(name);
    return { method: hop.method, url, target, headers, body: hop.body };
  }

  #responseOf(hop: Hop, message: IncomingMessage): Response {
    return {
      url: shownUrl(hop.url),
      status: message.statusCode ?? 0,
      header: (name) => {
        const value = message.headers[name];
        return Array.isArray(value) ? value.join(', ') : value;
      },
      body: new ResponseBody(message, this.#options.timeoutMs),
    };
  }
}

/** Whether sending it twice does what sending it once does. Git asks for objects by POST, and changes nothing with it. */
function isRepeatable(hop: Hop): boolean {
  if (hop.method === 'GET' || hop.method === 'HEAD') return true;
  return hop.method === 'POST' && hop.headers.get('content-type') === 'application/x-git-upload-pack-request';
}

/** How long to wait before the next try; undefined where there is to be none. */
function retryWaitMs(result: HopResult, attempt: number): number | undefined {
  const ownMs = hostLimits.retryFirstMs * 4 ** attempt;
  if (result.kind === 'failure') return result.failure.mayPass ? ownMs : undefined;
  if (!passingStatuses.has(result.message.statusCode ?? 0)) return undefined;
  const askedMs = retryAfterMs(result.message.headers['retry-after']);
  if (askedMs === undefined) return ownMs;
  return askedMs <= hostLimits.retryAfterMs ? askedMs : undefined;
}

/** The wait that a `Retry-After` header asks for: seconds, or a date. */
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Gives up a response without losing its connection where the rest of it is short. */
function discard(message: IncomingMessage): void {
  const length = Number(message.headers['content-length'] ?? Number.NaN);
  message.on('error', () => undefined);
  if (length <= hostLimits.responseAhead) message.resume();
  else message.destroy();
}

function notAllowed(detail: string): Failure {
  return { kind: 'not-allowed', detail, mayPass: false };
}
