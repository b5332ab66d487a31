import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinDefinitions, globalNames } from '../../../src/language/evaluation/index.ts';
import { check } from './check.ts';

for (const { name, example, furtherExamples = [] } of builtinDefinitions) {
  for (const [index, { expression, result }] of [example, ...furtherExamples].entries()) {
    if (result !== undefined)
      test(`example ${index + 1} of ${name} is right`, () => check(expression, result));
  }
}

test('each builtin is declared once, with one line on it', () => {
  const names = builtinDefinitions.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { description, signature, name } of builtinDefinitions) {
    assert.match(description, /^\p{Lu}[^\n]*\.$/u, name);
    assert.match(signature, /->/, name);
  }
});

test('each builtin is a name of its own and an attribute of `builtins`', () => {
  for (const { name } of builtinDefinitions) {
    assert.ok(globalNames.has(name));
    check(`builtins ? ${name}`, 'true');
  }
});
