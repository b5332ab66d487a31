import { type Diagnostic, DiagnosticError, type Source, didYouMean } from '../../../diagnostics/index.ts';
import { buildCommand, derivationCommand, logCommand } from './building.ts';
import type { ReplCommand } from './command.ts';
import { docCommand } from './doc.ts';
import { helpCommand } from './help.ts';
import { islandsCommand, pinCommand } from './islands.ts';
import { loadCommand, reloadCommand } from './loading.ts';
import { namesCommand, quitCommand } from './names.ts';
import { jsonCommand, printCommand, typeCommand } from './showing.ts';

/** Every command, in the order in which the help lists them. */
export const replCommands: readonly ReplCommand[] = [
  typeCommand,
  docCommand,
  printCommand,
  jsonCommand,
  loadCommand,
  reloadCommand,
  buildCommand,
  logCommand,
  derivationCommand,
  namesCommand,
  islandsCommand,
  pinCommand,
  helpCommand(() => replCommands),
  quitCommand,
];

/** The command that a word means: its name, its letter, or as much of its name as tells it from the others. */
export function findCommand(word: string): ReplCommand | undefined {
  const named = replCommands.find(({ name, short }) => name === word || short === word);
  if (named !== undefined || word === '') return named;
  const begun = begunWith(word);
  return begun.length === 1 ? begun[0] : undefined;
}

/** @throws DiagnosticError CAB6030 where there is none, or more than one. */
export function commandNamed(word: string, source: Source): ReplCommand {
  const found = findCommand(word);
  if (found !== undefined) return found;
  const start = source.text.indexOf(':');
  const span = { source, start, end: start + 1 + word.length };
  throw new DiagnosticError({ ...noCommand(word), primary: { span, message: '' } });
}

function noCommand(word: string): Diagnostic {
  const begun = word === '' ? [] : begunWith(word).map(({ name }) => `:${name}`);
  const known = replCommands.map(({ name }) => `:${name}`);
  return {
    code: 'CAB6030',
    severity: 'error',
    message:
      begun.length === 0 ? `there is no command ':${word}'` : `':${word}' may be ${begun.join(' or ')}`,
    ...(begun.length === 0 && { hint: didYouMean(`:${word}`, known) ?? ':help shows what there is' }),
  };
}

function begunWith(word: string): readonly ReplCommand[] {
  return replCommands.filter(({ name }) => name.startsWith(word));
}
