import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditor } from './editor.ts';

test('names in scope come before builtins, and builtins before keywords', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'args @ { given, } => let local = 1, in x => $0');
  const labels = await document.completionLabels();
  assert.deepEqual(labels.slice(0, 4), ['args', 'given', 'local', 'x']);
  assert.ok(labels.indexOf('map') > 3 && labels.indexOf('map') < labels.indexOf('else'));
});

test('what is out of scope is not offered', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', '[ let inner = 1, in inner, $0, (x => 1)$1 ]');
  for (const cursor of [0, 1]) {
    const labels = await document.completionLabels(cursor);
    assert.ok(!labels.includes('inner') && !labels.includes('x'), String(cursor));
  }
});

test('a builtin comes with its signature, and with its documentation when it is looked at', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'fil$0');
  const item = (await document.completions()).find(({ label }) => label === 'filter');
  assert.equal(item?.detail, '(a -> boolean) -> [a] -> [a]');
  const resolved = await editor.request<{ documentation: { value: string } }>('completionItem/resolve', item);
  assert.match(resolved.documentation.value, /The elements for which the function gives true/);
  assert.equal(await document.completed('filter'), 'filter');
});

test('behind a dot are the attributes of builtins, of sets, of imports and of the library', async (context) => {
  const editor = await openEditor(context, {
    files: { 'x.cab': '{ a = 1, } => self @ { fromFile = a, deep.er = 1, }' },
  });
  const document = await editor.open(
    'default.cab',
    `let
  set = { one = 1, two = x => x, "a b" = 1, } // { three = 3, },
  file = import ./x.cab { },
  packages = import <cab:packages> { system = "", },
  nested = { set = set, },
in [ set.$0, file.f$1, file.deep.$2, packages.$3, builtins.$4, nested.set.$5, 1.$6 ]`,
  );
  assert.deepEqual(await document.completionLabels(0), ['a b', 'one', 'three', 'two']);
  assert.deepEqual(await document.completionLabels(1), ['deep', 'fromFile']);
  assert.deepEqual(await document.completionLabels(2), ['er']);
  assert.ok((await document.completionLabels(3)).includes('writeText'));
  assert.ok((await document.completionLabels(4)).includes('foldLeft'));
  assert.deepEqual(await document.completionLabels(5), ['a b', 'one', 'three', 'two']);
  assert.deepEqual(await document.completionLabels(6), []);
  assert.match(await document.completed('a b', 0), /set\.`a b`/);
});

test('a comment above an attribute of the library is its documentation', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', '(import <cab:packages> { system = "", }).$0');
  const item = (await document.completions()).find(({ label }) => label === 'writeText');
  assert.match(JSON.stringify(item?.documentation), /A file of the given name and content/);
});

test('within the braces of an argument are the names that the function takes and has not got', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'a.cab',
    'let f = { name, source, check = false, } => name, name = 1, in [ f { $0 }, f { name, $1 }, f { name = 1, so$2 } ]',
  );
  assert.deepEqual((await document.completionLabels(0)).slice(0, 3), ['check', 'name', 'source']);
  assert.deepEqual((await document.completionLabels(1)).slice(0, 2), ['check', 'source']);
  assert.match(await document.completed('source', 2), /name = 1, source = {2}\}/);
  const check = (await document.completions(0)).find(({ label }) => label === 'check');
  assert.equal(check?.detail, 'default false');
});

test('behind an angle bracket are the types of islands, and behind their colon what is known', async (context) => {
  const editor = await openEditor(context, { files: { 'lib/x.cab': '1' } });
  const document = await editor.open(
    'sub/a.cab',
    '[ <$0, <git$1, <cab:$2>, <path:./$3>, <git:{ $4 }>, a <$5 ]',
  );
  assert.ok((await document.completionLabels(0)).includes('github'));
  assert.match(await document.completed('github', 1), /<github:,/);
  assert.deepEqual(await document.completionLabels(2), ['packages', 'programs']);
  assert.ok((await document.completionLabels(3)).includes('lib/'));
  assert.deepEqual(await document.completionLabels(4), ['ref', 'submodules', 'url']);
});

test('in a path are the files and folders that are there', async (context) => {
  const editor = await openEditor(context, {
    files: { 'lib/x.cab': '1', 'lib/y z.txt': '1', 'sub/b.txt': '' },
  });
  const document = await editor.open('sub/a.cab', '[ ./$0, ../lib/x$1, /$2, ../../$3, import /lib/$4 ]');
  assert.deepEqual(await document.completionLabels(0), ['b.txt']);
  assert.match(await document.completed('x.cab', 1), /\.\.\/lib\/x\.cab,/);
  assert.deepEqual(await document.completionLabels(3), [], 'a path does not lead out of its tree');
  assert.deepEqual(await document.completionLabels(4), ['x.cab']);
});

test('nothing is offered where nothing can be meant', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'a.cab',
    '# a com$0ment\n{ a = "te$1xt", b = 12$2, c = let $3 in 1, d = { $4 } => 1, }',
  );
  for (const cursor of [0, 1, 2, 3, 4])
    assert.deepEqual(await document.completionLabels(cursor), [], String(cursor));
});

test('an interpolation is code within a text', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let local = 1, in "text \\(lo$0) more"');
  assert.equal((await document.completionLabels())[0], 'local');
});

test('a call of a builtin shows which argument is being written', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', '[ foldLeft $0(x => $1y) $2 0 $3[ $4], length $5 ]');
  assert.equal(
    await document.signature(0),
    'foldLeft : «(result -> a -> result)» -> result -> [a] -> result',
  );
  assert.equal(await document.signature(1), '');
  assert.equal(
    await document.signature(2),
    'foldLeft : (result -> a -> result) -> «result» -> [a] -> result',
  );
  assert.equal(
    await document.signature(3),
    'foldLeft : (result -> a -> result) -> result -> «[a]» -> result',
  );
  assert.equal(await document.signature(5), 'length : «[a]» -> integer');
});
