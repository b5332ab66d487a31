import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** Gives another server's answers: each is asked for once, and then given again at once, since it is the client that is measured. */
export class ReplayServer implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Answers for an origin; with `pathAt`, for one path of it under many names. */
  static async start(origin: string, pathAt = (url: string): string => url): Promise<ReplayServer> {
    const answers = new Map<string, Promise<Answer>>();
    const server = createServer(async (request, response) => {
      const body = await buffer(request);
      const url = pathAt(request.url ?? '/');
      const key = `${request.method} ${url} ${body.toString('latin1')}`;
      const known = answers.get(key) ?? ask(`${origin}${url}`, request.headers, request.method, body);
      answers.set(key, known);
      const answer = await known;
      response.writeHead(answer.status, {
        'content-type': answer.type,
        'content-length': answer.body.length,
      });
      response.end(answer.body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ReplayServer(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

async function ask(
  url: string,
  headers: NodeJS.Dict<string | string[]>,
  method = 'GET',
  body: Buffer,
): Promise<Answer> {
  const passed = Object.entries(headers).filter(
    ([name]) => name.startsWith('content-type') || name === 'git-protocol',
  );
  const response = await fetch(url, {
    method,
    headers: Object.fromEntries(passed) as Record<string, string>,
    ...(method === 'POST' ? { body: Uint8Array.from(body) } : {}),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: Buffer.from(await response.arrayBuffer()),
  };
}
