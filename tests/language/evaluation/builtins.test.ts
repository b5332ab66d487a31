import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinDefinitions, globalNames } from '../../../src/language/evaluation/index.ts';
import { check } from './check.ts';
import { MemoryWorld } from './memory-world.ts';

for (const { name, example, furtherExamples = [] } of builtinDefinitions) {
  for (const [index, { expression, result, files = {} }] of [example, ...furtherExamples].entries()) {
    test(`example ${index + 1} of ${name} is right`, () => {
      const contents = Object.entries(files).map(([path, content]) => [path.slice(1), content]);
      check(expression, result, new MemoryWorld(Object.fromEntries(contents)));
    });
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
