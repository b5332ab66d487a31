import {
  ClosureGraph,
  type PackageChange,
  type Store,
  type StorePlace,
  type TreeOpener,
  compareClosures,
} from '../../workspace/index.ts';
import { type ClosureTotal, packageChangeLines, totalOf } from '../closure-difference.ts';
import type { Command, OptionValues } from '../command.ts';
import { UsageError, flag, jsonOption, openWorkspace } from '../options.ts';
import { formatPatch } from '../patch.ts';
import { patchesOf } from '../patches-of.ts';
import { type StoredPlace, openStoredPlace } from '../store-browsing.ts';
import { storeWordsHelp } from '../store-words.ts';
import { type FileChange, differencesOf, fileChangeLines, fileChanges } from '../tree-difference.ts';

/** `cab store diff`. */
export const storeDiff: Command = {
  name: 'store diff',
  usage: 'A[/INNER] B[/INNER]',
  summary: 'show what is different in two outputs and in their closures',
  description: `
Of the trees: files that were added, removed and changed, with their sizes, and those in which nothing but the hashes of store paths
differs. Of the closures: packages that came, went and changed, by name, with how much the closure grew for each. Both, unless one is asked for;
closures only where one of the two refers to anything, and of whole outputs.
${storeWordsHelp}

  cab store diff result-before result
  cab store diff --closure result-before result
  cab store diff --patch result-before/etc result/etc`,
  wordsLimit: 2,
  options: {
    tree: { type: 'boolean', description: 'only the files' },
    closure: { type: 'boolean', description: 'only the closures' },
    patch: {
      type: 'boolean',
      short: 'p',
      description: 'the lines of files that differ, as git apply takes them',
    },
    json: jsonOption,
  },
  async run(context, values, words) {
    checkForm(values);
    const workspace = openWorkspace(context, values);
    try {
      const { store } = workspace;
      const [one, other] = words.map((word) => openStoredPlace(store, context.folder, word));
      if (one === undefined || other === undefined) throw new UsageError('cab store diff needs two paths');
      const sides = [one, other] as const;
      if (flag(values, 'patch')) {
        for (const patch of patches(store, sides)) if (!context.print(patch)) return;
        return;
      }
      const files = flag(values, 'closure') ? undefined : fileChanges(store, differencesOf(...sides), sides);
      const closures = wantsClosures(store, sides, values) ? closuresOf(store, sides) : undefined;
      if (flag(values, 'json'))
        context.print(`${JSON.stringify(toJson(sides, files, closures), undefined, 2)}\n`);
      else context.print(toText(files, closures));
    } finally {
      await workspace.close();
    }
  },
};

function checkForm(values: OptionValues): void {
  const pairs = [
    ['tree', 'closure'],
    ['patch', 'closure'],
    ['patch', 'json'],
  ] as const;
  for (const [one, other] of pairs) {
    if (flag(values, one) && flag(values, other))
      throw new UsageError(`--${one} and --${other} contradict each other`);
  }
}

type Sides = readonly [StoredPlace, StoredPlace];

/** One after the other, since the files may be many and large. */
function* patches(store: Store, [one, other]: Sides): Generator<string> {
  const opener: Pick<TreeOpener, 'all'> = { all: (items, compute) => items.map(compute) };
  for (const change of differencesOf(one, other)) {
    yield* patchesOf([change], { one, other }, { opener, store }).map(formatPatch);
  }
}

interface Closures {
  readonly packages: readonly PackageChange[];
  readonly before: ClosureTotal;
  readonly after: ClosureTotal;
}

/** Where nobody asked for them, closures are compared where they say more than the trees do. */
function wantsClosures(store: Store, sides: Sides, values: OptionValues): boolean {
  if (flag(values, 'tree') || flag(values, 'closure')) return flag(values, 'closure');
  return (
    sides.every(({ location }) => location.inner === '/') &&
    sides.some(({ location }) => refers(store, location))
  );
}

function refers(store: Store, { output }: StorePlace): boolean {
  return store.get(output)?.references.some((reference) => reference !== output) === true;
}

function closuresOf(store: Store, [one, other]: Sides): Closures {
  const before = ClosureGraph.of(store, [one.location.output]);
  const after = ClosureGraph.of(store, [other.location.output]);
  return { packages: compareClosures(store, before, after), before: totalOf(before), after: totalOf(after) };
}

function toJson(
  [before, after]: Sides,
  files: readonly FileChange[] | undefined,
  closure: Closures | undefined,
): object {
  return { before: before.location, after: after.location, files, closure };
}

function toText(files: readonly FileChange[] | undefined, closures: Closures | undefined): string {
  const ofFiles = files === undefined ? undefined : fileChangeLines(files);
  const ofClosures =
    closures === undefined
      ? undefined
      : packageChangeLines(closures.packages, closures.before, closures.after);
  if (ofFiles === undefined || ofClosures === undefined) return ofFiles ?? ofClosures ?? '';
  return `files\n${ofFiles}\nclosure\n${ofClosures}`;
}
