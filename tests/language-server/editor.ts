import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  type Diagnostic,
  type InitializeResult,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  createMessageConnection,
} from 'vscode-languageserver/node';
import { cabCommand, makeTemporaryFolder, removeFolder } from '../support/index.ts';
import { EditedDocument, marked } from './edited-document.ts';

/** How long a test waits for what does not come. */
const limitMs = 20_000;

/** How the server's process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface EditorOptions {
  /** What lies in the folder that is open. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly capabilities?: ClientCapabilities;
  /** The folders that are open, by their names below the rig's; the rig's own where nothing is said. */
  readonly folders?: readonly string[];
}

/** An editor, as far as the server sees one: the real command at the other end of its pipes. */
export class Editor {
  readonly folder: string;
  readonly process: ChildProcess;
  readonly connection: MessageConnection;
  readonly ended: Promise<Ending>;
  initialized!: InitializeResult;
  /** What the server wrote to its standard error. */
  errors = '';
  readonly #published = new Map<string, Published>();
  readonly #waiting = new Set<() => void>();

  constructor(folder: string) {
    this.folder = folder;
    const environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      CAB_STORE: path.join(folder, '.store'),
    };
    const child = spawn(cabCommand, ['lsp', '--stdio'], { cwd: folder, env: environment, stdio: 'pipe' });
    this.process = child;
    child.stderr.on('data', (chunk: Buffer) => {
      this.errors += chunk.toString();
    });
    child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    const reader = new StreamMessageReader(child.stdout);
    // Where a server ends within a message the reader would ask for the rest for ever, and so keep the test alive.
    reader.partialMessageTimeout = 0;
    this.connection = createMessageConnection(reader, new StreamMessageWriter(child.stdin));
    this.connection.onNotification('textDocument/publishDiagnostics', (published: Published) => {
      this.#published.set(published.uri, published);
      for (const look of this.#waiting) look();
    });
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.onError(() => undefined);
    this.connection.listen();
  }

  async initialize({ capabilities = {}, folders = ['.'] }: EditorOptions): Promise<void> {
    const workspaceFolders = folders.map((name) => ({ name, uri: this.uri(name) }));
    this.initialized = await this.request('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities,
      workspaceFolders,
    });
    await this.notify('initialized', {});
  }

  uri(name: string): string {
    return pathToFileURL(path.join(this.folder, name)).href;
  }

  /** The name of a document below the editor's folder. */
  nameOf(uri: string): string {
    return uri.startsWith('file:') ? path.relative(this.folder, fileURLToPath(uri)) : uri;
  }

  async request<Answer>(method: string, params: unknown): Promise<Answer> {
    const lost = this.ended.then(() => {
      throw new Error(`the server ended before it answered ${method}:\n${this.errors}`);
    });
    // A connection that is closed already throws at once.
    lost.catch(() => undefined);
    return await Promise.race([this.connection.sendRequest<Answer>(method, params), lost]);
  }

  async notify(method: string, params: unknown): Promise<void> {
    await this.connection.sendNotification(method, params);
  }

  /** The text of a file on disk. */
  textOf(uri: string): string {
    return readFileSync(fileURLToPath(uri), 'utf8');
  }

  /** Writes files to disk, behind the server's back. */
  async write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const place = path.join(this.folder, name);
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, content);
    }
  }

  /** Opens a document with this text, in which `$0` to `$9` are cursors; without a text, as it is on disk. */
  async open(name: string, text?: string): Promise<EditedDocument> {
    const content = text ?? (await readFile(path.join(this.folder, name), 'utf8'));
    const uri = name.includes(':') ? name : this.uri(name);
    const { plain, cursors } = marked(content);
    const document = new EditedDocument(this, uri, plain, cursors);
    await this.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'cab', version: 1, text: plain },
    });
    return document;
  }

  /** What the server tells of a document without being asked, once it tells of this version. */
  async published(
    uri: string,
    version: number,
    accepts: (list: readonly Diagnostic[]) => boolean = () => true,
  ) {
    return await new Promise<readonly Diagnostic[]>((resolve, reject) => {
      const timer = setTimeout(() => {
        const known = this.#published.get(uri)?.diagnostics.map(({ message }) => message);
        reject(new Error(`no such diagnostics came; the last were ${JSON.stringify(known)}`));
      }, limitMs);
      const look = (): void => {
        const known = this.#published.get(uri);
        if (known === undefined || (known.version ?? version) < version || !accepts(known.diagnostics))
          return;
        this.#waiting.delete(look);
        clearTimeout(timer);
        resolve(known.diagnostics);
      };
      this.#waiting.add(look);
      void this.ended.then(() => reject(new Error(`the server ended:\n${this.errors}`)));
      look();
    });
  }

  /** Says goodbye as the protocol has it. */
  async quit(): Promise<Ending> {
    await this.request('shutdown', undefined);
    await this.notify('exit', undefined);
    return await this.ended;
  }

  async dispose(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
    this.connection.dispose();
    await removeFolder(this.folder);
  }
}

/** Starts an editor with its server for one test. */
export async function openEditor(test: TestContext, options: EditorOptions = {}): Promise<Editor> {
  const editor = new Editor(await makeTemporaryFolder());
  test.after(() => editor.dispose());
  // A folder of a project, whatever lies around the temporary one.
  await editor.write({ '.git/HEAD': 'ref: refs/heads/main\n', ...options.files });
  await editor.initialize(options);
  return editor;
}
