import { programLimits } from '../limits.ts';

/** What a program asks for. Header names are lower case. */
export interface RequestHead {
  readonly method: string;
  readonly url: URL;
  readonly headers: ReadonlyMap<string, string>;
}

export type ParsedHead =
  | { readonly kind: 'request'; readonly head: RequestHead }
  | { readonly kind: 'malformed' | 'not-allowed'; readonly url: string; readonly detail: string };

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers about the connection or the body's length, which are the realizer's to write. */
const reserved = new Set([
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Reads the text in which a program describes a request: `METHOD URL`, then a line for each header. */
export function parseRequestHead(text: string | undefined): ParsedHead {
  if (text === undefined) return malformed('', 'its head is not UTF-8');
  if (text.length > programLimits.requestHead) return malformed('', 'its head is too long');
  const [first = '', ...lines] = text.replace(/\n+$/, '').split('\n');
  const match = /^(\S+) (\S+)$/.exec(first);
  if (match === null) return malformed('', `its first line is not of the form 'METHOD URL'`);
  const [, method = '', address = ''] = match;
  if (!token.test(method) || method === 'CONNECT')
    return malformed(address, `the method '${method}' is not one`);
  const url = URL.parse(address);
  if (url === null) return malformed(address, 'the URL is not one');
  if (!isWebAddress(url)) {
    return { kind: 'not-allowed', url: shownUrl(url), detail: `'${url.protocol}' is neither http nor https` };
  }
  url.hash = '';
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (!token.test(name) || !headerValue.test(value))
      return malformed(shownUrl(url), `'${line}' is not a header`);
    if (reserved.has(name)) return malformed(shownUrl(url), `the header '${name}' is set by the realizer`);
    headers.set(name, value);
  }
  return { kind: 'request', head: { method, url, headers } };
}

export function isWebAddress(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

/** The URL as messages show it: without credentials. */
export function shownUrl(url: URL): string {
  if (url.username === '' && url.password === '') return url.href;
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

function malformed(url: string, detail: string): ParsedHead {
  const parsed = URL.parse(url);
  return { kind: 'malformed', url: parsed === null ? url : shownUrl(parsed), detail };
}
