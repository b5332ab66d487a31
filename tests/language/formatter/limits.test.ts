import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../../../src/language/formatter/index.ts';
import { parse } from '../../../src/language/syntax/index.ts';
import { formatted } from './check.ts';

test('a text with mistakes is left alone, and all of them are told', () => {
  const result = format({ name: 'test', text: '{ a = ; b = [ 1 2, }' });
  assert.ok(result.kind === 'invalid');
  const { diagnostics } = parse({ name: 'test', text: '{ a = ; b = [ 1 2, }' });
  assert.deepEqual(
    result.diagnostics.map(({ code }) => code),
    diagnostics.map(({ code }) => code),
  );
  assert.ok(diagnostics.length > 1);
});

const shapes: Readonly<Record<string, readonly [string, string]>> = {
  parentheses: ['(', ')'],
  lists: ['[', ']'],
  attributes: ['{ a = ', '}'],
  lambdas: ['x => ', ''],
  'lambdas in parentheses': ['(x => ', ')'],
  minus: ['-', ''],
  sums: ['1 + ', ''],
  pipes: ['a |> ', ''],
  implications: ['a -> ', ''],
  arguments: ['f ', ''],
  'arguments in parentheses': ['f (', ')'],
  fallbacks: ['a.b or ', ''],
  if: ['if a then ', ' else b'],
  'else if': ['if a then b else ', ''],
  let: ['let a = 1, in ', ''],
};

/** The deepest of these that parses is laid out. */
const depths = [20_000, 900, 250, 120, 80];

for (const [name, [before, after]] of Object.entries(shapes)) {
  test(`${name} within ${name} are laid out as deep as they parse`, () => {
    const texts = depths.map((depth) => before.repeat(depth) + '1' + after.repeat(depth));
    const nested = texts.find((text) => parse({ name: 'test', text }).diagnostics.length === 0);
    assert.ok(nested !== undefined);
    const text = formatted(nested);
    assert.equal(formatted(text), text);
  });
}

test('a list of twenty thousand elements is laid out', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `{ a = ${index} }`).join(',\n');
  assert.equal(formatted(`[${many}]`).split('\n').length, 20_003);
});
