import { toStoreName } from '../../foundation/index.ts';
import type { IslandBody, IslandParse, IslandType } from '../island.ts';

/** `<git:https://example.org/repo.git>`: any git server that speaks smart HTTP. */
export const git: IslandType = {
  name: 'git',
  form: 'git:URL[?ref=REF]',
  options: ['url', 'ref'],
  parse(body, subtree) {
    const request = typeof body === 'string' ? splitText(body) : body;
    const { url, ref = 'HEAD' } = request;
    if (typeof url !== 'string' || typeof ref !== 'string') {
      return {
        ok: false,
        fault: "its options 'url' and 'ref' have to be strings, and 'url' has to be there",
      };
    }
    if (hasCredentials(url)) return { ok: false, fault: credentialsFault };
    if (!isWebAddress(url)) {
      return {
        ok: false,
        fault: `'${url}' is not an http or https address`,
        hint: 'Cab speaks to git servers over smart HTTP, as in <git:https://example.org/repo.git>',
      };
    }
    return gitIsland({ url, ref, subtree, body: ref === 'HEAD' ? url : `${url}?ref=${ref}` });
  },
};

/** What an address must not hold: it would end up in the lock, in derivations and in messages. */
export const credentialsFault = 'its address holds a user name or password, which would end up in the lock';

export function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\/[^/\s#]+\/[^\s#]+$/.test(url) && URL.canParse(url);
}

function splitText(body: string): Exclude<IslandBody, string> {
  const match = /^(.*)\?ref=(.*)$/.exec(body);
  return match === null ? { url: body } : { url: match[1] as string, ref: match[2] as string };
}

/** An island that git's protocol brings, for this type and for the forges'. */
export function gitIsland(parts: { url: string; ref: string; subtree: string; body: string }): IslandParse {
  const fault = faultOfRef(parts.ref);
  if (fault !== undefined) return { ok: false, fault };
  const last = parts.url.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return {
    ok: true,
    island: {
      name: toStoreName(last.replace(/\.git$/, '')),
      body: parts.body,
      source: { kind: 'fetched', arguments: ['git', parts.url, parts.ref, parts.subtree] },
    },
  };
}

/** The rules of `git check-ref-format` that keep a ref one word in every protocol. */
function faultOfRef(ref: string): string | undefined {
  const forbidden = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$|\.lock$|^-/;
  return ref === '' || forbidden.test(ref)
    ? `'${ref}' cannot be the name of a branch, tag or commit`
    : undefined;
}
