import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Range } from 'vscode-languageserver';
import { chooseSeed, fuzzFactor, randomFrom } from '../support/index.ts';
import type { EditedDocument } from './edited-document.ts';
import { openEditor } from './editor.ts';

/** What is typed: pieces that mean something, and pieces that break what does. */
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
  '\n',
  '\r\n',
  ' ',
  ',',
  ';',
  '=',
  ' = ',
  '=>',
  ' => ',
  '@',
  ' @ ',

  '.',
  '...',
  './',
  '../',
  '/',
  '//',
  '<',
  '>',
  '<git',
  '<github:a/b>',
  '<cab:packages>',
  '<path:./x>',
  '::/',
  '#',
  '#=',
  '=#',

  'let ',
  ' in ',
  'if ',
  ' then ',
  ' else ',
  ' or ',
  'a',
  'b',
  'args',
  'self',
  'map',
  'import ',
  'builtins.',
  '1',
  '1.5',

  'a = a.b.c, ',
  '{ a, b, ... } => ',
  'let a.b = 1, in ',
  'self @ { a = self, }',
  'import ./a.cab',
  '💧',
  '\ud800',
  'é',
  '\u0000',
  "''",
] as const;

const start =
  '{ a, b ? 1, } => let c = import ./a.cab { a = "x", }, d = x => c.y + x, in self @ {\n  e = d 1,\n  f.g = self.e, # text\n  h = "\\(c)",\n}\n';

const rounds = 60;

test('whatever is typed, the server holds the same text, and answers within it', async (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const editor = await openEditor(context, { files: { 'a.cab': '{ a, } => self @ { y = a, z = self.y, }' } });
  let document = await editor.open('fuzz.cab', start);
  for (let round = 0; round < rounds * fuzzFactor(); round++) {
    if (document.text.length > 2000) {
      await document.close();
      document = await editor.open('fuzz.cab', start);
    }
    for (let edits = below(4); edits >= 0; edits--) {
      const from = below(document.text.length + 1);
      const to = Math.min(document.text.length, from + (random() < 0.5 ? 0 : below(12)));
      const range = { start: document.positionAt(from), end: document.positionAt(to) };
      await document.edit({ range, text: pieces[below(pieces.length)] ?? '' });
    }
    const text = await editor.request('cab/documentText', { textDocument: { uri: document.uri } });
    assert.equal(text, document.text);
    for (const [method, params] of requestsAt(document, below(document.text.length + 1))) {
      const answer = await editor
        .request(method, { textDocument: { uri: document.uri }, ...params })
        .catch(refusal);
      for (const range of rangesIn(answer, document.uri))
        assertWithin(document, range, `${method} in round ${round}`);
    }
  }
  assert.equal((await editor.quit()).code, 0);
});

function requestsAt(document: EditedDocument, offset: number): readonly (readonly [string, object])[] {
  const position = document.positionAt(offset);
  const range = { start: position, end: document.positionAt(offset + 40) };
  const at = ['hover', 'completion', 'signatureHelp', 'definition', 'documentHighlight', 'prepareRename'];
  const whole = [
    'documentSymbol',
    'foldingRange',
    'documentLink',
    'semanticTokens/full',
    'diagnostic',
    'formatting',
  ];
  const all: (readonly [string, object])[] = [
    ...at.map((name) => [name, { position }] as const),
    ...whole.map((name) => [name, { options: {} }] as const),
    ['references', { position, context: { includeDeclaration: true } }],
    ['rename', { position, newName: 'renamed' }],
    ['selectionRange', { positions: [position] }],
    ['codeAction', { range, context: { diagnostics: [] } }],
    ['inlayHint', { range }],
    ['semanticTokens/range', { range }],
  ];
  return all.map(([name, params]) => [`textDocument/${name}`, params]);
}

/** A request may be refused, as a rename of nothing is; a fault of the server is none of these. */
function refusal(error: unknown): null {
  const { code, message } = error as { code?: number; message: string };
  assert.equal(code, -32803, message);
  return null;
}

/** The ranges in an answer, but for those of other documents. */
function* rangesIn(answer: unknown, uri: string): Generator<Range> {
  if (typeof answer !== 'object' || answer === null) return;
  if ('uri' in answer && answer.uri !== uri) return;
  if ('start' in answer && 'end' in answer && typeof answer.start === 'object') yield answer as Range;
  for (const [key, value] of Object.entries(answer))
    if (!key.startsWith('file:') || key === uri) yield* rangesIn(value, uri);
}

function assertWithin(document: EditedDocument, { start: first, end: last }: Range, what: string): void {
  const [from, to] = [document.offsetAt(first), document.offsetAt(last)];
  assert.ok(from <= to, `${what}: a range that ends before it starts`);
  for (const position of [first, last])
    assert.deepEqual(
      document.positionAt(document.offsetAt(position)),
      position,
      `${what}: a place that the text has not`,
    );
}
