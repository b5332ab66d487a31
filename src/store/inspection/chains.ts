import type { StorePath } from '../../foundation/index.ts';
import type { ClosureGraph } from './closure-graph.ts';

/** How one output comes to refer to another: by which steps, each a reference. */
export interface Chains {
  /** Of the shortest. */
  readonly length: number;
  /** For each output on a chain, the next ones. */
  readonly next: ReadonlyMap<StorePath, readonly StorePath[]>;
}

/** The chains of references between two outputs, the shortest or all; undefined where there is none. */
export function chainsBetween(
  graph: ClosureGraph,
  { from, to }: { readonly from: StorePath; readonly to: StorePath },
  which: 'shortest' | 'all',
): Chains | undefined {
  const before = graph.stepsFrom(from);
  const length = before.get(to);
  if (length === undefined) return undefined;
  const behind = graph.stepsTo(to);
  const next = new Map<StorePath, readonly StorePath[]>();
  for (const [path, steps] of before) {
    const following = graph.referencesOf(path).filter((reference) => {
      const rest = behind.get(reference);
      if (rest === undefined || path === to) return false;
      return which === 'all' || steps + 1 + rest === length;
    });
    if (following.length > 0) next.set(path, following);
  }
  return { length, next };
}
