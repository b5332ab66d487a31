import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditor } from './editor.ts';

test('a name leads to its binding, whatever binds it', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'default.cab',
    `args @ { system, name = $0system, ... } => let
  a = x => $1x + b,
  b = $2args.system,
in self @ {
  c = $3a $4b,
  d = $5self.c,
}
`,
  );
  assert.deepEqual(await document.definitions(0), ['default.cab:1:10']);
  assert.deepEqual(await document.definitions(1), ['default.cab:2:7']);
  assert.deepEqual(await document.definitions(2), ['default.cab:1:1']);
  assert.deepEqual(await document.definitions(3), ['default.cab:2:3']);
  assert.deepEqual(await document.definitions(4), ['default.cab:3:3']);
  assert.deepEqual(await document.definitions(5), ['default.cab:4:4']);
});

test('the inner of two bindings of one name is the one that is meant', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let a = 1, in [ $0a, (a => $1a), let a = 2, in $2a, ]');
  assert.deepEqual(await document.definitions(0), ['a.cab:1:5']);
  assert.deepEqual(await document.definitions(1), ['a.cab:1:21']);
  assert.deepEqual(await document.definitions(2), ['a.cab:1:34']);
});

test('an attribute leads to where the set binds it, over names, calls, updates and imports', async (context) => {
  const editor = await openEditor(context, {
    files: { 'tools.cab': '{ system, } => tools @ {\n  build = x => x,\n  nested.deep = 1,\n}\n' },
  });
  const document = await editor.open(
    'default.cab',
    `let
  tools = import ./tools.cab { $0system = "s", },
  own = tools // { extra.inner = 1, },
in [ tools.$1build 1, own.nested.$2deep, own.extra.$3inner, own.$4build, ]
`,
  );
  assert.deepEqual(await document.definitions(0), ['tools.cab:1:3']);
  assert.deepEqual(await document.definitions(1), ['tools.cab:2:3']);
  assert.deepEqual(await document.definitions(2), ['tools.cab:3:10']);
  assert.deepEqual(await document.definitions(3), ['default.cab:3:26']);
  assert.deepEqual(await document.definitions(4), ['tools.cab:2:3']);
});

test('paths, imports and islands of this machine lead to files', async (context) => {
  const editor = await openEditor(context, {
    files: { 'lib/default.cab': '{ }', 'lib/x.cab': '1', 'notes.txt': 'n' },
  });
  const document = await editor.open(
    'sub/default.cab',
    '[ $0import ../lib, import $1../lib/x.cab, readFile $2/notes.txt, $3<path:./lib>, $4<path:./lib>/x.cab, $5<cab:packages>, ]',
  );
  assert.deepEqual(await document.definitions(0), ['lib/default.cab:1:1']);
  assert.deepEqual(await document.definitions(1), ['lib/x.cab:1:1']);
  assert.deepEqual(await document.definitions(2), ['notes.txt:1:1']);
  assert.deepEqual(await document.definitions(3), ['lib/default.cab:1:1']);
  assert.deepEqual(await document.definitions(4), ['lib/x.cab:1:1']);
  const [library] = await document.definitions(5);
  assert.match(library ?? '', /library\/packages\/default\.cab:1:1$/);
});

test('an open document stands before the file on disk', async (context) => {
  const editor = await openEditor(context, { files: { 'x.cab': '{ old = 1, }' } });
  const other = await editor.open('x.cab', '{\n  fresh = 1,\n}');
  const document = await editor.open('default.cab', '[ (import ./x.cab).$0fresh, (import ./x.cab).$1old, ]');
  assert.deepEqual(await document.definitions(0), ['x.cab:2:3']);
  assert.deepEqual(await document.definitions(1), []);
  await other.close();
  assert.deepEqual(await document.definitions(1), ['x.cab:1:3']);
});

test('references are all uses, with or without the binding', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let $0a = 1, b = a, in { a, c = [ a, x => a, a => a, ], }');
  assert.deepEqual(await document.references(0), [
    'a.cab:1:16',
    'a.cab:1:24',
    'a.cab:1:33',
    'a.cab:1:41',
    'a.cab:1:5',
  ]);
  assert.equal((await document.references(0, false)).length, 4);
  assert.deepEqual(await document.highlights(0), [
    '1:5 write',
    '1:16 read',
    '1:24 read',
    '1:33 read',
    '1:41 read',
  ]);
});

test('references of an attribute are found in the files that import it, on disk and unsaved', async (context) => {
  const editor = await openEditor(context, {
    files: {
      'tools.cab': '{ build = 1, other = 2, }',
      'disk.cab': '(import ./tools.cab).build',
      'unrelated.cab': '{ build = 1, }.build',
    },
  });
  await editor.open('unsaved.cab', 'let t = import ./tools.cab, in t.build + t.other');
  const document = await editor.open('tools.cab', '{ $0build = 1, other = 2, }');
  assert.deepEqual(await document.references(0), ['disk.cab:1:22', 'tools.cab:1:3', 'unsaved.cab:1:34']);
});

test('names are found in a document that is broken elsewhere', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let a = 1, b = , c = [ a, $0a in { d = (a, e = $1b. }');
  assert.deepEqual(await document.definitions(0), ['a.cab:1:5']);
  assert.deepEqual(await document.definitions(1), ['a.cab:1:12']);
});

test('the symbols of a document are its bindings, as they lie in one another', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'a.cab',
    '{ system, } => let f = x => { inner = x, }, in { "a b".c = 1, list = [ { deep = 2, }, ], f, }',
  );
  assert.deepEqual(await document.symbols(), ['f', '  inner', 'a b.c', 'list', '  deep', 'f']);
});

test('symbols of all folders are found by letters of their names', async (context) => {
  const editor = await openEditor(context, {
    files: {
      'one/a.cab': '{ cargoBuild = 1, }',
      'two/b.cab': '{ goBuild = 1, other = 2, }',
      'three/c.cab': '{ noBuild = 1, }',
    },
    folders: ['one', 'two'],
  });
  const found = await editor.request<{ name: string; location: { uri: string } }[]>('workspace/symbol', {
    query: 'gbuild',
  });
  assert.deepEqual(
    found.map(({ name, location }) => `${editor.nameOf(location.uri)} ${name}`),
    ['one/a.cab cargoBuild', 'two/b.cab goBuild'],
  );
});
