/** Runs a scenario of the store by its name: `node program.ts NAME STORE WORK`. Ends as the command would. */
import { writeSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticError } from '../../src/diagnostics/index.ts';
import { systemFault } from '../../src/store/index.ts';
import { storePrograms } from './scenarios/programs.ts';

const [name, store = '', work = ''] = process.argv.slice(2);
const program = storePrograms.find((each) => each.name === name);
if (program === undefined) throw new Error(`there is no scenario '${name}'`);

try {
  await program.run({ folder: path.dirname(store), store, work }, (report) =>
    writeSync(1, `${JSON.stringify(report)}\n`),
  );
} catch (error) {
  const told = error instanceof DiagnosticError ? error : systemFault(error);
  process.exitCode = told === undefined ? 3 : 1;
  writeSync(2, `${told === undefined ? stackOf(error) : describe(told)}\n`);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? `${error.stack}` : String(error);
}

function describe({ diagnostics }: DiagnosticError): string {
  return diagnostics
    .map(({ code, message, hint }) => `error[${code}]: ${message}\n  hint: ${hint}`)
    .join('\n');
}
