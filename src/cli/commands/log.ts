import { DiagnosticError } from '../../diagnostics/index.ts';
import { parseInstallable } from '../../workspace/index.ts';
import type { Command } from '../command.ts';
import { derivationOf } from '../derivation-of.ts';
import { argumentsOf, evaluationOptions, lockModeOf, openWorkspace, overridesOf } from '../options.ts';

/** `cab log`. */
export const log: Command = {
  name: 'log',
  usage: '[INSTALLABLE | DERIVATION]',
  summary: 'print the log of the last build of a derivation',
  description: `
Takes an installable, or the id of a derivation as failures and events name it.`,
  wordsLimit: 1,
  options: evaluationOptions,
  async run(context, values, words) {
    const workspace = openWorkspace(context, values);
    try {
      const [word = '.'] = words;
      if (/^[a-z2-7]{52}$/.test(word)) {
        context.print(workspace.store.logs.read(word) ?? raise(noLog(word)));
        return;
      }
      const installable = parseInstallable(word, context.folder);
      const project = workspace.project(
        installable,
        lockModeOf(values, 'none'),
        overridesOf(values, context.folder),
      );
      const derivation = await derivationOf(project, installable, argumentsOf(values));
      const resolved = await project.resolve(derivation);
      const text = resolved === undefined ? undefined : workspace.store.logs.read(resolved.id);
      context.print(text ?? raise(noLog(derivation.name)));
    } finally {
      await workspace.close();
    }
  },
};

function noLog(what: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5008',
    severity: 'error',
    message: `the store has no log of '${what}'`,
    hint: 'a log is kept where the derivation was built on this machine',
  });
}

function raise(error: Error): never {
  throw error;
}
