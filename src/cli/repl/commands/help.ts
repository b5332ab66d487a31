import { alignedLines } from '../../table.ts';
import type { ReplCommand } from './command.ts';

/** `:help` */
export function helpCommand(commands: () => readonly ReplCommand[]): ReplCommand {
  return {
    name: 'help',
    short: '?',
    usage: '',
    summary: 'show this',
    run(session) {
      const rows = commands().map(({ name, short, usage, summary }) => [
        `:${name} ${usage}`.trimEnd(),
        short === undefined ? '' : `:${short}`,
        summary,
      ]);
      session.print(`${forms}\n${alignedLines(rows, ['left', 'left', 'left'])}\n${ending}`);
    },
  };
}

const forms = `  e                      the value of an expression, which is then called it
  a = e, b = e           names for values, which are evaluated when they are needed
`;

const ending = `A name is bound as in let: it sees itself, and names bound beside it. A statement goes on in the next line as long as
something is open in it. A command's name may be shortened as long as it is told from the others.
`;
