import assert from 'node:assert/strict';
import test from 'node:test';
import { chainShapes, nestedShapes } from '../syntax/deep-shapes.ts';
import { diagnosticsOf } from './check.ts';

const levels = 12_000;

/** The codes for a text within which the names are bound that the shapes use. */
function codesOf(inner: string): readonly string[] {
  const text = `let a = { b = 1, }, b = 1, x = 1, f = y => f, in ${inner}`;
  return diagnosticsOf(text).map(({ code }) => code);
}

for (const [name, [before, after]] of Object.entries(nestedShapes)) {
  test(`${name} that nest too deeply end evaluation with the parser's word`, () => {
    assert.deepEqual(codesOf(before.repeat(levels) + '1' + after.repeat(levels)), ['CAB1008']);
  });
}

// The parser takes them, however long they are; whoever reads them goes down their left side.
for (const [name, [first, next]] of Object.entries(chainShapes)) {
  test(`a chain of ${levels} ${name} has a value, or one error`, () => {
    assert.ok(codesOf(first + next.repeat(levels)).length <= 1);
  });
}
