import { DiagnosticError } from '../../../diagnostics/index.ts';
import type { Value } from '../../../language/evaluation/index.ts';
import { type Derivation, parseInstallable } from '../../../workspace/index.ts';
import { derivationOfValue } from '../../derivation-of.ts';
import type { Session } from '../session.ts';
import type { CommandArgument, ReplCommand } from './command.ts';

/** The value of the expression behind a command. */
export async function valueFor(
  session: Session,
  command: ReplCommand,
  { text, source }: CommandArgument,
): Promise<Value> {
  if (text === '') throw needsArgument(command);
  return await session.evaluate(source);
}

/** The derivation of the expression, or installable such as `.#docs`, behind a command. */
export async function derivationFor(
  session: Session,
  command: ReplCommand,
  argument: CommandArgument,
): Promise<Derivation> {
  const { project, options } = session;
  const value = isInstallable(argument.text)
    ? await project.valueOf(parseInstallable(argument.text, options.context.folder), new Map())
    : await valueFor(session, command, argument);
  return await derivationOfValue(project, value, argument.text);
}

/** A word with an attribute behind `#`, or one that means a folder: no expression looks so. */
function isInstallable(text: string): boolean {
  return /^[^\s"'(){}[\]#]*#[^\s#]+$/.test(text) || /^\.{1,2}$/.test(text);
}

export function needsArgument({ name, usage }: ReplCommand): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6030',
    severity: 'error',
    message: `:${name} needs something behind it`,
    hint: `it is written :${name} ${usage}`,
  });
}
