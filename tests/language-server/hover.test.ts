import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  DocumentLink,
  FoldingRange,
  InlayHint,
  SelectionRange,
  SemanticTokens,
} from 'vscode-languageserver';
import { openEditor } from './editor.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const lock = JSON.stringify({ version: 1, islands: { 'github:o/r': { git: commit, cab: 'a'.repeat(52) } } });

test('a builtin is shown with signature, description and example', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', '[ $0map, builtins.$1filter, $2true, $3unknown, ]');
  assert.match(
    await document.hover(0),
    /map : \(a -> b\) -> \[a\] -> \[b\][^]*results of calling[^]*map \(x => x \* 2\)/,
  );
  assert.match(await document.hover(1), /filter : /);
  assert.match(await document.hover(2), /true/);
  assert.equal(await document.hover(3), '');
});

test('a local name is shown with what it is bound to, and what its author says of it', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'a.cab',
    `args @ { given, fallback = 7, } => let
  # How many there are.
  # Two lines of it.
  count = 42,
  build = { name, ... } => name,
in x => [ $0count, $1build, $2given, $3fallback, $4x, $5args, ]`,
  );
  assert.match(
    await document.hover(0),
    /count = 42\n[^]*How many there are\. *\nTwo lines of it\.[^]*`let` in line 4/,
  );
  assert.match(await document.hover(1), /build = \{ name, \.\.\. \} => name/);
  assert.match(await document.hover(2), /An argument of the lambda in line 1/);
  assert.match(await document.hover(3), /fallback = 7[^]*with a default/);
  assert.match(await document.hover(4), /The parameter of the lambda in line 6/);
  assert.match(await document.hover(5), /args @ \{ given, fallback, \}/);
});

test('an attribute is shown with where it is bound', async (context) => {
  const editor = await openEditor(context, { files: { 'x.cab': '{\n  # The answer.\n  a = 42,\n}' } });
  const document = await editor.open('a.cab', '(import ./x.cab).$0a');
  assert.match(await document.hover(0), /a = 42[^]*The answer\.[^]*line 3 of `[^`]*x\.cab`/);
});

test('an island is shown with its type, key, page, and what the lock pins it to', async (context) => {
  const editor = await openEditor(context, { files: { 'cab.lock': lock } });
  const document = await editor.open(
    'sub/a.cab',
    '[ $0<github:o/r>/x, $1<npm:esbuild/0.25.0>, $2<cab:packages>, $3<github:\\(x)>, ]',
  );
  const hover = await document.hover(0);
  assert.match(hover, /<github:o\/r>[^]*type `github`/);
  assert.ok(hover.includes(`git: \`${commit}\``) && hover.includes(`cab: \`${'a'.repeat(52)}\``));
  assert.match(hover, /https:\/\/github\.com\/o\/r/);
  assert.match(await document.hover(1), /not in cab\.lock[^]*npmjs\.com\/package\/esbuild\/v\/0\.25\.0/);
  assert.match(await document.hover(2), /It lies at `.*library\/packages`/);
  assert.match(await document.hover(3), /computed/);
});

test('the locked revision stands short behind its island, and follows the lock', async (context) => {
  const editor = await openEditor(context, { files: { 'cab.lock': lock } });
  const document = await editor.open('a.cab', '[ <github:o/r>/x, <github:o/other>, ]');
  const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
  const hints = await document.askAll<InlayHint[]>('inlayHint', { range });
  assert.deepEqual(
    hints.map(({ label, position }) => [label, position.character]),
    [['01234567', 14]],
  );
  await editor.write({ 'cab.lock': lock.replace(commit, 'f'.repeat(40)) });
  const [moved] = await document.askAll<InlayHint[]>('inlayHint', { range });
  assert.equal(moved?.label, 'ffffffff');
  await editor.write({ 'cab.lock': '{ not a lock' });
  assert.deepEqual(await document.askAll('inlayHint', { range }), []);
});

test('a path is shown with what is there', async (context) => {
  const editor = await openEditor(context, { files: { 'lib/x.txt': '1' } });
  const document = await editor.open('a.cab', '[ $0./lib, $1./lib/x.txt, $2./none, ]');
  assert.equal(await document.hover(0), `A folder: \`${editor.folder}/lib\``);
  assert.equal(await document.hover(1), `A file: \`${editor.folder}/lib/x.txt\``);
  assert.equal(await document.hover(2), `Nothing is there: \`${editor.folder}/none\``);
});

test('islands are links to their pages, and paths to files', async (context) => {
  const editor = await openEditor(context, { files: { 'lib/default.cab': '1' } });
  const document = await editor.open(
    'a.cab',
    '[ <github:o/r/v1.0>, <gitlab:o/r>, <https://example.org/x.tgz>, ./lib, ./none, <crates:serde/1.0.2>, ]',
  );
  const links = await document.askAll<DocumentLink[]>('documentLink');
  assert.deepEqual(
    new Set(links.map(({ target }) => target)),
    new Set([
      'https://crates.io/crates/serde/1.0.2',
      'https://example.org/x.tgz',
      'https://github.com/o/r/tree/v1.0',
      'https://gitlab.com/o/r',
      editor.uri('lib/default.cab'),
    ]),
  );
});

test('brackets, lets, strings and comments of several lines fold', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'a.cab',
    '# one\n# two\nlet\n  a = {\n    b = 1,\n  },\n  c = "\n    text\n  ",\nin [\n  a,\n]\n',
  );
  const ranges = await document.askAll<FoldingRange[]>('foldingRange');
  assert.deepEqual(
    ranges.map(
      ({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind === undefined ? '' : ` ${kind}`}`,
    ),
    ['0-1 comment', '2-8', '3-4', '6-7', '9-10'],
  );
});

test('a selection grows from a name to the file', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', '{ a = f x.$0y, }\n');
  const [selection] = await document.askAll<SelectionRange[]>('selectionRange', {
    positions: [document.position()],
  });
  const texts: string[] = [];
  for (let each = selection; each !== undefined; each = each.parent)
    texts.push(document.text.slice(document.offsetAt(each.range.start), document.offsetAt(each.range.end)));
  assert.deepEqual(texts, ['y', 'x.y', 'f x.y', 'a = f x.y', '{ a = f x.y, }', '{ a = f x.y, }\n']);
});

test('tokens are told by what they mean, line by line', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let f = x => map x "\na\nb\n",\nin { f, k = f.k, } # end');
  const { legend } = editor.initialized.capabilities.semanticTokensProvider as {
    legend: { tokenTypes: string[]; tokenModifiers: string[] };
  };
  const shown = ({ data }: SemanticTokens): string[] => {
    const lines = document.text.split('\n');
    let [line, character] = [0, 0];
    return Array.from({ length: data.length / 5 }, (_, index) => {
      const [down = 0, right = 0, length = 0, type = 0, bits = 0] = data.slice(index * 5, index * 5 + 5);
      [line, character] = down === 0 ? [line, character + right] : [line + down, right];
      const modifiers = legend.tokenModifiers
        .filter((_name, bit) => (bits & (1 << bit)) !== 0)
        .map((name) => `.${name}`);
      return `${lines[line]?.slice(character, character + length)} ${legend.tokenTypes[type]}${modifiers.join('')}`;
    });
  };
  const all = shown(await document.askAll('semanticTokens/full'));
  assert.deepEqual(all, [
    'let keyword',
    'f variable.declaration',
    'x parameter.declaration',
    '=> operator',
    'map function.defaultLibrary',
    'x parameter',
    '" string',
    'a string',
    'b string',
    '" string',
    'in keyword',
    'f variable',
    'k property',
    'f variable',
    'k property',
    '# end comment',
  ]);
  const range = { start: { line: 4, character: 0 }, end: { line: 4, character: 6 } };
  const part = shown(await document.askAll('semanticTokens/range', { range }));
  assert.deepEqual(part, ['in keyword', 'f variable']);
});
