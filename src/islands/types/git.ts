import { toStoreName } from '../../foundation/index.ts';
import type { IslandParse, IslandType } from '../island.ts';
import { credentialsFault, hasCredentials } from './address.ts';
import { type OptionsResult, faultOfOptions, printQuery, splitQuery } from './options.ts';

/** `<git:https://example.org/repo.git>`: any git server that speaks smart HTTP. */
export const git: IslandType = {
  name: 'git',
  form: 'git:URL[?ref=REF][&submodules=true]',
  options: ['url', 'ref', 'submodules'],
  parse(body, subtree) {
    const read = typeof body === 'string' ? readText(body) : { ok: true as const, options: body };
    if (!read.ok) return read;
    const fault = faultOfOptions(
      read.options,
      ['url'],
      "an address, as in 'git:https://example.org/repo.git'",
    );
    if (fault !== undefined) return fault;
    const {
      url,
      ref = 'HEAD',
      submodules = false,
    } = read.options as {
      readonly url: string;
      readonly ref?: string;
      readonly submodules?: boolean;
    };
    if (hasCredentials(url)) return credentialsFault;
    if (!isWebAddress(url)) {
      return {
        ok: false,
        fault: `'${url}' is not an http or https address`,
        hint: 'Cab speaks to git servers over smart HTTP, as in <git:https://example.org/repo.git>',
      };
    }
    const query = printQuery({ ref: ref === 'HEAD' ? undefined : ref, submodules });
    return gitIsland({ url, ref, submodules, subtree, body: url + query });
  },
};

function isWebAddress(url: string): boolean {
  return /^https?:\/\/[^/\s#?]+\/[^\s#?]+$/.test(url) && URL.canParse(url);
}

function readText(body: string): OptionsResult {
  const split = splitQuery(body, ['ref', 'submodules']);
  return split.ok ? { ok: true, options: { url: split.main, ...split.options } } : split;
}

export interface GitParts {
  readonly url: string;
  readonly ref: string;
  /** Whether the repositories that it names as its submodules are part of the tree. */
  readonly submodules: boolean;
  readonly subtree: string;
  readonly body: string;
}

/** An island that git's protocol brings, for this type and for the forges'. */
export function gitIsland({ url, ref, submodules, subtree, body }: GitParts): IslandParse {
  const fault = faultOfRef(ref);
  if (fault !== undefined) return { ok: false, fault };
  const last = url.replace(/\/+$/, '').split('/').at(-1) ?? '';
  const word = submodules ? 'git-submodules' : 'git';
  return {
    ok: true,
    island: {
      name: toStoreName(last.replace(/\.git$/, '')),
      body,
      source: { kind: 'fetched', arguments: [word, url, ref, subtree] },
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
