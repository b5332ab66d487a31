import { DiagnosticError } from '../../../diagnostics/index.ts';
import type { ReplCommand } from './command.ts';
import { needsArgument } from './value-for.ts';

/** `:load` */
export const loadCommand: ReplCommand = {
  name: 'load',
  short: 'l',
  usage: 'file [name=value …]',
  summary: "make the attributes of a file, a folder's project or an island names",
  completes: 'file',
  async run(session, { text }) {
    if (text === '') throw needsArgument(loadCommand);
    const [word = '', ...pairs] = wordsOf(text);
    await session.load(word, new Map(pairs.map(pairOf)));
  },
};

/** `:reload` */
export const reloadCommand: ReplCommand = {
  name: 'reload',
  short: 'r',
  usage: '',
  summary: 'read all files anew, and evaluate the names with them when they are needed',
  async run(session) {
    await session.reload();
  },
};

/** Words with spaces stand between quotes. */
function wordsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/(?:"[^"]*"|[^\s"]+)+/g), ([word]) => word.replaceAll('"', ''));
}

function pairOf(word: string): readonly [string, string] {
  const at = word.indexOf('=');
  if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
  throw new DiagnosticError({
    code: 'CAB6030',
    severity: 'error',
    message: `'${word}' is no argument for the file`,
    hint: 'arguments are written :load file name=value, and values with spaces name="a value"',
  });
}
