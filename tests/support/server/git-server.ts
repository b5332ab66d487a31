import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { textAnswer, type Answer } from './answer.ts';
import { answerWithArchive, isArchivePath } from './archive.ts';
import { Faults, type Fault, type FaultRule, type Strike } from './faults.ts';
import { answerWithGit, isGitPath } from './http-backend.ts';
import { readRequest, type ServedRequest } from './request.ts';
import { send } from './send.ts';
import { answerWithFile, isFilePath } from './static-files.ts';

export interface GitServerOptions {
  /** Holds `<owner>/<name>.git`. */
  readonly repositories: string;
  /** What `/files/` serves; `files` in the repositories' folder unless said otherwise. */
  readonly files?: string;
  /** The address to listen at; the loopback interface's unless said otherwise. */
  readonly host?: string;
  /** A certificate and its key, both as PEM, for a server that speaks TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** A request that the server has had; bytes are those of the bodies. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly command?: 'ls-refs' | 'fetch' | 'object-info';
  readonly filter?: boolean;
  readonly wants?: readonly string[];
  /** 0 until there is an answer. */
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

type Growing<T> = { -readonly [Key in keyof T]: T[Key] };

/** A forge on this machine: git's smart protocol, archives and files, with a log, and with faults on demand. */
export class GitServer {
  readonly url: string;
  readonly port: number;
  readonly #server: Server;
  readonly #faults: Faults;
  readonly #log: LoggedRequest[];

  constructor(server: Server, url: string, faults: Faults, log: LoggedRequest[]) {
    this.#server = server;
    this.url = url;
    this.port = (server.address() as AddressInfo).port;
    this.#faults = faults;
    this.#log = log;
  }

  /** What was asked since the start or the last `reset`, in order of arrival. */
  get requests(): readonly LoggedRequest[] {
    return this.#log;
  }

  /** The bytes of all bodies, in both directions. */
  get bytes(): number {
    return this.#log.reduce((sum, request) => sum + request.bytesIn + request.bytesOut, 0);
  }

  /** How often git's protocol asked for a pack. */
  get fetches(): readonly LoggedRequest[] {
    return this.#log.filter((request) => request.command === 'fetch');
  }

  /** Forgets the requests it had. Faults stay. */
  reset(): void {
    this.#log.length = 0;
  }

  fault(rule: FaultRule): Fault {
    return this.#faults.add(rule);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

/** Starts a server on a free port. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const faults = new Faults();
  const log: Growing<LoggedRequest>[] = [];
  const listener: RequestListener = (incoming, response) => {
    serve({ options, faults, log }, incoming, response).catch((error: unknown) => {
      if (!incoming.destroyed && !response.headersSent) response.writeHead(500).end(String(error));
      else response.destroy();
    });
  };
  const { tls, host = '127.0.0.1' } = options;
  const server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ cert: tls.certificate, key: tls.key }, listener);
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new GitServer(server, `${tls === undefined ? 'http' : 'https'}://${host}:${port}`, faults, log);
}

interface Serving {
  readonly options: GitServerOptions;
  readonly faults: Faults;
  readonly log: Growing<LoggedRequest>[];
}

async function serve(serving: Serving, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  const entry = logEntry(request);
  serving.log.push(entry);
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const strike = serving.faults.strike(request);
  const answer = await answerUnder(strike, gone.signal, () =>
    answerTo(serving.options, request, gone.signal),
  );
  if (answer === undefined) return;
  entry.status = answer.status;
  await send(response, answer, strike, (bytes) => {
    entry.bytesOut += bytes;
  });
}

function logEntry(request: ServedRequest): Growing<LoggedRequest> {
  const { method, path: requestPath, command, filter, wants, body } = request;
  return {
    method,
    path: requestPath,
    ...(command === undefined ? {} : { command }),
    ...(filter === undefined ? {} : { filter }),
    ...(wants === undefined ? {} : { wants }),
    status: 0,
    bytesIn: body.length,
    bytesOut: 0,
  };
}

/** The answer, unless a fault gives another one, or none (undefined). Faults of the body are left to the sending. */
async function answerUnder(
  strike: Strike | undefined,
  gone: AbortSignal,
  answer: () => Promise<Answer>,
): Promise<Answer | undefined> {
  switch (strike?.fault.kind) {
    case 'status':
      strike.done();
      return textAnswer(strike.fault.status, 'a fault of the test', strike.fault.headers);
    case 'redirect':
      strike.done();
      return textAnswer(strike.fault.status ?? 302, 'elsewhere', { location: strike.fault.location });
    case 'hang':
      if (strike.fault.afterBytes !== undefined) return answer();
      strike.done();
      return undefined;
    case 'delay':
      await delay(strike.fault.delayMs, gone);
      strike.done();
      return answer();
    case 'hold':
      strike.done();
      await strike.released;
      return answer();
    case 'cut':
    case 'corrupt':
    case undefined:
      break;
  }
  return answer();
}

function delay(delayMs: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    gone.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function answerTo(
  options: GitServerOptions,
  request: ServedRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { repositories, files = path.join(repositories, 'files') } = options;
  if (isFilePath(request.path)) return answerWithFile(files, request);
  if (isArchivePath(request.path)) return answerWithArchive(repositories, request, signal);
  if (isGitPath(request.path)) return answerWithGit(repositories, request, signal);
  return textAnswer(404, 'Not Found');
}
