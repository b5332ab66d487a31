import path from 'node:path';
import { type Installable, parseInstallable, replHistoryFileOf } from '../../workspace/index.ts';
import type { CommandContext, OptionValues } from '../command.ts';
import { isTerminal } from '../is-terminal.ts';
import { argumentsOf, lockModeOf, openForEvaluation, overridesOf } from '../options.ts';
import { evaluatorVariable } from './messages.ts';
import { runScript } from './script.ts';
import { serve } from './serve.ts';
import { Session } from './session.ts';
import { runTerminal } from './terminal.ts';

/**
 * Reads statements and does them. At a terminal this process only reads, and one that it starts does them; what is no terminal
 * is a script.
 */
export async function runRepl(
  context: CommandContext,
  values: OptionValues,
  words: readonly string[],
): Promise<void> {
  const [word] = words;
  const installable = word === undefined ? here(context) : parseInstallable(word, context.folder);
  const overrides = overridesOf(values, context.folder);
  const mode = lockModeOf(values, 'none');
  const given = argumentsOf(values);
  const isEvaluator = process.env[evaluatorVariable] !== undefined && process.send !== undefined;
  if (!isEvaluator && isTerminal(0) && isTerminal(1)) {
    return await runTerminal({
      words: process.argv.slice(2),
      greeting: ':help tells what can be typed here; Ctrl-D leaves',
      opens: word !== undefined,
      historyFile: replHistoryFileOf(context.environment),
      color: context.color,
    });
  }
  const workspace = openForEvaluation(context, values);
  try {
    const session = new Session({ context, workspace, installable, mode, overrides });
    const open = async (): Promise<boolean> => word === undefined || (await session.open(word, given));
    if (isEvaluator) await serve(session, context, open);
    else await runScript(session, open);
  } finally {
    await workspace.close();
  }
}

/** The folder that one is in, whether it has an entry file or not. */
function here({ folder }: CommandContext): Installable {
  return { kind: 'file', text: '<repl>', file: path.join(folder, 'default.cab'), attributes: [] };
}
