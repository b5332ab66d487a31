import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A server for one test, and what it was asked. */
export class TestServer implements AsyncDisposable {
  readonly requests: IncomingMessage[] = [];
  readonly firstRequest: Promise<void>;
  readonly url: string;
  readonly host: string;
  readonly #server: Server;

  private constructor(server: Server, scheme: string) {
    this.#server = server;
    this.host = `localhost:${(server.address() as AddressInfo).port}`;
    this.url = `${scheme}://${this.host}`;
    this.firstRequest = new Promise((resolve) => server.once('request', () => resolve()));
    server.on('request', (request: IncomingMessage) => this.requests.push(request));
  }

  static async start(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
    secure?: { readonly key: string; readonly certificate: string },
  ): Promise<TestServer> {
    const server =
      secure === undefined
        ? createServer()
        : createSecureServer({ key: secure.key, cert: secure.certificate });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const made = new TestServer(server, secure === undefined ? 'http' : 'https');
    server.on('request', answer);
    return made;
  }

  /** Answers requests for a tunnel, as a proxy gets them. */
  onConnect(answer: (request: IncomingMessage, socket: Duplex) => void): void {
    this.#server.on('connect', answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }
}
