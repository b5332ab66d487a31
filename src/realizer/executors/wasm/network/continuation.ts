import type { IncomingMessage } from 'node:http';

/** What proves that two answers are parts of one and the same content. */
export interface Validator {
  /** For `If-Range`: the header's value that must still hold. */
  readonly value: string;
  readonly kind: 'etag' | 'last-modified';
  /** The whole length, where it is known. */
  readonly length: number | undefined;
}

/** By what a response can be continued; undefined where it cannot be. */
export function validatorOf({ statusCode, headers }: IncomingMessage): Validator | undefined {
  if (statusCode !== 200 || headers['accept-ranges'] === 'none') return undefined;
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  const { etag, 'last-modified': modified } = headers;
  if (etag !== undefined && !etag.startsWith('W/')) return { value: etag, kind: 'etag', length };
  // A time tells contents apart only where they have been left alone for a while (RFC 9110, 8.8.2.2).
  if (modified === undefined || !(Date.parse(headers.date ?? '') - Date.parse(modified) >= 60_000))
    return undefined;
  return { value: modified, kind: 'last-modified', length };
}

/**
 * How many of an answer's bytes are there already, where a part of some content was asked for that begins at a byte; undefined
 * where it is not known to be a part, or the whole, of that content.
 */
export function overlapOf(message: IncomingMessage, validator: Validator, from: number): number | undefined {
  const { statusCode, headers } = message;
  const own = headers[validator.kind];
  if (statusCode === 200) return own === validator.value ? from : undefined;
  if (statusCode !== 206 || (own !== undefined && own !== validator.value)) return undefined;
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
  const length = total === '*' ? validator.length : Number(total);
  if (Number(first) !== from || length === undefined || Number(last) !== length - 1) return undefined;
  return validator.length === undefined || validator.length === length ? 0 : undefined;
}

/** Whether the answer to a request that was sent again begins like the one that it replaces. */
export function isSameAnswer(first: IncomingMessage, second: IncomingMessage): boolean {
  const isSame = (name: string): boolean => first.headers[name] === second.headers[name];
  return (
    first.statusCode === second.statusCode &&
    ['etag', 'last-modified', 'content-length', 'content-type', 'content-encoding'].every(isSame)
  );
}
