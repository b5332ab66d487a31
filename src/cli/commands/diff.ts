import { existsSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticError } from '../../diagnostics/index.ts';
import {
  type BrowsedTree,
  type Compared,
  type IslandPlace,
  type Place,
  type Project,
  type Store,
  type TreeChange,
  type TreeOpener,
  compareTrees,
  followLinks,
  looksLikeIsland,
  parseIslandPlace,
} from '../../workspace/index.ts';
import { browsingOptions, findPlace, shownName, withBrowsing } from '../browsing.ts';
import type { Command } from '../command.ts';
import { UsageError, flag } from '../options.ts';
import { type FilePatch, formatPatch, hunksOf } from '../patch.ts';
import { type Sides, patchesOf } from '../patches-of.ts';
import { storePathOf } from '../store-path-of.ts';

/** `cab diff`. */
export const diff: Command = {
  name: 'diff',
  usage: 'A B',
  summary: 'show what is different in two trees',
  description: `
Each is an island, a path in one, a local folder or file, or something in the store such as a result link. It says which files were
added, removed and changed. Of islands of git, only directories that differ are fetched, and files only where their
lines are asked for.

  cab diff github:cull-os/cab/v1.0 github:cull-os/cab
  cab diff --patch '<github:cull-os/cab>/docs' ./docs
  cab diff --stat github:cull-os/cab result`,
  wordsLimit: 2,
  options: {
    patch: { type: 'boolean', short: 'p', description: 'the lines that differ, as git apply takes them' },
    stat: { type: 'boolean', description: 'how many lines were added and removed, by file' },
    ...browsingOptions,
  },
  async run(context, values, words) {
    const form = ['json', 'patch', 'stat'].filter((name) => flag(values, name));
    if (form.length > 1) throw new UsageError(`--${form[0]} and --${form[1]} contradict each other`);
    const [left, right] = words.map((word) => parseOperand(word, context.folder));
    if (left === undefined || right === undefined) throw new UsageError('cab diff needs two trees');
    await withBrowsing(context, values, async (project, { store }) => {
      // All of it anew where something has to come first: what comes may be the whole of a tree that was seen in parts.
      const text = await project.browse((opener) => {
        const [one, other] = opener.all([left, right], (operand) => open(opener, project, store, operand));
        const sides = { one: one as Compared, other: other as Compared };
        const changes = compareTrees(sides.one, sides.other, (length) => opener.gitIds(length));
        if (form[0] === 'json') return jsonOf(changes, sides);
        if (form.length === 0) return changes.map(lineOf).join('');
        const patches = patchesOf(changes, sides, { opener, store });
        return patches.map(form[0] === 'patch' ? formatPatch : statLine).join('');
      });
      context.print(text);
    });
  },
};

type Operand = IslandPlace | { readonly word: string; readonly local: string };

function parseOperand(word: string, folder: string): Operand {
  return looksLikeIsland(word) ? parseIslandPlace(word) : { word, local: path.resolve(folder, word) };
}

function open(opener: TreeOpener, project: Project, store: Store, operand: Operand): Compared {
  if ('island' in operand) {
    const tree = opener.root(project.rootOf(operand.island));
    return { tree, place: findPlace(tree, operand.path) };
  }
  const { word, local } = operand;
  const stored = storePathOf(store, '/', local) ?? storePathOf(store, '/', word);
  if (stored === undefined && !existsSync(local)) throw nothingThere(word);
  const followed = stored && followLinks(store, stored);
  const inStore = followed?.outcome === 'found' ? followed : stored;
  const tree = inStore === undefined ? opener.local(local, word) : opener.output(inStore.output, word);
  return { tree, place: findPlace(tree, inStore?.inner ?? '/') };
}

function nothingThere(word: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6101',
    severity: 'error',
    message: `'${word}' does not exist`,
    hint: 'a tree is an island, a local folder or file, or something in the store',
  });
}

function wordOf({ before, after }: TreeChange): 'added' | 'removed' | 'changed' {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

function lineOf(change: TreeChange): string {
  return `${wordOf(change).padEnd(7)}  ${shownName(change.path)}\n`;
}

function jsonOf(changes: readonly TreeChange[], { one, other }: Sides): string {
  const plain = changes.map((change) => ({
    path: change.path,
    change: wordOf(change),
    before: sideOf(one.tree, change.before),
    after: sideOf(other.tree, change.after),
  }));
  return `${JSON.stringify(plain, undefined, 2)}\n`;
}

function sideOf(tree: BrowsedTree, place: Place | undefined): object | undefined {
  if (place === undefined) return undefined;
  const { node } = place;
  const executable = node.kind === 'file' ? node.executable : undefined;
  return { kind: node.kind, executable, id: tree.gitId(node) };
}

function statLine(patch: FilePatch): string {
  const lines = hunksOf(patch)?.flatMap((hunk) => hunk.lines);
  const count = (sign: string): number => lines?.filter((line) => line.startsWith(sign)).length ?? 0;
  const numbers = lines === undefined ? 'no text' : `+${count('+')} -${count('-')}`;
  return `${numbers.padEnd(12)}  ${shownName(patch.path)}\n`;
}
