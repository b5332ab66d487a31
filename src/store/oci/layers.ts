import { type StorePath, compareCodePoints } from '../../foundation/index.ts';
import type { OutputRecord } from '../records.ts';

/** How many layers an image has at most: some file systems of containers stack 128, and who builds on it wants some for himself. */
const layerLimit = 100;

/**
 * Spreads a closure over layers, the lowest first. What many outputs need has a layer of its own, so that images share it; what is left
 * lies in one. What was asked for changes most often, and lies on top.
 */
export function spreadOverLayers(
  closure: readonly OutputRecord[],
  asked: ReadonlySet<StorePath>,
  limit = layerLimit,
): readonly (readonly OutputRecord[])[] {
  const top = closure.filter(({ path }) => asked.has(path));
  const others = closure.filter(({ path }) => !asked.has(path));
  const users = countUsers(closure);
  const ranked = others.toSorted(
    (a, b) =>
      (users.get(b.path) ?? 0) - (users.get(a.path) ?? 0) ||
      b.size - a.size ||
      compareCodePoints(a.path, b.path),
  );
  // One layer is for what was asked for, and one for what is left.
  const alone = ranked.length <= limit - 1 ? ranked.length : limit - 2;
  const rest = ranked.slice(alone).toSorted((a, b) => compareCodePoints(a.path, b.path));
  return [...ranked.slice(0, alone).map((output) => [output]), rest, top].filter((layer) => layer.length > 0);
}

/** How many outputs of a closure need each one, be it by way of others. */
function countUsers(closure: readonly OutputRecord[]): ReadonlyMap<StorePath, number> {
  const references = new Map(closure.map((output) => [output.path, output.references]));
  const counts = new Map<StorePath, number>();
  for (const { path } of closure) {
    const seen = new Set<StorePath>([path]);
    for (const each of seen) for (const reference of references.get(each) ?? []) seen.add(reference);
    for (const each of seen) counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  return counts;
}
