import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinDefinitions } from '../../../src/language/evaluation/index.ts';
import { foreignCounterparts, foreignExpressions } from '../../../src/language/evaluation/foreign-names.ts';
import { parse } from '../../../src/language/syntax/index.ts';
import { checkError } from './check.ts';

const builtins = new Set([...builtinDefinitions.map(({ name }) => name), 'true', 'false', 'null']);

test('what another language has by another name is there, and its own name is not', () => {
  for (const [name, own] of Object.entries(foreignCounterparts)) {
    assert.ok(builtins.has(own), `'${name}' is said to be '${own}', which is no builtin`);
    assert.ok(!builtins.has(name), `'${name}' is a builtin by that name`);
  }
});

test('what is written by an expression here is so in the language', () => {
  for (const [name, text] of Object.entries(foreignExpressions)) {
    assert.deepEqual(parse({ name, text }).diagnostics, [], name);
    assert.ok(!builtins.has(name), `'${name}' is a builtin by that name`);
  }
});

test('names of other languages are told by the names they have here', () => {
  checkError('mapAttrs (n => v => v) { }', { code: 'CAB2001', at: 'mapAttrs', hint: /'mapAttributes'/ });
  checkError('lib.concatStringsSep', { code: 'CAB2001', at: 'lib', hint: /'join'/ });
  checkError('lib.optionalString true ""', { code: 'CAB2001', at: 'lib', hint: /'optionalString'/ });
  checkError('builtins.attrNames', { code: 'CAB2005', at: 'attrNames', hint: /'attributeNames'/ });
  checkError('lib.singleton 1', { code: 'CAB2001', at: 'lib', hint: /\[ x, \]/ });
  checkError('importJSON ./x', { code: 'CAB2001', hint: /fromJson \(readFile path\)/ });
  checkError('None', { code: 'CAB2001', hint: /'null'/ });
  checkError('fetchGit "x"', { code: 'CAB2001', hint: /<github:/ });
});

test('a name that the text binds is nearer than one of another language', () => {
  checkError('let length2 = 1, in len + length2', { code: 'CAB2001', at: 'len', hint: /'length2'/ });
});
