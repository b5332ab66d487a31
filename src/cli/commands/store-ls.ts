import { nameOfStorePath } from '../../foundation/index.ts';
import { type ListedEntry, listTree } from '../../workspace/index.ts';
import type { Command } from '../command.ts';
import { listedKind, listedName, listedNameAndTarget } from '../listing.ts';
import { flag, jsonOption, openWorkspace } from '../options.ts';
import { openStoredPlace } from '../store-browsing.ts';
import { storeWordsHelp } from '../store-words.ts';
import { alignedLines } from '../table.ts';

/** `cab store ls`. */
export const storeLs: Command = {
  name: 'store ls',
  usage: '[PATH[/INNER]]',
  summary: 'list what is in an output of the store',
  description: `
Whether or not it is on disk as a tree. Names of directories end in a slash. Symbolic links on the way are followed as a build
would see them, also from one output into another.
${storeWordsHelp}
Without one it is ./result.

  cab store ls
  cab store ls --long --recursive result/share`,
  wordsLimit: 1,
  options: {
    long: {
      type: 'boolean',
      short: 'l',
      description: 'what each is, its size in bytes, and where links lead',
    },
    recursive: { type: 'boolean', short: 'r', description: 'also what is in the directories' },
    json: jsonOption,
  },
  async run(context, values, [word = 'result']) {
    const workspace = openWorkspace(context, values);
    try {
      const { tree, place, location } = openStoredPlace(workspace.store, context.folder, word);
      const options = { recursive: flag(values, 'recursive'), details: true, digests: true };
      // An output that is one file is called by its own name.
      const entries = listTree(tree, place, options).map((entry) =>
        entry.path === '' ? { ...entry, path: nameOfStorePath(location.output) } : entry,
      );
      if (flag(values, 'json')) context.print(`${JSON.stringify(entries, undefined, 2)}\n`);
      else if (flag(values, 'long')) context.print(longLines(entries));
      else context.print(entries.map((entry) => `${listedName(entry)}\n`).join(''));
    } finally {
      await workspace.close();
    }
  },
};

function longLines(entries: readonly ListedEntry[]): string {
  const rows = entries.map((entry) => [
    listedKind(entry),
    String(entry.size ?? '-'),
    listedNameAndTarget(entry),
  ]);
  return alignedLines(rows, ['left', 'right', 'left']);
}
