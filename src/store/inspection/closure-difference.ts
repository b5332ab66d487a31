import { type StorePath, compareCodePoints } from '../../foundation/index.ts';
import type { OutputRecord } from '../records.ts';
import type { Store } from '../store.ts';
import type { ClosureGraph } from './closure-graph.ts';
import { packageNameOf } from './package-name.ts';
import { StorePathDifferences } from './store-path-differences.ts';

/** An output that only one of two closures has. */
export interface ClosurePart {
  readonly path: StorePath;
  /** What stands in its name behind the package's; empty where nothing does. */
  readonly version: string;
  /** In bytes. */
  readonly size: number;
}

/** What became of a package: of the outputs whose names differ in their version only. */
export interface PackageChange {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before: readonly ClosurePart[];
  readonly after: readonly ClosurePart[];
  /** By how many bytes the closure has grown for it; below 0 where it has shrunk. */
  readonly growth: number;
  /** Whether it is as before but for the store paths that it mentions. */
  readonly onlyStorePaths: boolean;
}

/** What is different in two closures, by package, sorted by name. Outputs that both have do not count. */
export function compareClosures(
  store: Store,
  before: ClosureGraph,
  after: ClosureGraph,
): readonly PackageChange[] {
  const [packagesBefore, packagesAfter] = [packagesOf(before), packagesOf(after)];
  const names = [...new Set([...packagesBefore.keys(), ...packagesAfter.keys()])].toSorted(compareCodePoints);
  return names.flatMap((name) => {
    const [wereThere = [], areThere = []] = [packagesBefore.get(name), packagesAfter.get(name)];
    const gone = wereThere.filter(({ path }) => !after.records.has(path));
    const come = areThere.filter(({ path }) => !before.records.has(path));
    if (gone.length + come.length === 0) return [];
    const change = wereThere.length === 0 ? 'added' : areThere.length === 0 ? 'removed' : 'changed';
    return {
      name,
      change,
      before: gone.map(partOf),
      after: come.map(partOf),
      growth: sum(come) - sum(gone),
      onlyStorePaths: areSameButForPaths(store, gone, come),
    };
  });
}

function packagesOf(graph: ClosureGraph): ReadonlyMap<string, readonly OutputRecord[]> {
  return Map.groupBy(graph.records.values(), ({ path }) => packageNameOf(path).name);
}

function partOf({ path, size }: OutputRecord): ClosurePart {
  return { path, version: packageNameOf(path).version, size };
}

function sum(records: readonly OutputRecord[]): number {
  return records.reduce((bytes, { size }) => bytes + size, 0);
}

function areSameButForPaths(
  store: Store,
  gone: readonly OutputRecord[],
  come: readonly OutputRecord[],
): boolean {
  const [before, after] = [gone[0], come[0]];
  if (before === undefined || after === undefined || gone.length + come.length > 2) return false;
  return new StorePathDifferences(store, [before, after]).inTrees(before.tree, after.tree);
}
