import assert from 'node:assert/strict';
import { type Diagnostic, DiagnosticError } from '../../../src/diagnostics/index.ts';
import { Evaluator, type Value } from '../../../src/language/evaluation/index.ts';
import { MemoryWorld } from './memory-world.ts';

const sourceName = '<test>';

/** The value of an expression in the root of a world. */
export function evaluate(text: string, world = new MemoryWorld()): { evaluator: Evaluator; value: Value } {
  const evaluator = new Evaluator(world);
  const value = evaluator.evaluateText({ name: sourceName, text }, { root: world.root, path: '/' });
  return { evaluator, value };
}

/** What `cab eval` shows for an expression. */
export function shown(text: string, world = new MemoryWorld()): string {
  const { evaluator, value } = evaluate(text, world);
  return evaluator.show(value);
}

export function check(text: string, expected: string, world?: MemoryWorld): void {
  assert.equal(shown(text, world), expected, text);
}

export interface ExpectedError {
  readonly code: string;
  /** The text under the primary span. */
  readonly at?: string;
  readonly message?: RegExp;
  readonly hint?: RegExp;
  /** The texts under the further labels. */
  readonly labels?: readonly string[];
  readonly trace?: readonly string[];
}

/** The expression does not evaluate, and the first diagnostic says this. */
export function checkError(text: string, expected: ExpectedError, world?: MemoryWorld): void {
  const [diagnostic] = diagnosticsOf(text, world);
  assert.ok(diagnostic !== undefined, `${text} evaluates`);
  assert.equal(diagnostic.code, expected.code, `${text}: ${diagnostic.message}`);
  if (expected.at !== undefined) assert.equal(textUnder(diagnostic.primary), expected.at, text);
  if (expected.message !== undefined) assert.match(diagnostic.message, expected.message);
  if (expected.hint !== undefined) assert.match(diagnostic.hint ?? '', expected.hint, text);
  if (expected.labels !== undefined)
    assert.deepEqual(diagnostic.labels?.map(textUnder), expected.labels, text);
  if (expected.trace !== undefined) {
    assert.deepEqual(
      (diagnostic.trace ?? []).map(({ message }) => message),
      expected.trace,
    );
  }
}

/** What is wrong with an expression when all of its value is evaluated. */
export function diagnosticsOf(text: string, world?: MemoryWorld): readonly Diagnostic[] {
  try {
    const { evaluator, value } = evaluate(text, world);
    evaluator.forceDeep(value);
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics;
    throw error;
  }
  return [];
}

function textUnder(label: Diagnostic['primary']): string | undefined {
  if (label === undefined) return undefined;
  const { source, start, end } = label.span;
  return source.text.slice(start, end);
}
