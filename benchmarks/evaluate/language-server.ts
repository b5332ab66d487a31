/**
 * How long an editor waits for each kind of answer about a file of 5,000 lines, directly after an edit: the real command, over its
 * pipes. An answer is to come within 50 ms.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  createMessageConnection,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { makeTemporaryFolder, removeFolder } from '../../scripts/temporary-folder.ts';
import { median, printGoal } from '../measure.ts';

const goalMs = 50;
const lines = 5000;
const rounds = 40;
/** What V8 has not compiled yet is slower than an editor's user ever sees again. */
const warmUp = 5;

const command = fileURLToPath(new URL('../../bin/cab', import.meta.url));

/** A file as people write them, of as many characters a line as the library has: packages that name each other, islands and files. */
function makeText(): string {
  const packages = Array.from({ length: Math.floor((lines - 8) / 14) }, (_, index) =>
    [
      `  # Package ${index}, which needs the one before it.`,
      `  package-${index} = { system, check = false, } => packages.run {`,
      `    name        = "package-${index}",`,
      `    environment = {`,
      `      source = <github:owner/repository-${index}/v1.${index}>,`,
      `      before = ${index === 0 ? 'null' : `package-${index - 1} { inherited = system, system = "x", }`},`,
      `      flags  = join " " (map`,
      `        (flag => "--\\(flag)=\\(toString ${index})")`,
      `        [ "one", "two", ]),`,
      `      check  = if check then 1 + 2 * 3 else length [ 1, 2, ],`,
      `    },`,
      `    script = "make -C ./folder",`,
      `  },`,
      ``,
    ].join('\n'),
  );
  return `{ system, } => let
  packages = import <cab:packages> { system, },
  tools = import ./tools.cab,
${packages.join('\n')}in {
  last = package-${packages.length - 1} { system, },
  tool = tools.build,
}
`;
}

class Client {
  readonly #connection: MessageConnection;
  readonly #uri: string;
  #document: TextDocument;

  constructor(connection: MessageConnection, uri: string, text: string) {
    this.#connection = connection;
    this.#uri = uri;
    this.#document = TextDocument.create(uri, 'cab', 1, text);
  }

  get text(): string {
    return this.#document.getText();
  }

  positionOf(word: string) {
    const at = this.text.lastIndexOf(word);
    if (at === -1) throw new Error(`'${word}' is not in the text`);
    return this.#document.positionAt(at + word.length);
  }

  async open(): Promise<void> {
    const textDocument = { uri: this.#uri, languageId: 'cab', version: 1, text: this.text };
    await this.#connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Types one character into a comment in the middle, or takes it away again. */
  async edit(): Promise<void> {
    const position = this.#document.positionAt(this.text.indexOf('# Package 200') + 2);
    const isTyped = this.text.includes('# xPackage 200');
    const start = isTyped ? this.#document.positionAt(this.text.indexOf('# xPackage 200') + 2) : position;
    const end = isTyped ? { line: start.line, character: start.character + 1 } : start;
    const change = { range: { start, end }, text: isTyped ? '' : 'x' };
    const version = this.#document.version + 1;
    TextDocument.update(this.#document, [change], version);
    await this.#connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.#uri, version },
      contentChanges: [change],
    });
  }

  async ask(method: string, more: object): Promise<unknown> {
    return await this.#connection.sendRequest(method, { textDocument: { uri: this.#uri }, ...more });
  }
}

const folder = await makeTemporaryFolder();
await mkdir(path.join(folder, '.git'));
await writeFile(path.join(folder, 'tools.cab'), '{ build = 1, }\n');
const text = makeText();
await writeFile(path.join(folder, 'default.cab'), text);
await writeFile(
  path.join(folder, 'cab.lock'),
  JSON.stringify({
    version: 1,
    islands: Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [
        `github:owner/repository-${index}/v1.${index}`,
        { git: 'a'.repeat(40) },
      ]),
    ),
  }),
);
const child = spawn(command, ['lsp'], {
  cwd: folder,
  stdio: ['pipe', 'pipe', 'inherit'],
  env: { PATH: process.env['PATH'] ?? '', HOME: folder },
});
const connection = createMessageConnection(
  new StreamMessageReader(child.stdout),
  new StreamMessageWriter(child.stdin),
);
connection.listen();
const folderUri = pathToFileURL(folder).href;
await connection.sendRequest('initialize', {
  processId: process.pid,
  rootUri: folderUri,
  capabilities: { textDocument: { diagnostic: {} } },
  workspaceFolders: [{ uri: folderUri, name: 'bench' }],
});
await connection.sendNotification('initialized', {});
const client = new Client(connection, pathToFileURL(path.join(folder, 'default.cab')).href, text);
await client.open();

const whole = { start: { line: 0, character: 0 }, end: { line: lines, character: 0 } };
const screen = { start: { line: 2400, character: 0 }, end: { line: 2460, character: 0 } };
const at = (word: string) => () => ({ position: client.positionOf(word) });
const questions: readonly (readonly [string, () => object])[] = [
  ['textDocument/diagnostic', () => ({})],
  ['textDocument/hover', at('last = package-35')],
  ['textDocument/completion', at('tool = to')],
  ['textDocument/completion', at('tool = tools.')],
  ['textDocument/signatureHelp', at('else length ')],
  ['textDocument/definition', at('last = package-35')],
  [
    'textDocument/references',
    () => ({ ...at('last = package-35')(), context: { includeDeclaration: true } }),
  ],
  ['textDocument/documentHighlight', at('last = package-35')],
  ['textDocument/prepareRename', at('last = package-35')],
  ['textDocument/rename', () => ({ ...at('  tool')(), newName: 'renamed' })],
  ['textDocument/rename', () => ({ ...at('{ system')(), newName: 'renamed' })],
  ['textDocument/documentSymbol', () => ({})],
  ['workspace/symbol', () => ({ query: 'package-7' })],
  ['textDocument/foldingRange', () => ({})],
  ['textDocument/selectionRange', () => ({ positions: [client.positionOf('last = package-35')] })],
  ['textDocument/codeAction', () => ({ range: screen, context: { diagnostics: [] } })],
  ['textDocument/semanticTokens/full', () => ({})],
  ['textDocument/semanticTokens/range', () => ({ range: screen })],
  ['textDocument/documentLink', () => ({})],
  ['textDocument/inlayHint', () => ({ range: whole })],
  ['textDocument/formatting', () => ({ options: { tabSize: 2, insertSpaces: true } })],
];

/** The processor time of the thread that answers, in milliseconds: what an answer takes on a machine that does nothing else. */
function processorMs(): number {
  const [nanoseconds = ''] = readFileSync(`/proc/${child.pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

const times = questions.map((): number[] => []);
const processorTimes = questions.map((): number[] => []);
for (let round = 0; round < warmUp + rounds; round++) {
  for (const [index, [method, more]] of questions.entries()) {
    const params = more();
    const [startedMs, processorStartedMs] = [performance.now(), processorMs()];
    await client.edit();
    await client.ask(method, params);
    if (round < warmUp) continue;
    times[index]?.push(performance.now() - startedMs);
    processorTimes[index]?.push(processorMs() - processorStartedMs);
  }
}
console.log(
  `\nAnswers of the language server about ${text.split('\n').length} lines (${Math.round(text.length / 1024)} KiB), each directly after an edit`,
);
const shown = (of: readonly number[]): string =>
  `median ${median(of).toFixed(1).padStart(6)} ms   worst ${Math.max(...of)
    .toFixed(1)
    .padStart(6)} ms`;
for (const [index, [method]] of questions.entries()) {
  console.log(
    `  ${method.padEnd(34)} ${shown(times[index] ?? [])}   processor ${shown(processorTimes[index] ?? [])}`,
  );
}
const show = (value: number): string => `${value.toFixed(1)} ms`;
printGoal('slowest median', Math.max(...times.map(median)), goalMs, show);
printGoal('slowest median in processor time', Math.max(...processorTimes.map(median)), goalMs, show);
printGoal('worst answer', Math.max(...times.flat()), goalMs, show);
await connection.sendRequest('shutdown');
await connection.sendNotification('exit');
connection.dispose();
await removeFolder(folder);
