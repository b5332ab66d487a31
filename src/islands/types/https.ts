import { toStoreName } from '../../foundation/index.ts';
import type { IslandType } from '../island.ts';

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
      if (url.username !== '' || url.password !== '') {
        return {
          ok: false,
          fault: 'its address holds a user name or password, which would end up in the lock',
        };
      }
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
  return toStoreName(decode(last).replace(/\.(tar\.[a-z0-9]+|tgz|tar)$/, ''));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
