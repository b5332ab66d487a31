import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EditedDocument } from './edited-document.ts';
import { type Editor, openEditor } from './editor.ts';

const textOf = async (document: EditedDocument): Promise<unknown> =>
  await document.editor.request('cab/documentText', { textDocument: { uri: document.uri } });

test('an editor that says goodbye ends the server with 0, and one that forgets to ask with 1', async (context) => {
  const polite = await openEditor(context);
  assert.deepEqual(await polite.quit(), { code: 0, signal: null });
  const rude = await openEditor(context);
  await rude.notify('exit', undefined);
  assert.deepEqual(await rude.ended, { code: 1, signal: null });
});

test('a server whose input ends is gone', async (context) => {
  const editor = await openEditor(context);
  editor.process.stdin?.end();
  assert.deepEqual(await editor.ended, { code: 1, signal: null });
});

test('a server that nobody reads any more is gone', async (context) => {
  const editor = await openEditor(context);
  editor.process.stdout?.destroy();
  await editor.open('a.cab', 'nope');
  // The answer to this is what it cannot write.
  editor.request('workspace/symbol', { query: '' }).catch(() => undefined);
  assert.equal((await editor.ended).code, 1);
});

test('changes are applied one after the other, by UTF-16, over line ends of all kinds', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', '{\r\n  "💧 é" = 1,\r\n  b = "界",\r\n}');
  assert.equal(await textOf(document), document.text);
  await document.edit(
    { range: { start: { line: 1, character: 3 }, end: { line: 1, character: 5 } }, text: '🌍🌍' },
    { range: { start: { line: 2, character: 2 }, end: { line: 3, character: 0 } }, text: 'c = 2,\n' },
  );
  assert.equal(document.text, '{\r\n  "🌍🌍 é" = 1,\r\n  c = 2,\n}');
  assert.equal(await textOf(document), document.text);
  const whole = { text: '{ d = 1, }' };
  await document.edit(whole as Parameters<typeof document.edit>[0]);
  assert.equal(await textOf(document), '{ d = 1, }');
});

test('positions count UTF-16 units behind characters beyond the first plane', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', '[ "💧💧", let a = 1, in $0a, ]');
  assert.deepEqual(await document.definitions(), ['a.cab:1:15']);
  assert.deepEqual(await document.rename('b'), { 'a.cab': '[ "💧💧", let b = 1, in b, ]' });
});

test('requests that are malformed get an error each, and the server goes on', async (context) => {
  const editor = await openEditor(context);
  const document = await editor.open('a.cab', 'let a = 1, in $0a');
  const about = { textDocument: { uri: document.uri } };
  await assert.rejects(editor.request('textDocument/hover', {}), { code: -32602 });
  await assert.rejects(editor.request('textDocument/hover', about), { code: -32602 });
  await assert.rejects(editor.request('textDocument/hover', { ...about, position: { line: 'x' } }), {
    code: -32602,
  });
  await assert.rejects(editor.request('textDocument/selectionRange', about), { code: -32602 });
  await assert.rejects(editor.request('textDocument/codeAction', { ...about, range: 1 }), { code: -32602 });
  await assert.rejects(editor.request('textDocument/nonsense', {}), { code: -32601 });
  await editor.notify('textDocument/didChange', {
    textDocument: { uri: 'file:///nowhere', version: 3 },
    contentChanges: [],
  });
  await editor.notify('textDocument/didClose', { textDocument: { uri: 'file:///nowhere' } });
  await editor.notify('nonsense', {});
  assert.equal(
    await editor.request('textDocument/hover', {
      ...about,
      textDocument: { uri: 'file:///none.cab' },
      position: document.position(),
    }),
    null,
  );
  const far = { position: { line: 1e6, character: 1e6 } };
  await editor.request('textDocument/completion', { ...about, ...far });
  assert.deepEqual(await document.definitions(), ['a.cab:1:5']);
});

test('a message that is no JSON is passed over', async (context) => {
  const editor = await openEditor(context);
  const body = '{"jsonrpc": "2.0", "id": 1, "meth';
  editor.process.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  const document = await editor.open('a.cab', 'let a = 1, in $0a');
  assert.deepEqual(await document.definitions(), ['a.cab:1:5']);
});

test('what is no message ends the server: nobody knows where the next begins', async (context) => {
  const editor = await openEditor(context);
  editor.process.stdin?.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  assert.deepEqual(await editor.ended, { code: 1, signal: null });
});

test('a request that is cancelled is not worked on', async (context) => {
  const editor = await openEditor(context, { files: filesOfSymbols(300) });
  const cancelled = startCancelled(editor);
  await assert.rejects(cancelled, { code: -32800 });
});

test('a document of another folder, and of none, is served all the same', async (context) => {
  const editor = await openEditor(context, {
    files: { 'in/a.cab': '1', 'out/b.cab': '{ x = 1, }' },
    folders: ['in'],
  });
  const document = await editor.open('out/c.cab', '(import ./b.cab).$0x');
  assert.deepEqual(await document.definitions(), ['out/b.cab:1:3']);
  await editor.write({ 'out/d.cab': 'let a = 1, in a' });
  const unopened = { textDocument: { uri: editor.uri('out/d.cab') }, position: { line: 0, character: 14 } };
  assert.equal((await editor.request<unknown[]>('textDocument/definition', unopened)).length, 1);
});

test('folders come and go', async (context) => {
  const editor = await openEditor(context, {
    files: { 'one/a.cab': '{ first = 1, }', 'two/b.cab': '{ second = 1, }' },
    folders: ['one'],
    capabilities: { workspace: { workspaceFolders: true } },
  });
  const names = async (): Promise<string[]> =>
    (await editor.request<{ name: string }[]>('workspace/symbol', { query: '' })).map(({ name }) => name);
  assert.deepEqual(await names(), ['first']);
  const folder = (name: string) => ({ name, uri: editor.uri(name) });
  await editor.notify('workspace/didChangeWorkspaceFolders', {
    event: { added: [folder('two')], removed: [folder('one')] },
  });
  assert.deepEqual(await names(), ['second']);
});

test('an import that goes round in a circle is followed no further', async (context) => {
  const editor = await openEditor(context, {
    files: { 'a.cab': 'import ./b.cab', 'b.cab': 'import ./a.cab' },
  });
  const document = await editor.open('c.cab', 'let x = (import ./a.cab).y, y = y.z, in [ x.$0, y.$1, ]');
  assert.deepEqual(await document.completionLabels(0), []);
  assert.deepEqual(await document.completionLabels(1), []);
});

function filesOfSymbols(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`f${index}.cab`, `{ s${index} = 1, }`]),
  );
}

/** Asks, and takes it back at once. */
async function startCancelled(editor: Editor): Promise<unknown> {
  const { CancellationTokenSource } = await import('vscode-languageserver');
  const source = new CancellationTokenSource();
  const answer = editor.connection.sendRequest('workspace/symbol', { query: 'zzz' }, source.token);
  source.cancel();
  return await answer;
}
