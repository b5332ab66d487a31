import { unreachable } from '../../foundation/index.ts';
import { type IslandReport, parseIslandPlace } from '../../workspace/index.ts';
import { browsingOptions, withBrowsing } from '../browsing.ts';
import type { Command } from '../command.ts';
import { UsageError, flag } from '../options.ts';

/** `cab island`. */
export const island: Command = {
  name: 'island',
  usage: 'ISLAND',
  summary: 'show what an island is, what it stands for, and what of it is in the store',
  description: `
A ref that cab.lock has not pinned is asked for at its origin, and nothing else is. Sizes are in bytes, of the files' content.

  cab island github:cull-os/cab
  cab island --update --json github:cull-os/cab/main`,
  wordsLimit: 1,
  options: browsingOptions,
  async run(context, values, [word]) {
    if (word === undefined) throw new UsageError('cab island needs an island');
    const place = parseIslandPlace(word);
    if (place.path !== '/') throw new UsageError(`'${word}' is a path in an island`, 'name the island alone');
    await withBrowsing(context, values, async (project) => {
      const report = await project.describe(place.island);
      context.print(flag(values, 'json') ? `${JSON.stringify(report, undefined, 2)}\n` : textOf(report));
    });
  },
};

function textOf(report: IslandReport): string {
  const { git, pins = {} } = report;
  const lines: (readonly [string, string | undefined])[] = [
    ['island', report.island],
    ['type', report.type],
    ['folder', report.folder],
    ['origin', report.origin],
    ['ref', git?.ref],
    ['sub-tree', git?.subtree === '' ? undefined : git?.subtree],
    ['pins', report.standing === undefined ? undefined : standingText(report.standing)],
    ...Object.entries(pins).map(([format, value]) => ['', `${format}:${value}`] as const),
    ['derivation', report.derivation],
    ['tree', report.derivation === undefined ? undefined : treeText(report)],
  ];
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => `${label.padEnd(10)}  ${value}\n`)
    .join('');
}

function standingText(standing: 'pinned' | 'asked' | 'unknown'): string {
  switch (standing) {
    case 'pinned':
      return 'in cab.lock';
    case 'asked':
      return 'what its origin has now';
    case 'unknown':
      return 'none';
    default:
      return unreachable(standing);
  }
}

function treeText({ tree, parts }: IslandReport): string {
  if (tree !== undefined) return `${tree.path}, ${tree.size} bytes`;
  if (parts === undefined || parts.directories === 0) return 'not in the store';
  return `in parts: ${count(parts.directories, 'directory', 'directories')}, and ${count(parts.files, 'file', 'files')} of ${parts.bytes} bytes`;
}

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}
