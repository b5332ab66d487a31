import {
  ProposedFeatures,
  type ServerCapabilities,
  StreamMessageReader,
  StreamMessageWriter,
  createConnection,
} from 'vscode-languageserver/node';
import {
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { capabilities } from './capabilities.ts';
import { placeOf } from './files/analysed-file.ts';
import { registerHandlers } from './handlers.ts';
import { Publisher } from './publisher.ts';
import { Session } from './session.ts';

/** Serves the editor at the other end of the standard streams until it says that it ends, or is gone. */
export function serve(): Promise<never> {
  const reader = new StreamMessageReader(process.stdin);
  const writer = new StreamMessageWriter(process.stdout);
  const connection = createConnection(ProposedFeatures.all, reader, writer);
  let isShutDown = false;
  const end = (): never => process.exit(isShutDown ? 0 : 1);
  connection.onShutdown(() => {
    isShutDown = true;
  });
  process.stdin.on('end', end).on('close', end);
  // An editor that does not read any more is gone, whatever becomes of its other pipe.
  process.stdout.on('error', end);
  // Behind what is no message nobody knows where the next begins. A message that is no JSON is over where it says.
  reader.onError(({ message }) => {
    if (/^(Message header|Header must|Content-Length value)/.test(message)) end();
  });
  new Server(connection).listen();
  // The end of the connection ends the process.
  return new Promise(() => undefined);
}

class Server {
  readonly #connection: Connection;
  readonly #session = new Session();
  readonly #documents = new TextDocuments(TextDocument);
  readonly #publisher: Publisher;
  #editor: InitializeParams['capabilities'] = {};

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#publisher = new Publisher(connection, this.#session);
  }

  listen(): void {
    this.#followEditor();
    this.#followDocuments();
    registerHandlers(this.#connection, this.#session);
    this.#documents.listen(this.#connection);
    this.#connection.listen();
  }

  #followEditor(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => {
      this.#editor = params.capabilities;
      this.#session.folders = foldersOf(params);
      return { capabilities: capabilities satisfies ServerCapabilities, serverInfo: { name: 'cab' } };
    });
    connection.onInitialized(() => {
      if (this.#editor.workspace?.workspaceFolders === true) this.#followFolders();
      if (this.#editor.workspace?.didChangeWatchedFiles?.dynamicRegistration === true) this.#watchFiles();
    });
    connection.onDidChangeWatchedFiles(() => this.#somethingElseChanged());
  }

  #followFolders(): void {
    this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => placeOf(uri)));
      const kept = this.#session.folders.filter((folder) => !gone.has(folder));
      this.#session.folders = [...new Set([...kept, ...placesOf(added)])];
    });
  }

  #watchFiles(): void {
    const watchers = ['**/*.cab', '**/cab.lock'].map((globPattern) => ({ globPattern }));
    this.#connection.client
      .register(DidChangeWatchedFilesNotification.type, { watchers })
      .catch(() => this.#connection.console.warn('the editor does not watch files'));
  }

  #followDocuments(): void {
    this.#documents.onDidChangeContent(({ document }) => {
      const isNew = this.#session.files.document(document.uri) === undefined;
      this.#session.files.put(document);
      if (this.#asksForDiagnostics) return;
      if (isNew) this.#publisher.changedElsewhere();
      else this.#publisher.changed(document.uri);
    });
    this.#documents.onDidClose(({ document }) => {
      this.#session.files.remove(document.uri);
      if (this.#asksForDiagnostics) return;
      this.#publisher.closed(document.uri);
      this.#publisher.changedElsewhere();
    });
  }

  /** A file on disk came, went or was written: diagnostics and hints of open documents may be others. */
  #somethingElseChanged(): void {
    const { workspace } = this.#editor;
    if (!this.#asksForDiagnostics) this.#publisher.changedElsewhere();
    else if (workspace?.diagnostics?.refreshSupport === true)
      void this.#connection.languages.diagnostics.refresh();
    if (workspace?.inlayHint?.refreshSupport === true) void this.#connection.languages.inlayHint.refresh();
  }

  get #asksForDiagnostics(): boolean {
    return this.#editor.textDocument?.diagnostic !== undefined;
  }
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  const folders = workspaceFolders ?? (typeof rootUri === 'string' ? [{ uri: rootUri }] : []);
  return placesOf(folders);
}

function placesOf(folders: readonly { readonly uri: string }[]): readonly string[] {
  return folders.map(({ uri }) => placeOf(uri)).filter((place) => place !== undefined);
}
