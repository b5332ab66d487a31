import { toStoreName } from '../../foundation/index.ts';
import type { IslandType } from '../island.ts';
import { credentialsFault, hasCredentials } from './address.ts';

/** What is unpacked says nothing of a tree's name. */
const archiveSuffix = /\.(tar(\.(gz|xz|bz2|zst))?|tgz|txz|tbz2?|tzst|zip)$/;

/** `<https://example.org/x-1.0.tar.gz>`: an archive, unpacked, or a plain file. */
export const https: IslandType = webType('https');
export const http: IslandType = webType('http');

function webType(name: 'http' | 'https'): IslandType {
  return {
    name,
    form: `${name}://HOST/PATH`,
    options: ['url'],
    parse(body, subtree) {
      const text = typeof body === 'string' ? `${name}:${body}` : body.url;
      if (typeof text !== 'string' || !URL.canParse(text) || !text.startsWith(`${name}://`)) {
        return { ok: false, fault: `'${String(text)}' is not an address of the form ${name}://HOST/PATH` };
      }
      const url = new URL(text);
      if (hasCredentials(text)) return credentialsFault;
      url.hash = '';
      return {
        ok: true,
        island: {
          name: nameOf(url),
          body: url.href.slice(name.length + 1),
          source: { kind: 'fetched', arguments: ['http', url.href, subtree] },
        },
      };
    },
  };
}

function nameOf(url: URL): string {
  const last = url.pathname.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return toStoreName(decode(last).replace(archiveSuffix, ''));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
