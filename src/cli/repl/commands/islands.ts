import { alignedLines } from '../../table.ts';
import type { ReplCommand } from './command.ts';

/** `:islands` */
export const islandsCommand: ReplCommand = {
  name: 'islands',
  short: 'i',
  usage: '',
  summary: 'the islands that were met, and what they are pinned to',
  run(session) {
    const { project } = session;
    const rows = [...project.islandPins]
      .filter(([key]) => !key.startsWith('cab:'))
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, pins]) => [key, pinsText(pins)]);
    session.print(alignedLines(rows, ['left', 'left']));
  },
};

/** `:pin` */
export const pinCommand: ReplCommand = {
  name: 'pin',
  usage: '',
  summary: 'write what islands were pinned to into cab.lock, which nothing else here does',
  async run(session) {
    await session.project.save({ dropUnused: false });
  },
};

function pinsText(pins: Readonly<Record<string, string>>): string {
  const words = Object.entries(pins).map(([format, value]) => `${format}:${value}`);
  return words.length === 0 ? 'not pinned' : words.join(' ');
}
