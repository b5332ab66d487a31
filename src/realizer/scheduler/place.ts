import type { Store } from '../../store/index.ts';
import type { Realizer } from '../realizer.ts';
import { UseBatch } from '../use-batch.ts';

/** Where outputs lie: a realizer with a store of its own, or this process's store. */
export type Place = Pick<Realizer, 'name' | 'has' | 'remote'>;

/** What this process's store is called where no realizer works in it. */
const ownName = 'embedded';

/** This process's store: the realizer that works in it, or, where nothing is to be realized here, the store alone. */
export function ownPlace(realizers: readonly Realizer[], store: () => Store): Place {
  const own = realizers.find(({ remote }) => remote === undefined);
  if (own !== undefined) return own;
  const uses = new UseBatch(store());
  return { name: ownName, has: (path) => uses.has(path) };
}
