import { Code } from '@connectrpc/connect';
import { type Pins, type ResolvedDerivation, makeDerivation } from '../../../derivations/index.ts';
import type { StorePath } from '../../../foundation/index.ts';
import { type IslandResult, islandDerivation, makeIsland } from '../../../islands/index.ts';
import type { AssetQualifiers } from './qualifiers.ts';

/** The programs that fetch, in the store. */
export type ProgramPath = (name: 'download' | 'fetch' | 'unpack') => StorePath;

export type AssetKind = 'blob' | 'directory';

/** What brings an asset into the store. */
interface AssetDerivation {
  readonly derivation: ResolvedDerivation;
  readonly pins: Pins;
  /** The island that it is, for messages. */
  readonly island: string;
  /** A digest that the program does not know how to check: it is left to be compared with what has come. */
  readonly unchecked: string | undefined;
}

export type AssetDerivationResult =
  | { readonly ok: true; readonly value: AssetDerivation }
  /** Why there is nothing that would fetch it, as a sentence; `NotFound` where it could only have been pushed. */
  | { readonly ok: false; readonly code: Code.NotFound | Code.InvalidArgument; readonly fault: string };

/**
 * The derivation for what lies at an address: a tree or file of git, an archive that is to be unpacked, or a file as it is. A commit and a
 * checksum are pins, so that what is known by them is not asked for again.
 */
export function assetDerivation(
  uri: string,
  kind: AssetKind,
  qualifiers: AssetQualifiers,
  programPath: ProgramPath,
): AssetDerivationResult {
  const { integrity, commit, directory } = qualifiers;
  const url = uri.replace(/^git\+(?=https?:)/, '');
  if (!isFetched(uri))
    return {
      ok: false,
      code: Code.NotFound,
      fault: `nothing here fetches '${shown(uri)}', and nobody has pushed it`,
    };
  if (isGit(uri, qualifiers)) {
    if (integrity !== undefined)
      return {
        ok: false,
        code: Code.InvalidArgument,
        fault: 'a tree of git has no checksum.sri: its vcs.commit says what it is',
      };
    const island = makeIsland('git', { url, ref: refOf(qualifiers) }, directory);
    const pins = commit !== undefined && isWholeId(commit) ? { git: commit } : {};
    return ofIsland(island, pins, undefined, programPath);
  }
  if (commit !== undefined || qualifiers.branch !== undefined)
    return {
      ok: false,
      code: Code.InvalidArgument,
      fault: "'vcs.commit' and 'vcs.branch' are for repositories of git",
    };
  // The programs check what origins publish, which this never is.
  const isCheckable = integrity !== undefined && !integrity.startsWith('sha384-');
  const pins: Pins = isCheckable ? { sri: integrity } : {};
  const unchecked = isCheckable ? undefined : integrity;
  const island = makeIsland(url.startsWith('https:') ? 'https' : 'http', { url }, directory);
  if (kind === 'blob' && directory === '') return download(island, pins, unchecked, programPath);
  if (unchecked !== undefined)
    return {
      ok: false,
      code: Code.InvalidArgument,
      fault: 'the checksum of an archive that is unpacked has to be SHA-256 or SHA-512',
    };
  return ofIsland(island, pins, undefined, programPath);
}

/** Whether anything here would fetch from an address, and not only find what was pushed for it. */
export function isFetched(uri: string): boolean {
  return /^(?:git\+)?https?:/.test(uri);
}

function isGit(uri: string, { isGit: isSaid, branch, commit }: AssetQualifiers): boolean {
  if (isSaid !== undefined) return isSaid;
  return uri.startsWith('git+') || branch !== undefined || commit !== undefined || /\.git\/?$/.test(uri);
}

function refOf({ commit, branch }: AssetQualifiers): string {
  if (commit !== undefined) return commit;
  return branch === undefined ? 'HEAD' : `refs/heads/${branch.replace(/^refs\/heads\//, '')}`;
}

function isWholeId(commit: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit);
}

function ofIsland(
  parsed: IslandResult,
  pins: Pins,
  unchecked: string | undefined,
  programPath: ProgramPath,
): AssetDerivationResult {
  if (!parsed.ok) return { ok: false, code: Code.InvalidArgument, fault: parsed.diagnostic.message };
  const { island } = parsed;
  const derivation = islandDerivation(island, programPath) as ResolvedDerivation;
  return { ok: true, value: { derivation, pins, island: island.key, unchecked } };
}

/** An archive too is kept as it is where a blob is asked for. */
function download(
  parsed: IslandResult,
  pins: Pins,
  unchecked: string | undefined,
  programPath: ProgramPath,
): AssetDerivationResult {
  if (!parsed.ok) return { ok: false, code: Code.InvalidArgument, fault: parsed.diagnostic.message };
  const { source, name, key } = parsed.island;
  if (source.kind !== 'fetched') throw new Error(`the island ${key} is not fetched`);
  const program = programPath('download');
  const derivation = makeDerivation({
    name,
    builder: program,
    arguments: [source.arguments[1] as string],
    environment: {},
    inputs: { derivations: [], trees: [program] },
    outputs: ['out'],
    requiredRealizerFeatures: ['wasm'],
    fix: { kind: 'self' },
  }) as ResolvedDerivation;
  return { ok: true, value: { derivation, pins, island: key, unchecked } };
}

/** Without what may be a secret in it. */
function shown(uri: string): string {
  const url = URL.parse(uri);
  if (url === null) return uri.length > 100 ? `${uri.slice(0, 100)}…` : uri;
  url.username = url.password = '';
  return url.href;
}
