import { type Derivation, type Fix, makeDerivation } from '../../derivations/index.ts';
import { type StorePath, compareCodePoints } from '../../foundation/index.ts';
import type { Island } from '../island.ts';

/** Where an island comes from that git's protocol brings: only such a one can be read in parts. */
export interface GitSource {
  readonly url: string;
  readonly ref: string;
  /** Without a slash at its ends; empty where the whole tree is meant. */
  readonly subtree: string;
  /** Whether the trees of submodules are a part of it. */
  readonly submodules: boolean;
}

export function gitSourceOf({ source }: Island): GitSource | undefined {
  if (source.kind !== 'fetched') return undefined;
  const [command, url, ref, subtree] = source.arguments;
  if (command !== 'git' && command !== 'git-submodules') return undefined;
  if (url === undefined || ref === undefined || subtree === undefined) return undefined;
  return { url, ref, subtree, submodules: command === 'git-submodules' };
}

/**
 * What is asked of a repository, in the form in which `fetch.wasm` takes it: `read:/a/b` for the content of what is at the path,
 * `look:/a/b` only for what tells whether something is there, and what.
 */
export type ReadingWord = `${'read' | 'look'}:/${string}`;

/**
 * The derivation whose output is a directory of git objects, those that the words ask for. It fixes itself as the island's own
 * does: the commit is claimed before anything is fetched, and is all that it is pinned to.
 */
export function readingDerivation(
  island: Island,
  words: readonly ReadingWord[],
  options: { readonly program: StorePath; readonly fix: Fix },
): Derivation {
  const git = gitSourceOf(island);
  if (git === undefined) throw new Error(`the island ${island.key} cannot be read in parts`);
  const { program, fix } = options;
  return makeDerivation({
    name: `${island.name}-parts`,
    builder: program,
    arguments: ['git-read', git.url, git.ref, ...words.toSorted(compareCodePoints)],
    // An island that is a sub-tree has a lock of its own, and so perhaps another commit than the whole.
    environment: git.subtree === '' ? {} : { subtree: git.subtree },
    inputs: { derivations: [], trees: [program] },
    outputs: ['out'],
    requiredRealizerFeatures: ['wasm'],
    fix,
  });
}
