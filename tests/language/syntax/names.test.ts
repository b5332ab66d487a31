import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isPlainName, parse, tokensOf } from '../../../src/language/syntax/index.ts';

/** Whether the lexer takes the whole text as one identifier. */
function isIdentifier(text: string): boolean {
  const [token, ...rest] = [...tokensOf(parse({ name: 'name', text }).tree)].filter(
    ({ text: piece }) => piece !== '',
  );
  return token?.kind === 'identifier' && rest.length === 0;
}

test('a plain name is what the lexer takes as one identifier', () => {
  const characters = fc.constantFrom(..."aZ_9-'. \u0301\u094d\u0939\u00e9\u0664\u2160\u{1d49c}\u{1f600}");
  const names = fc.oneof(
    fc.string({ unit: characters, maxLength: 6 }),
    fc.constantFrom('if', 'then', 'else', 'let', 'in', 'or', 'iff', 'a--b', 'a-', 'नमस्ते'),
  );
  fc.assert(
    fc.property(names, (name) => {
      assert.equal(isPlainName(name), isIdentifier(name), JSON.stringify(name));
    }),
    { numRuns: 2000 },
  );
});
