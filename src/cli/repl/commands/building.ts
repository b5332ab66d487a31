import { DiagnosticError } from '../../../diagnostics/index.ts';
import { encodeDerivation } from '../../../workspace/index.ts';
import type { ReplCommand } from './command.ts';
import { derivationFor } from './value-for.ts';

/** `:build` */
export const buildCommand: ReplCommand = {
  name: 'build',
  short: 'b',
  usage: 'e',
  summary: "build a derivation, or a project's attribute such as .#docs, and print where it lies",
  completes: 'expression',
  async run(session, argument) {
    const { project, options } = session;
    const derivation = await derivationFor(session, buildCommand, argument);
    const [outputs = {}] = await project.realize([derivation]);
    const isAlone = Object.keys(outputs).length === 1;
    for (const [output, storePath] of Object.entries(outputs)) {
      const place = await options.workspace.materialise(storePath);
      session.print(isAlone ? `${place}\n` : `${output} ${place}\n`);
    }
  },
};

/** `:log` */
export const logCommand: ReplCommand = {
  name: 'log',
  usage: 'e',
  summary: 'what the last build of a derivation said',
  completes: 'expression',
  async run(session, argument) {
    const { project, options } = session;
    const derivation = await derivationFor(session, logCommand, argument);
    const resolved = await project.resolve(derivation);
    const text = resolved === undefined ? undefined : options.workspace.store.logs.read(resolved.id);
    if (text === undefined) throw noLog(derivation.name);
    options.context.print(text);
  },
};

/** `:derivation` */
export const derivationCommand: ReplCommand = {
  name: 'derivation',
  usage: 'e',
  summary: 'a derivation as JSON, with its id',
  completes: 'expression',
  async run(session, argument) {
    const derivation = await derivationFor(session, derivationCommand, argument);
    const json = { id: derivation.id, derivation: encodeDerivation(derivation) };
    session.print(`${JSON.stringify(json, undefined, 2)}\n`);
  },
};

function noLog(name: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5008',
    severity: 'error',
    message: `the store has no log of '${name}'`,
    hint: 'a log is kept where the derivation was built on this machine',
  });
}
