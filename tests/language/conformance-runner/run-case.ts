import { type Diagnostic, DiagnosticError, positionOf } from '../../../src/diagnostics/index.ts';
import { Evaluator } from '../../../src/language/evaluation/index.ts';
import { canonical } from './canonical.ts';
import type { Case } from './cases.ts';
import { SuiteWorld } from './suite-world.ts';

/** What a program comes to, as the files beside it say it. */
export interface Outcome {
  readonly value?: string;
  readonly error?: string;
  readonly trace?: string;
}

export function runCase({ folder, file }: Case, kept?: Map<string, Uint8Array>): Outcome {
  const world = new SuiteWorld(folder, kept);
  const evaluator = new Evaluator(world);
  const result = attempt(
    () => canonical(evaluator.evaluateFile({ root: world.root, path: `/${file}` }), evaluator),
    file,
  );
  return world.traced.length === 0 ? result : { ...result, trace: linesOf(world.traced) };
}

function attempt(compute: () => string, file: string): Outcome {
  try {
    return { value: linesOf([compute()]) };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { error: linesOf(error.diagnostics.map((diagnostic) => placed(diagnostic, file))) };
  }
}

/** A circle has no beginning, so that any of its values may be told. */
const codesWithoutPlace = new Set(['CAB2002']);

/** `CAB2005 3:14`, with the name of the file before the line where that is not the program's own. */
function placed({ code, primary }: Diagnostic, file: string): string {
  if (primary === undefined || codesWithoutPlace.has(code)) return code;
  const { source, start } = primary.span;
  const { line, column } = positionOf(source, start);
  const name = source.name.replace(/^\.\//, '');
  return `${code} ${name === file ? '' : `${name}:`}${line}:${column}`;
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
