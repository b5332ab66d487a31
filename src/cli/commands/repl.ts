import type { Command } from '../command.ts';
import { evaluationOptions } from '../options.ts';

/** `cab repl`. */
export const repl: Command = {
  name: 'repl',
  usage: '[INSTALLABLE]',
  summary: 'evaluate expressions as they are typed',
  description: `
Reads expressions and bindings such as 'a = 1', and prints values. With an installable, the attributes of its value are names.
Islands are fetched as they are needed, and builds are made by ':build'. cab.lock is read, and only written by ':pin'.
What stands in a standard input that is no terminal is done statement by statement; 1 is the exit code where something failed.

  cab repl
  cab repl .#packages
  echo '1 + 1' | cab repl`,
  wordsLimit: 1,
  options: evaluationOptions,
  async run(context, values, words) {
    // What only this command needs is not even looked at by others.
    const { runRepl } = await import('../repl/index.ts');
    await runRepl(context, values, words);
  },
};
