import assert from 'node:assert/strict';
import test from 'node:test';
import { parse, printTree } from '../../../src/language/syntax/index.ts';
import { check, checkErrors } from './check.ts';

const many = 100_000;

const shapes: Readonly<Record<string, readonly [string, string]>> = {
  parentheses: ['(', ')'],
  lists: ['[', ']'],
  'brackets that do not match': ['(', ']'],
  attributes: ['{ a = ', '}'],
  'named attributes': ['a @ { b = ', '}'],
  lambdas: ['x => ', ''],
  not: ['!', ''],
  minus: ['-', ''],
  sums: ['1 + ', ''],
  implications: ['a -> ', ''],
  arguments: ['f ', ''],
  fallbacks: ['a.b or ', ''],
  interpolations: ['"\\(', ')"'],
  'islands with interpolations': ['<a:\\(', ')>'],
  'islands with options': ['<a:{ b = ', '}>'],
  paths: ['./\\(', ')'],
  if: ['if a then ', ''],
  'else if': ['if a then b else ', ''],
  let: ['let a = ', ''],
};

for (const [name, [before, after]] of Object.entries(shapes)) {
  test(`a hundred thousand ${name} are one diagnostic`, () => {
    const text = before.repeat(many) + '1' + after.repeat(many);
    const { tree, diagnostics } = parse({ name: 'test', text });
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['CAB1008'],
    );
    assert.ok(printTree(tree) === text);
  });
}

test('what is written by hand nests as deeply as it needs', () => {
  check('('.repeat(200) + 'a' + ')'.repeat(200), 'a');
  check('a' + ' + a'.repeat(3), '(((a + a) + a) + a)');
  assert.deepEqual(parse({ name: 'test', text: 'a' + ' + a'.repeat(900) }).diagnostics, []);
});

test('long texts without nesting are no matter', () => {
  for (const text of [`[${'a,'.repeat(many)}]`, `"${'\\n'.repeat(many)}"`, `a${'.b'.repeat(many)}`]) {
    const { diagnostics, expression } = parse({ name: 'test', text });
    assert.deepEqual(diagnostics, []);
    assert.ok(expression !== undefined);
  }
});

test('semicolons by the thousand are one diagnostic', () => {
  checkErrors(`[${';'.repeat(many)}]`, 'CAB1107 ;');
});
