import { type LockMode, looksLikeIsland } from '../workspace/index.ts';
import { islandKey } from './options.ts';

/**
 * Tells installables from the islands that `--update` names: with it, a plain island without an attribute is one to ask
 * again. Without islands, all are asked; without installables, the folder one is in is meant.
 */
export function splitUpdateWords(
  words: readonly string[],
  update: boolean,
): { readonly installables: readonly string[]; readonly update: LockMode['update'] } {
  const islands = update ? words.filter((word) => looksLikeIsland(word) && !word.includes('#')) : [];
  const installables = words.filter((word) => !islands.includes(word));
  return {
    installables: installables.length === 0 ? ['.'] : installables,
    update: !update ? 'none' : islands.length === 0 ? 'all' : new Set(islands.map(islandKey)),
  };
}
