import type { Connection } from 'vscode-languageserver';
import { diagnosticsOf } from './features/diagnostics.ts';
import type { Session } from './session.ts';

/** How long an editor's user pauses before what is wrong is told again, in milliseconds. */
const pauseMs = 100;

/** Tells an editor that does not ask for them the diagnostics of its open documents, once the user pauses. */
export class Publisher {
  readonly #connection: Connection;
  readonly #session: Session;
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, session: Session) {
    this.#connection = connection;
    this.#session = session;
  }

  /** Says that what is told of a document may not hold any more. */
  changed(uri: string): void {
    this.#waiting.add(uri);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#publish(), pauseMs);
  }

  /** The same of all open documents, as when a file that they import has come or gone. */
  changedElsewhere(): void {
    for (const uri of this.#session.files.openedUris) this.changed(uri);
  }

  closed(uri: string): void {
    this.#waiting.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  #publish(): void {
    const uris = [...this.#waiting];
    this.#waiting.clear();
    for (const uri of uris) {
      const file = this.#session.files.opened(uri);
      if (file === undefined) continue;
      const { version } = file.document;
      void this.#connection.sendDiagnostics({
        uri,
        version,
        diagnostics: diagnosticsOf(this.#session, file),
      });
    }
  }
}
