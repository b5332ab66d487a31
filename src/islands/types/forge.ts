import type { IslandFault, IslandParse, IslandType } from '../island.ts';
import { hostOf } from './address.ts';
import { gitIsland } from './git.ts';
import { type Options, type OptionsResult, faultOfOptions, printQuery, splitQuery } from './options.ts';

/** What tells one site of git repositories from another. */
export interface Forge {
  readonly name: string;
  readonly form: string;
  /** An island of it, for messages. */
  readonly example: string;
  /** The host that is meant where none is named; undefined where one always has to be. */
  readonly host: string | undefined;
  /** Whether there are installations of the same software at other hosts. */
  readonly hasOtherHosts: boolean;
  /** The parts that the text before `?` names. */
  readonly split: (text: string) => Readonly<Record<string, string>>;
  /** The inverse of `split`, for a host that is not the usual one where `host` is there. */
  readonly join: (parts: ForgeParts) => string;
  readonly isOwner: (owner: string) => boolean;
  /** What stands behind the repository's name in its address. */
  readonly suffix: string;
}

export interface ForgeParts {
  readonly host: string | undefined;
  readonly owner: string;
  readonly repository: string;
  readonly ref: string | undefined;
  readonly submodules: boolean;
}

/** Options of which it is known that their kinds are right, and that what is required is there. */
type ForgeOptions = Pick<ForgeParts, 'owner' | 'repository'> & Partial<ForgeParts>;

/** The type of island that a forge is. */
export function forgeType(forge: Forge): IslandType {
  const hostOption = forge.hasOtherHosts ? ['host'] : [];
  return {
    name: forge.name,
    form: forge.form,
    options: ['owner', 'repository', 'ref', 'submodules', ...hostOption],
    parse(body, subtree) {
      const read = typeof body === 'string' ? readText(forge, body) : { ok: true as const, options: body };
      return read.ok ? islandOf(forge, read.options, subtree) : read;
    },
  };
}

/** `OWNER/REPOSITORY[/REF]`: a ref may have slashes, the others not. */
export function splitPath(text: string): Readonly<Record<string, string>> {
  const [owner = '', repository = '', ...ref] = text.split('/');
  return { owner, repository, ...(ref.length > 0 && { ref: ref.join('/') }) };
}

export function joinPath({ host, owner, repository, ref, submodules }: ForgeParts): string {
  const path = [owner, repository, ...(ref === undefined ? [] : [ref])].join('/');
  return path + printQuery({ host, submodules });
}

/** A part of a repository's path. */
export function isForgeName(text: string): boolean {
  return /^[A-Za-z0-9_.-]+$/.test(text) && text !== '.' && text !== '..';
}

function readText(forge: Forge, text: string): OptionsResult {
  const known = ['ref', 'submodules', ...(forge.hasOtherHosts && forge.host !== undefined ? ['host'] : [])];
  const split = splitQuery(text, known);
  if (!split.ok) return split;
  const parts = forge.split(split.main);
  if (parts.ref !== undefined && split.options.ref !== undefined)
    return { ok: false, fault: `it names two refs, '${parts.ref}' and '${String(split.options.ref)}'` };
  return { ok: true, options: { ...parts, ...split.options } };
}

function islandOf(forge: Forge, options: Options, subtree: string): IslandParse {
  const form = `${forge.host === undefined ? 'a host, ' : ''}an owner and a repository, as in '${forge.example}'`;
  const required = [...(forge.host === undefined ? ['host'] : []), 'owner', 'repository'];
  const fault = faultOfOptions(options, required, form);
  if (fault !== undefined) return fault;
  const { owner, repository: named, ref = 'HEAD', submodules = false, ...rest } = options as ForgeOptions;
  const host = hostFor(forge, rest.host);
  if (typeof host !== 'string') return host;
  const repository = named.replace(/(\.git)+$/, '');
  if (!forge.isOwner(owner) || !isForgeName(repository)) {
    return { ok: false, fault: `'${owner}/${named}' has not the form OWNER/REPOSITORY` };
  }
  return gitIsland({
    url: `https://${host}/${owner}/${repository}${forge.suffix}`,
    ref,
    submodules,
    subtree,
    body: forge.join({
      host: host === forge.host ? undefined : host,
      owner,
      repository,
      ref: ref === 'HEAD' ? undefined : ref,
      submodules,
    }),
  });
}

function hostFor(forge: Forge, named: string | undefined): string | IslandFault {
  const host = named === undefined ? forge.host : hostOf(named);
  if (host !== undefined) return host;
  return { ok: false, fault: `'${named ?? ''}' is not a host, as 'git.example.org' is one` };
}
