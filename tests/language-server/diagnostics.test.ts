import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { format } from '../../src/language/formatter/index.ts';
import { openEditor } from './editor.ts';

test('an editor is told what is wrong, with the hint, and again after each change', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('default.cab', 'let value = 1, in [ valeu, 2, 3 4, ]');
  assert.deepEqual(await document.diagnostics(), [
    "unused 1:5: the binding 'value' is never used",
    "CAB2001 1:21: the name 'valeu' is not defined | hint: did you mean 'value'?",
    "CAB1106 1:32: a ',' is missing between two elements: expected ',' | hint: separate with ','",
  ]);
  await document.replace('valeu', 'value');
  assert.deepEqual(await document.diagnostics(), [
    "CAB1106 1:32: a ',' is missing between two elements: expected ',' | hint: separate with ','",
  ]);
  await document.replace('3 4', '3, 4');
  assert.deepEqual(await document.diagnostics(), []);
});

test('what is never used is a hint, and not where its name says so', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'default.cab',
    'args @ { a, _b, ... } => let c = 1, d = [ d, ], in self @ { e = x => _y => 1, }',
  );
  assert.deepEqual(await document.diagnostics(), [
    "unused 1:1: the name for all arguments 'args' is never used",
    "unused 1:10: the argument 'a' is never used",
    "unused 1:30: the binding 'c' is never used",
    "unused 1:37: the binding 'd' is never used",
    "unused 1:52: the name for the attributes themselves 'self' is never used",
    "unused 1:65: the parameter 'x' is never used",
  ]);
  const [first] = await editor.published(document.uri, 1);
  assert.deepEqual([first?.severity, first?.tags], [4, [1]]);
});

test('names that are bound twice are told with the place of the first', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('default.cab', '{\n  a = 1,\n  a = 2,\n}');
  const [found] = await editor.published(document.uri, 1);
  assert.equal(found?.code, 'CAB1201');
  assert.deepEqual(found?.relatedInformation, [
    {
      location: {
        uri: document.uri,
        range: { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } },
      },
      message: 'first here',
    },
  ]);
});

test('files that are read and are not there are told, and not any more once they come', async (context) => {
  const editor = await openEditor(context, {
    files: { 'folder/x.txt': '1', 'bytes.cab': Buffer.from([0xff, 0xfe]) },
  });
  const document = await editor.open(
    'default.cab',
    '[ import ./none.cab, import ./folder, readFile ./folder, readFile ./folder/x.txt, import ./bytes.cab, import <path:./nowhere>, ]',
  );
  assert.deepEqual(await document.diagnostics(), [
    'CAB6101 1:10: ./none.cab does not exist | hint: paths are relative to the file that they stand in',
    'CAB6101 1:29: the folder ./folder has no default.cab',
    'CAB6102 1:48: ./folder is not a file, but a folder',
    'CAB2017 1:90: ./bytes.cab is not a text in UTF-8',
    `CAB6101 1:110: ${editor.folder}/nowhere does not exist | hint: paths are relative to the file that they stand in`,
  ]);
  await editor.write({ 'none.cab': '1' });
  await editor.notify('workspace/didChangeWatchedFiles', {
    changes: [{ uri: editor.uri('none.cab'), type: 1 }],
  });
  await document.diagnostics((list) => list.length === 4);
  await editor.open('folder/default.cab', '1');
  await document.diagnostics((list) => list.length === 3);
});

test('islands are looked at for their type and form', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'default.cab',
    '[ <githup:a/b>, <github:a>, <github:a/b>, <github:\\(throw "x")>, ]',
  );
  const [type, form, ...more] = await document.diagnostics();
  assert.match(type ?? '', /^CAB3001 1:4: .*hint: did you mean 'github'\?$/);
  assert.match(form ?? '', /^CAB3002 1:17: this 'github' island is malformed/);
  assert.deepEqual(more, []);
});

test('an editor that asks for diagnostics gets them when it asks, and is not told', async (context) => {
  const editor = await openEditor(context, { capabilities: { textDocument: { diagnostic: {} } } });
  const document = await editor.open('default.cab', 'nope');
  const report = await document.askAll<{ kind: string; items: Diagnostic[] }>('diagnostic');
  assert.deepEqual([report.kind, report.items.map(({ code }) => code)], ['full', ['CAB2001']]);
});

test('a closed document has no diagnostics', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('default.cab', 'nope');
  assert.equal((await document.diagnostics()).length, 1);
  await document.close();
  await editor.published(document.uri, 1, (list) => list.length === 0);
});

test('a document that was never saved is looked at as any other', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('untitled:Untitled-1', 'let $0a = import ./x.cab, in b');
  assert.deepEqual(await document.diagnostics(), [
    "unused 1:5: the binding 'a' is never used",
    "CAB2001 1:28: the name 'b' is not defined",
  ]);
  assert.deepEqual(await document.definitions(0), ['untitled:Untitled-1:1:5']);
});

test('fixes do what the hint says', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open(
    'a.cab',
    'let\n  value = 1,\n  $1other = 2,\nin [ $0valeu 3, 1$2 2$3; 4, { if$4 = 1, }, { x $5: 1, }, <githup$6:a/b>, ]\n',
  );
  const actions = async (cursor: number): Promise<readonly string[]> =>
    (await document.actions(cursor)).map(({ title }) => title);
  assert.deepEqual(await actions(0), ["Replace by 'value'"]);
  assert.match(await document.acted("Replace by 'value'", 0), /in \[ value 3,/);
  assert.match(await document.acted("Remove 'other'", 1), /^let\n {2}value = 1,\nin/);
  assert.match(await document.acted("Insert ','", 2), /1, 2;/);
  assert.match(await document.acted("Replace by ','", 3), /1 2, 4/);
  assert.match(await document.acted("Replace by '`if`'", 4), /\{ `if` = 1/);
  assert.match(await document.acted("Replace by '='", 5), /\{ x = 1/);
  assert.match(await document.acted("Replace by 'github'", 6), /<github:a\/b>/);
});

test('a document is laid out as cab fmt does it, by an edit of what differs', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', '{ first = 1, }\r\n');
  const edits = async (): Promise<TextEdit[]> => await document.askAll('formatting', { options: {} });
  await document.edit({
    range: { start: { line: 0, character: 2 }, end: { line: 0, character: 2 } },
    text: 'b   =   [2,3], ',
  });
  const applied = TextDocument.applyEdits(TextDocument.create('', '', 0, document.text), await edits());
  const { kind, text } = format({ name: 'a.cab', text: document.text }) as { kind: string; text: string };
  assert.deepEqual([kind, applied], ['formatted', text]);
  await document.replace('=   [', '= = [');
  assert.deepEqual(await edits(), []);
});

test('the only binding is removed with its let', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', '[ let $0a = 1, in 2, $1x => 1, self$2 @ { }, ]');
  assert.equal(await document.acted("Remove 'a'", 0), '[ 2, x => 1, self @ { }, ]');
  assert.equal(await document.acted("Rename to '_x'", 1), '[ let a = 1, in 2, _x => 1, self @ { }, ]');
  assert.equal(await document.acted("Remove 'self @'", 2), '[ let a = 1, in 2, x => 1, { }, ]');
});
