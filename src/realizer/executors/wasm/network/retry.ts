import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { hostLimits } from '../limits.ts';
import type { ExchangeResult } from './exchange.ts';

/** A wait before a request is sent again. */
export interface Wait {
  readonly durationMs: number;
  /** Whether the server has asked for it, so that others have to wait as well. */
  readonly isAsked: boolean;
}

const passingStatuses = new Set([429, 502, 503, 504]);

/** How long to wait before the next try; undefined where there is to be none. */
export function waitAfter(result: ExchangeResult, attempt: number): Wait | undefined {
  const own = { durationMs: backOffMs(attempt), isAsked: false };
  if (result.kind === 'failure') return result.failure.mayPass ? own : undefined;
  const asked = askedWaitMs(result.message);
  if (asked === undefined) return passingStatuses.has(result.message.statusCode ?? 0) ? own : undefined;
  return asked <= hostLimits.retryAfterMs ? { durationMs: asked, isAsked: true } : undefined;
}

/** Between half of the usual wait and one and a half of it, so that those who were cut off together do not come back together. */
export function backOffMs(attempt: number): number {
  return hostLimits.retryFirstMs * 4 ** attempt * (0.5 + Math.random());
}

/**
 * The wait that a response asks for: by `Retry-After`, or as forges do that count requests: GitHub answers with 403 or 429, and says
 * when it begins to count anew.
 */
export function askedWaitMs({ statusCode = 0, headers }: IncomingMessage): number | undefined {
  const isLimited = passingStatuses.has(statusCode);
  if (!isLimited && statusCode !== 403) return undefined;
  const asked = retryAfterMs(headers);
  if (asked !== undefined) return asked;
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (headers['x-ratelimit-remaining'] !== '0' || Number.isNaN(reset)) return undefined;
  // A second more: the time is told in whole ones.
  return Math.max(0, reset * 1000 - serverTimeMs(headers)) + 1000;
}

/** `Retry-After` has seconds, or a date. */
function retryAfterMs(headers: IncomingHttpHeaders): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - serverTimeMs(headers));
}

/** A date of the server is read by the clock of the server, where it shows that. */
function serverTimeMs(headers: IncomingHttpHeaders): number {
  const date = Date.parse(headers.date ?? '');
  return Number.isNaN(date) ? Date.now() : date;
}
