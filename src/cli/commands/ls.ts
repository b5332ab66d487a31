import { type ListedEntry, listTree, parseIslandPlace } from '../../workspace/index.ts';
import { browsingOptions, findPlace, withBrowsing } from '../browsing.ts';
import type { Command } from '../command.ts';
import { listedKind, listedName, listedNameAndTarget } from '../listing.ts';
import { UsageError, flag } from '../options.ts';
import { alignedLines } from '../table.ts';

/** `cab ls`. */
export const ls: Command = {
  name: 'ls',
  usage: 'ISLAND | <ISLAND>/PATH',
  summary: 'list what is in an island',
  description: `
Of an island of git, only the directories that are listed are fetched, and no file. Names of directories end in a slash.

  cab ls github:cull-os/cab
  cab ls -l '<github:cull-os/cab>/docs'
  cab ls --recursive github:cull-os/cab::/docs`,
  wordsLimit: 1,
  options: {
    long: {
      type: 'boolean',
      short: 'l',
      description: 'what each is, its git id, and its size where that is known',
    },
    recursive: { type: 'boolean', short: 'r', description: 'also what is in the directories' },
    ...browsingOptions,
  },
  async run(context, values, [word]) {
    if (word === undefined) throw new UsageError('cab ls needs an island');
    const { island, path } = parseIslandPlace(word);
    const details = flag(values, 'long') || flag(values, 'json');
    await withBrowsing(context, values, async (project) => {
      const entries = await project.browse((opener) => {
        const tree = opener.root(project.rootOf(island));
        return listTree(tree, findPlace(tree, path), { recursive: flag(values, 'recursive'), details });
      });
      if (flag(values, 'json')) context.print(`${JSON.stringify(entries, undefined, 2)}\n`);
      else
        context.print(
          flag(values, 'long')
            ? longLines(entries)
            : entries.map((entry) => `${listedName(entry)}\n`).join(''),
        );
    });
  },
};

function longLines(entries: readonly ListedEntry[]): string {
  const rows = entries.map((entry) => [
    listedKind(entry),
    entry.id ?? '-',
    String(entry.size ?? '-'),
    listedNameAndTarget(entry),
  ]);
  return alignedLines(rows, ['left', 'left', 'right', 'left']);
}
