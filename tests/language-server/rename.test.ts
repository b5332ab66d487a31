import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditor } from './editor.ts';

test('a variable is renamed where it is bound and used, and nowhere else', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let $0a = 1, in { a = a, b = x.a, c = a => a, d = "\\(a)", }');
  assert.deepEqual(await document.rename('new'), {
    'a.cab': 'let new = 1, in { a = new, b = x.a, c = a => a, d = "\\(new)", }',
  });
});

test('a variable that stands alone keeps its attribute', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let $0d = 1, in { d, e = d, }');
  assert.deepEqual(await document.rename('new'), { 'a.cab': 'let new = 1, in { d = new, e = new, }' });
});

test('an attribute that stands alone keeps its variable', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let d = 1, set = { d, }, in set.$0d');
  assert.deepEqual(await document.rename('new'), { 'a.cab': 'let d = 1, set = { new = d, }, in set.new' });
});

test('an argument is renamed in the pattern, the body and the calls', async (context) => {
  const editor = await openEditor(context, {
    files: { 'call.cab': 'let d = 1, in [ import ./f.cab { d = 2, e = d, }, import ./f.cab { d, e = 1, } ]' },
  });
  const document = await editor.open('f.cab', 'args @ { $0d, e = d, } => d + args.d');
  assert.deepEqual(await document.rename('new'), {
    'f.cab': 'args @ { new, e = new, } => new + args.new',
    'call.cab': 'let d = 1, in [ import ./f.cab { new = 2, e = d, }, import ./f.cab { new = d, e = 1, } ]',
  });
});

test('an attribute is renamed in every file that selects it', async (context) => {
  const editor = await openEditor(context, {
    files: { 'use.cab': 'let t = import ./tools.cab, in t.build + (t ? build) + { build = 1, }.build' },
  });
  const document = await editor.open('tools.cab', 'self @ { $0build = 1, again = self.build, }');
  assert.deepEqual(await document.rename('make'), {
    'tools.cab': 'self @ { make = 1, again = self.make, }',
    'use.cab': 'let t = import ./tools.cab, in t.make + (t ? make) + { build = 1, }.build',
  });
});

test('bindings by parts are renamed together', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let a.b = 1, $0a.c = 2, in a.b + a.$1c');
  assert.deepEqual(await document.rename('x', 0), { 'a.cab': 'let x.b = 1, x.c = 2, in x.b + x.c' });
  assert.deepEqual(await document.rename('x', 1), { 'a.cab': 'let a.b = 1, a.x = 2, in a.b + a.x' });
});

test('a name that needs quotes gets them', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let $0a = 1, f = $1x => x, in [ a, f, ]');
  assert.deepEqual(await document.rename('python-3.13'), {
    'a.cab': 'let `python-3.13` = 1, f = x => x, in [ `python-3.13`, f, ]',
  });
  assert.deepEqual(await document.rename('if'), { 'a.cab': 'let `if` = 1, f = x => x, in [ `if`, f, ]' });
  assert.match(await document.renameRefusal('a b', 1), /would have to be quoted/);
  assert.match(await document.renameRefusal('', 0), /cannot be a name/);
});

test('what would come to mean something else is refused, and says why', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'a.cab',
    'let $0a = 1, b = 2, in [ a, b, c => a, map (x => x) [ ], ({ $1p, q, }: $2p), { $3k = 1, l = 2, }.k, ]'.replace(
      '}:',
      '} =>',
    ),
  );
  assert.match(await document.renameRefusal('b', 0), /'b' is bound in the same place as 'a'/);
  assert.match(await document.renameRefusal('c', 0), /'a' is used where an inner 'c' is bound/);
  assert.match(await document.renameRefusal('map', 0), /'map' is used where 'a' is visible/);
  assert.match(await document.renameRefusal('q', 1), /'q' is bound in the same place as 'p'/);
  assert.match(await document.renameRefusal('l', 3), /'l' is bound beside 'k'/);
  assert.deepEqual(Object.keys(await document.rename('filter', 0)), ['a.cab']);
});

test('an outer name that is used inside cannot be taken by an inner binding', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let outer = 1, in $0x => x + outer');
  assert.match(await document.renameRefusal('outer'), /'outer' is used where 'x' is visible/);
});

test('builtins, unknown names, the library and places without a name are not renamed', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'a.cab',
    '[ $0map, $1nothing, 1 $2+ 2, (import <cab:packages> { system = "", }).$3writeText, builtins.$4filter, ]',
  );
  assert.match(await document.renameRefusal('x', 0), /'map' is a builtin/);
  assert.match(await document.renameRefusal('x', 1), /'nothing' is not defined/);
  assert.match(await document.renameRefusal('x', 2), /no name here/);
  assert.match(await document.renameRefusal('x', 3), /outside of the folders/);
  assert.match(await document.renameRefusal('x', 4), /'filter' is a builtin/);
  await assert.rejects(document.ask('prepareRename', 0), /'map' is a builtin/);
});

test('the editor is told what would be renamed', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let `a b` = 1, in $0`a b`');
  assert.deepEqual(await document.ask('prepareRename'), {
    range: { start: { line: 0, character: 18 }, end: { line: 0, character: 23 } },
    placeholder: 'a b',
  });
});
