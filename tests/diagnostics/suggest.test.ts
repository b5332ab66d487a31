import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { didYouMean, nearest } from '../../src/diagnostics/index.ts';

/** A word, what there is, and what is taken to be meant. */
const cases: readonly (readonly [string, readonly string[], string | undefined])[] = [
  ['sorce', ['name', 'source'], 'source'],
  ['suorce', ['sauce', 'source'], 'source'],
  ['sources', ['name', 'source'], 'source'],
  ['lenght', ['length', 'head'], 'length'],
  ['tojson', ['fromJson', 'toJson'], 'toJson'],
  ['to-json', ['fromJson', 'toJson'], 'toJson'],
  ['TO_JSON', ['fromJson', 'toJson'], 'toJson'],
  ['python3-13', ['python-3.12', 'python3_13'], 'python3_13'],
  ['attr', ['arguments', 'attributeNames', 'attributes'], 'attributes'],
  ['concat', ['map', 'concatMap', 'concatenateLists'], 'concatMap'],
  ['ad', ['add', 'multiply'], 'add'],
  ['githup', ['git', 'github', 'gitlab'], 'github'],
  // What is farther is not suggested: a wrong guess is worse than none.
  ['zebra', ['a', 'b', 'source'], undefined],
  ['a', ['b', 'c'], undefined],
  ['x', ['xylophone'], undefined],
  ['fo', ['ba'], undefined],
  ['', ['a', ''], undefined],
  ['name', [], undefined],
];

for (const [word, candidates, expected] of cases) {
  test(`of ${candidates.join(', ') || 'nothing'}, '${word}' means ${expected ?? 'none'}`, () => {
    assert.equal(nearest(word, candidates), expected);
  });
}

test('the first of equals is taken, whatever else there is', () => {
  assert.equal(nearest('cat', ['dog', 'bat', 'hat']), 'bat');
  assert.equal(nearest('cat', ['hat', 'bat']), 'hat');
});

test('the question fits a hint', () => {
  assert.equal(didYouMean('sorce', ['source']), "did you mean 'source'?");
  assert.equal(didYouMean('zebra', ['source']), undefined);
});

test('a word is never taken to mean itself', () => {
  assert.equal(nearest('name', ['name']), undefined);
});

test('one wrong letter in a name of four or more is always seen through', () => {
  const name = fc.stringMatching(/^[a-z]{4,12}$/);
  fc.assert(
    fc.property(name, fc.nat(), fc.constantFrom('drop', 'double', 'swap', 'change'), (text, at, mistake) => {
      const wrong = spoil(text, at % text.length, mistake);
      fc.pre(wrong !== text);
      assert.equal(nearest(wrong, [text]), text);
    }),
  );
});

test('very long words are compared with nothing, and so cost nothing', () => {
  assert.equal(nearest('a'.repeat(1_000_000), ['a'.repeat(999_999)]), undefined);
});

function spoil(text: string, at: number, mistake: 'drop' | 'double' | 'swap' | 'change'): string {
  const [before, letter, after] = [text.slice(0, at), text[at] as string, text.slice(at + 1)];
  if (mistake === 'drop') return before + after;
  if (mistake === 'double') return before + letter + letter + after;
  if (mistake === 'change') return `${before}z${after}`;
  return before + after.slice(0, 1) + letter + after.slice(1);
}
