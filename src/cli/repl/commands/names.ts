import { showName } from '../../../language/evaluation/index.ts';
import { alignedLines } from '../../table.ts';
import type { ReplCommand } from './command.ts';

/** `:names` */
export const namesCommand: ReplCommand = {
  name: 'names',
  short: 'n',
  usage: '',
  summary: 'the names that are bound, and where',
  run(session) {
    const names = [...session.names.keys()].toSorted();
    const rows = names.map((name) => [showName(name), session.placeOf(name)?.source.name ?? '']);
    session.print(alignedLines(rows, ['left', 'left']));
  },
};

/** `:quit` */
export const quitCommand: ReplCommand = {
  name: 'quit',
  short: 'q',
  usage: '',
  summary: 'leave; so does Ctrl-D',
  run(session) {
    session.leave();
  },
};
