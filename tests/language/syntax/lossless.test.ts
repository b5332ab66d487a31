import assert from 'node:assert/strict';
import test from 'node:test';
import {
  array,
  assert as assertProperty,
  constantFrom,
  double,
  nat,
  oneof,
  property,
  string,
  tuple,
} from 'fast-check';
import { isNode, parse, printTree, type SyntaxNode, tokensOf } from '../../../src/language/syntax/index.ts';
import { renderDiagnostic } from '../../../src/diagnostics/index.ts';
import { chooseSeed, fuzzFactor } from '../../support/random.ts';
import { realisticSource } from '../../support/realistic-source.ts';
import { programs } from './programs.ts';

/** Pieces that mean something to the lexer or parser, so that random texts reach what random characters do not. */
const pieces = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '"',
  '`',
  '\\(',
  '\\',
  '<',
  '>',
  '<a:',
  '::/',
  '=',
  '==',
  '=>',
  ',',
  ';',
  ':',
  '@',
  '...',
  '.',
  './',
  '/',
  '//',
  '#',
  '#=',
  '=#',
  '"=',
  '="',
  '\n',
  '\r\n',
  ' ',
  '\t',
  'a',
  'b',
  '1',
  '1.5',
  "''",
  "'",
  'if ',
  ' then ',
  ' else ',
  'let ',
  ' in ',
  ' or ',
  'inherit ',
  'with ',
  'rec ',
  '$',
  '|>',
  '<|',
  '->',
  '-',
  '!',
  '?',
  '+',
  '++',
  '&',
  '|',
  'é',
  '界',
  '\ud800',
  '\u202e',
  '\u001b',
  '\\u{41}',
  '\\n',
];

const texts = oneof(
  string({ unit: 'binary', maxLength: 60 }),
  array(constantFrom(...pieces), { maxLength: 60 }).map((list) => list.join('')),
);

/** Whatever the text is: it is kept, what is wrong is said, and what is said can be shown. */
function holds(text: string): void {
  const { tree, expression, diagnostics } = parse({ name: 'test', text });
  assert.equal(printTree(tree), text);
  assertCovers(tree, text);
  if (diagnostics.length === 0) assert.ok(expression !== undefined && !hasError(tree), JSON.stringify(text));
  for (const diagnostic of diagnostics) {
    const { start, end } = diagnostic.primary?.span ?? { start: -1, end: -1 };
    assert.ok(start >= 0 && start <= end && end <= text.length);
    assert.ok(
      diagnostic.message !== '' && diagnostic.primary?.message !== '' && diagnostic.hint !== undefined,
    );
    assert.doesNotMatch(renderDiagnostic(diagnostic, { color: false }), /[\u0000-\u0009\u000b-\u001f\u007f]/);
  }
}

/** Asserts that the tokens follow each other without a gap, none of them empty, and that each node is where its tokens are. */
function assertCovers(tree: SyntaxNode, text: string): void {
  let offset = 0;
  for (const token of tokensOf(tree)) {
    assert.equal(token.start, offset);
    assert.ok(token.text.length > 0 && text.startsWith(token.text, offset));
    offset += token.text.length;
  }
  assert.equal(offset, text.length);
  assertNested(tree);
}

function assertNested({ start, end, children }: SyntaxNode): void {
  let offset = start;
  for (const child of children) {
    assert.equal(child.start, offset);
    offset = isNode(child) ? child.end : offset + child.text.length;
    if (isNode(child)) assertNested(child);
  }
  assert.equal(offset, end);
}

function hasError(node: SyntaxNode): boolean {
  return node.children.some((child) => {
    if (child.kind === 'error' || child.kind === 'hole' || child.kind === 'error-operand') return true;
    return 'children' in child && hasError(child);
  });
}

test('any text is kept byte for byte, and what is wrong with it is said', (context) => {
  const seed = chooseSeed() | 0;
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  assertProperty(property(texts, holds), { seed, numRuns: 3000 * fuzzFactor() });
});

test('a valid text without any one of its characters, or cut anywhere, still holds', () => {
  for (const text of programs) {
    assert.deepEqual(parse({ name: 'test', text }).diagnostics, []);
    for (let index = 0; index < text.length; index++) {
      holds(text.slice(0, index));
      holds(text.slice(index));
      holds(text.slice(0, index) + text.slice(index + 1));
    }
  }
});

/** A place in a text, how much of it goes there, and what comes instead: the first two as parts of what there is. */
const mutations = array(
  tuple(double({ min: 0, max: 1, noNaN: true }), nat(12), constantFrom('', ...pieces)),
  { minLength: 1, maxLength: 5 },
);

function mutate(text: string, [place, length, piece]: readonly [number, number, string]): string {
  const start = Math.floor(place * text.length);
  return text.slice(0, start) + piece + text.slice(start + length);
}

test('so does whatever people may do to a real program', (context) => {
  const seed = chooseSeed() | 0;
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  const sources = oneof(
    constantFrom(...programs),
    nat().map((number) => realisticSource(400, number)),
  );
  const mutants = tuple(sources, mutations).map(([text, changes]) => changes.reduce(mutate, text));
  assertProperty(property(mutants, holds), { seed, numRuns: 1500 * fuzzFactor() });
});

test('a mistake in one binding does not hide that in another', (context) => {
  const seed = chooseSeed() | 0;
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  const mistakes = array(constantFrom(...Object.entries(mistakesByCode)), { minLength: 1, maxLength: 8 });
  assertProperty(
    property(mistakes, (chosen) => {
      const bindings = chosen.map(
        ([, value], index) => `  a${index} = ${value},\n  b${index} = [ ${index}, ],\n`,
      );
      const { diagnostics } = parse({ name: 'test', text: `{\n${bindings.join('')}}\n` });
      assert.deepEqual(
        diagnostics.map(({ code }) => code),
        chosen.map(([code]) => code),
      );
    }),
    { seed, numRuns: 300 * fuzzFactor() },
  );
});

/** A value for each code that is wrong in that way, and in no other. */
const mistakesByCode = {
  CAB1001: '1 $ + 2',
  CAB1002: '"open',
  CAB1005: '"\\q"',
  CAB1006: '12ab',
  CAB1007: '<nixpkgs>',
  CAB1101: '1 +',
  CAB1102: '[ (1 ]',
  CAB1103: '1 ) + 2',
  CAB1104: '(1 2)',
  CAB1105: 'if c then d',
  CAB1106: '[ 1 2 ]',
  CAB1107: '{ e = 1; }',
  CAB1108: '(x = 1)',
  CAB1109: '{ "e", }',
  CAB1110: 'x.1',
  CAB1111: '1 < 2 < 3',
  CAB1112: 'x: x',
  CAB1113: '{ e, ... }',
  CAB1114: 'rec { e = 1, }',
  CAB1115: 'f x => x',
  CAB1116: '`x\\(y)`',
  CAB1117: 'x or y',
  CAB1118: '[ , 1 ]',
  CAB1201: '{ e = 1, e = 2, }',
  CAB1202: '{ e, e, } => e',
} as const;
