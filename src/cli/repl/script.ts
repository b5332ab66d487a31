import { createInterface } from 'node:readline';
import { DiagnosticError } from '../../diagnostics/index.ts';
import type { Open } from './serve.ts';
import type { Session } from './session.ts';
import { isUnfinished } from './statement.ts';

/**
 * Does what stands in the standard input, statement by statement: one ends where a line ends and nothing is open.
 * Results go to the standard output; what fails is told, and what follows is done all the same.
 *
 * @throws DiagnosticError without anything to tell, where something has failed.
 */
export async function runScript(session: Session, open: Open): Promise<void> {
  if (!(await open())) throw new DiagnosticError([]);
  let failures = 0;
  let number = 0;
  let text = '';
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    text = text === '' ? line : `${text}\n${line}`;
    if (text.trim() === '' || isUnfinished(text)) continue;
    if (!(await session.run(text, ++number))) failures++;
    text = '';
    if (session.isOver) break;
  }
  if (text.trim() !== '' && !(await session.run(text, ++number))) failures++;
  if (failures > 0) throw new DiagnosticError([]);
}
