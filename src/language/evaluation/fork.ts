import { EffectNeeded } from './world.ts';

/**
 * Computes something for each item where all are needed. An item that needs an effect does not keep the others from
 * asking for theirs, so that the world can do them side by side; what is thrown is what the first failing item threw.
 */
export function allOf<Item, Result>(items: readonly Item[], compute: (item: Item) => Result): Result[] {
  const results: Result[] = [];
  let needed: EffectNeeded | undefined;
  for (const item of items) {
    try {
      results.push(compute(item));
    } catch (error) {
      // An error of a later item comes again when the earlier one has been computed.
      if (needed !== undefined) continue;
      if (!(error instanceof EffectNeeded)) throw error;
      needed = error;
    }
  }
  if (needed !== undefined) throw needed;
  return results;
}
