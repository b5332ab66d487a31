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
  const told = error instanceof DiagnosticError ? error : otherFault(error);
  process.exitCode = told === undefined ? 3 : 1;
  writeSync(2, `${told === undefined ? stackOf(error) : describe(told)}\n`);
}

/** What the command tells of other errors of the system. That its disk is full the store says itself. */
function otherFault(error: unknown): DiagnosticError | undefined {
  const fault = systemFault(error);
  return fault?.diagnostics[0]?.code === 'CAB5002' ? undefined : fault;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? `${error.stack}` : String(error);
}

function describe({ diagnostics }: DiagnosticError): string {
  return diagnostics
    .map(({ code, message, hint }) => `error[${code}]: ${message}\n  hint: ${hint}`)
    .join('\n');
}
