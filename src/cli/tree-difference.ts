import { type Digest, unreachable } from '../foundation/index.ts';
import {
  type BrowsedTree,
  type OutputRecord,
  type Place,
  type Store,
  StorePathDifferences,
  type TreeChange,
  compareTrees,
} from '../workspace/index.ts';
import { shownName } from './browsing.ts';
import { shownGrowth, shownSize } from './sizes.ts';
import type { StoredPlace } from './store-browsing.ts';
import { alignedLines } from './table.ts';

/** A file or link that is different in two trees of the store. */
export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: FileSide;
  readonly after?: FileSide;
  /** Whether nothing differs but the names of store paths that it mentions. */
  readonly onlyStorePaths: boolean;
}

type FileSide =
  | {
      readonly kind: 'file';
      readonly executable: boolean;
      readonly size: number;
      readonly digest: Digest;
    }
  | { readonly kind: 'symlink'; readonly target: string };

/** What is different in two trees. Directories with equal digests are not gone through. */
export function differencesOf(one: StoredPlace, other: StoredPlace): readonly TreeChange[] {
  return compareTrees(one, other, () => {
    throw new Error('trees of the store have no git ids');
  });
}

export function fileChanges(
  store: Store,
  changes: readonly TreeChange[],
  [one, other]: readonly [StoredPlace, StoredPlace],
): readonly FileChange[] {
  const records = [one, other].map(({ location }) => store.get(location.output));
  const paths = new StorePathDifferences(
    store,
    records.filter((record): record is OutputRecord => record !== undefined),
  );
  return changes.flatMap(({ path, before, after }) => {
    const sides = [sideOf(one.tree, before), sideOf(other.tree, after)] as const;
    // A directory in the place of a file shows by what is in it.
    if (sides[0] === undefined && sides[1] === undefined) return [];
    return {
      path,
      change: sides[0] === undefined ? 'added' : sides[1] === undefined ? 'removed' : 'changed',
      ...(sides[0] !== undefined && { before: sides[0] }),
      ...(sides[1] !== undefined && { after: sides[1] }),
      onlyStorePaths: differInStorePaths(paths, sides),
    } satisfies FileChange;
  });
}

function sideOf(tree: BrowsedTree, place: Place | undefined): FileSide | undefined {
  const node = place?.node;
  switch (node?.kind) {
    case 'file':
      return { kind: 'file', executable: node.executable, ...tree.content({ ...place, node } as Place) };
    case 'symlink':
      return { kind: 'symlink', target: tree.target({ ...place, node } as Place) };
    case 'directory':
    case 'submodule':
    case undefined:
      return undefined;
    default:
      return unreachable(node);
  }
}

function differInStorePaths(
  paths: StorePathDifferences,
  [before, after]: readonly [FileSide | undefined, FileSide | undefined],
): boolean {
  if (before?.kind === 'symlink' && after?.kind === 'symlink')
    return paths.inTexts(before.target, after.target);
  if (before?.kind !== 'file' || after?.kind !== 'file') return false;
  return before.executable === after.executable && paths.inBlobs(before.digest, after.digest);
}

/** A line a file, and one for all of them together. */
export function fileChangeLines(changes: readonly FileChange[]): string {
  const rows = changes.map((change) => [change.change, detailsOf(change), nameOf(change)]);
  return `${alignedLines(rows, ['left', 'left', 'left'])}${sumOf(changes)}\n`;
}

function detailsOf({ before, after, onlyStorePaths }: FileChange): string {
  if (onlyStorePaths) return 'only in store paths';
  if (before === undefined || after === undefined) {
    const side = before ?? after;
    return side?.kind === 'file' ? shownSize(side.size) : 'link';
  }
  if (before.kind !== after.kind) return `${wordOf(before)} → ${wordOf(after)}`;
  if (before.kind !== 'file' || after.kind !== 'file') return 'link';
  const mode = after.executable ? 'now executable' : 'not executable any more';
  const modes = before.executable === after.executable ? [] : [mode];
  const sizes = before.digest === after.digest ? [] : [sizesText(before.size, after.size)];
  return [...sizes, ...modes].join(', ');
}

function wordOf({ kind }: FileSide): string {
  return kind === 'symlink' ? 'link' : kind;
}

/** The path, of a link with what it led and leads to; what is compared may be a single file. */
function nameOf({ path, before, after, onlyStorePaths }: FileChange): string {
  const targets = onlyStorePaths ? [] : [before, after].map(targetText);
  return [shownName(path) || '.', ...new Set(targets)].filter((text) => text !== '').join('  ');
}

function targetText(side: FileSide | undefined): string {
  return side?.kind === 'symlink' ? `-> ${shownName(side.target)}` : '';
}

function sizesText(before: number, after: number): string {
  if (before === after) return `${shownSize(after)}, as before`;
  return `${shownSize(before)} → ${shownSize(after)} (${shownGrowth(after - before)})`;
}

function sumOf(changes: readonly FileChange[]): string {
  if (changes.length === 0) return 'no file is different';
  const count = (which: (change: FileChange) => boolean, word: string): readonly string[] => {
    const number = changes.filter(which).length;
    return number === 0 ? [] : [`${number} ${word}`];
  };
  const parts = [
    ...count(({ change }) => change === 'added', 'added'),
    ...count(({ change }) => change === 'removed', 'removed'),
    ...count(({ change, onlyStorePaths }) => change === 'changed' && !onlyStorePaths, 'changed'),
    ...count(({ onlyStorePaths }) => onlyStorePaths, 'only in store paths'),
  ];
  const growth = changes.reduce((sum, { before, after }) => sum + sizeOf(after) - sizeOf(before), 0);
  return `${parts.join(', ')}: ${shownGrowth(growth)}`;
}

function sizeOf(side: FileSide | undefined): number {
  return side?.kind === 'file' ? side.size : 0;
}
