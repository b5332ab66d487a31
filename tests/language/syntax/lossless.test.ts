import assert from 'node:assert/strict';
import test from 'node:test';
import { array, assert as assertProperty, constantFrom, oneof, property, string } from 'fast-check';
import { parse, printTree, type SyntaxNode } from '../../../src/language/syntax/index.ts';
import { renderDiagnostic } from '../../../src/diagnostics/index.ts';
import { chooseSeed } from '../../support/random.ts';

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
  if (diagnostics.length === 0) assert.ok(expression !== undefined && !hasError(tree), JSON.stringify(text));
  for (const diagnostic of diagnostics) {
    const { start, end } = diagnostic.primary?.span ?? { start: -1, end: -1 };
    assert.ok(start >= 0 && start <= end && end <= text.length);
    assert.doesNotMatch(renderDiagnostic(diagnostic, { color: false }), /[\u0000-\u0009\u000b-\u001f\u007f]/);
  }
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
  assertProperty(property(texts, holds), { seed, numRuns: 3000 });
});

const corpus = [
  '{ system = "x", ... } => let\n  p = import <cab:packages> { system, },\nin {\n  a = p.b { c = "d\\(e)f", },\n}\n',
  'args @ { a, b = a.c or [ 1, 2.5, ./x/\\(y) ], } => self @ { "q r".`s-\\(t)` = !a && -b > 0x1F, }\n',
  'if a == b then "\n  lines\n    "of" \\(text)\n"\nelse "= raw =" # end\n#= block #= nested =# =#\n',
  '<git:{ url = "https://example.org", submodules = true, }::/sub/\\(x)>/path/\\(y).toml |> f // h ++ i\n',
];

test('a valid text without any one of its characters, or cut anywhere, still holds', () => {
  for (const text of corpus) {
    assert.deepEqual(parse({ name: 'test', text }).diagnostics, []);
    for (let index = 0; index < text.length; index++) {
      holds(text.slice(0, index));
      holds(text.slice(index));
      holds(text.slice(0, index) + text.slice(index + 1));
    }
  }
});
