import type { IncomingMessage } from 'node:http';
import type { Failure } from './failure.ts';
import { mirroredUrl } from './mirrors.ts';
import { type RequestHead, isWebAddress, shownUrl } from './request-head.ts';

/** Where a request is on its way. */
export interface Hop extends RequestHead {
  readonly body: Uint8Array;
  /** What is connected to, mirrors applied. */
  readonly target: URL;
  /** Whether no server has sent it to another host: only then are credentials of the configuration shown. */
  readonly isTrusted: boolean;
  /** Whether the operator has chosen what is connected to, be it that a mirror of his leads on within itself. */
  readonly isOperators: boolean;
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const redirectStatusesKeepingMethod = new Set([307, 308]);
const sensitiveHeaders = ['authorization', 'cookie', 'proxy-authorization'];

export function firstHop(head: RequestHead, body: Uint8Array, mirrors: ReadonlyMap<string, string>): Hop {
  const target = mirroredUrl(head.url, mirrors);
  return { ...head, body, target, isTrusted: true, isOperators: target !== head.url };
}

/** Where an answer sends a request; undefined where it does not. */
export function redirectedHop(
  hop: Hop,
  { statusCode = 0, headers: { location } }: IncomingMessage,
  mirrors: ReadonlyMap<string, string>,
): Hop | { readonly failure: Failure } | undefined {
  if (!redirectStatuses.has(statusCode) || location === undefined) return undefined;
  const readsOnly = hop.method === 'GET' || hop.method === 'HEAD';
  if (!readsOnly && !redirectStatusesKeepingMethod.has(statusCode)) return undefined;
  const url = URL.parse(location, hop.url.href);
  if (url === null) return notAllowed(`it is redirected to '${location}', which is not a URL`);
  if (!isWebAddress(url)) {
    return notAllowed(`it is redirected to '${shownUrl(url)}', which is neither http nor https`);
  }
  url.hash = '';
  const target = mirroredUrl(url, mirrors);
  if (hop.target.protocol === 'https:' && target.protocol === 'http:') {
    return notAllowed(`it is redirected from https to '${shownUrl(url)}'`);
  }
  const headers = new Map(hop.headers);
  if (url.origin !== hop.url.origin) for (const name of sensitiveHeaders) headers.delete(name);
  // From http to https of the same host is no other place.
  const isSameHost = target.hostname === hop.target.hostname && target.port === hop.target.port;
  const isTrusted = hop.isTrusted && isSameHost;
  const isOperators = target !== url || (hop.isOperators && target.origin === hop.target.origin);
  return { method: hop.method, url, target, headers, body: hop.body, isTrusted, isOperators };
}

/** Whether sending it twice does what sending it once does. Git asks for objects by POST, and changes nothing with it. */
export function isRepeatable({ method, headers }: RequestHead): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return method === 'POST' && headers.get('content-type') === 'application/x-git-upload-pack-request';
}

function notAllowed(detail: string): { readonly failure: Failure } {
  return { failure: { kind: 'not-allowed', detail, mayPass: false } };
}
