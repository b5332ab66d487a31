import { lstatSync, unlinkSync } from 'node:fs';
import {
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  createSecureServer,
  createServer,
} from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import type { ListenAddress } from './addresses.ts';
import type { TransportLimits } from './limits.ts';
import { Sessions } from './sessions.ts';
import { Traffic } from './traffic.ts';

/** All as PEM. */
export interface ServerTls {
  readonly certificate: string;
  readonly key: string;
  /** Who signs the certificates of clients; absent where those show none. */
  readonly clientAuthorities?: string | undefined;
}

export interface ListenOptions {
  readonly addresses: readonly ListenAddress[];
  /** For all addresses but Unix sockets. */
  readonly tls?: ServerTls | undefined;
  /** The mode of sockets that are files; their owner's alone where it is absent. */
  readonly socketMode?: number | undefined;
  readonly limits: TransportLimits;
  readonly onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
}

export type ListenResult =
  | { readonly outcome: 'listening'; readonly listening: Listening }
  /** Why not, as a phrase. */
  | { readonly outcome: 'failed'; readonly address: ListenAddress; readonly reason: string };

/** Listens at all addresses, or at none. */
export async function listen(options: ListenOptions): Promise<ListenResult> {
  const sessions = new Sessions(options.limits);
  const traffic = new Traffic();
  const servers: AnyServer[] = [];
  const bound: ListenAddress[] = [];
  for (const address of options.addresses) {
    const server = makeServer(address, options, sessions, traffic);
    const failure = await start(server, address, options.socketMode ?? ownersMode);
    if (failure !== undefined) {
      await Promise.all(servers.map(stop));
      return { outcome: 'failed', address, reason: failure };
    }
    servers.push(server);
    bound.push(boundAddress(server, address));
  }
  return { outcome: 'listening', listening: new Listening(servers, bound, sessions, traffic) };
}

const ownersMode = 0o600;

type AnyServer = Http2Server | Http2SecureServer;

/** A server that listens. */
export class Listening {
  readonly #servers: readonly AnyServer[];
  readonly #sessions: Sessions;
  readonly traffic: Traffic;
  /** With the ports that were free. */
  readonly addresses: readonly ListenAddress[];

  constructor(
    servers: readonly AnyServer[],
    addresses: readonly ListenAddress[],
    sessions: Sessions,
    traffic: Traffic,
  ) {
    this.traffic = traffic;
    this.#servers = servers;
    this.addresses = addresses;
    this.#sessions = sessions;
  }

  get connections(): number {
    return this.#sessions.count;
  }

  /** Has new connections use another certificate. */
  setTls(tls: ServerTls): void {
    for (const server of this.#servers)
      if ('setSecureContext' in server) server.setSecureContext(tlsOptions(tls));
  }

  /** Takes no new connection and no new call, lets running calls end within the grace, and ends them behind it. */
  async close({ graceMs }: { readonly graceMs: number }): Promise<void> {
    const stopped = this.#servers.map(stop);
    await this.#sessions.close(graceMs);
    await Promise.all(stopped);
  }
}

function makeServer(
  address: ListenAddress,
  { tls, limits, onStream }: ListenOptions,
  sessions: Sessions,
  traffic: Traffic,
): AnyServer {
  const settings = {
    maxSessionMemory: limits.sessionMegabytes,
    unknownProtocolTimeout: limits.handshakeMs,
    settings: {
      enablePush: false,
      initialWindowSize: limits.windowBytes,
      maxConcurrentStreams: limits.streams,
      maxHeaderListSize: limits.headerBytes,
    },
  };
  const isSecure = tls !== undefined && address.kind === 'tcp';
  const server = isSecure
    ? createSecureServer({ ...settings, ...tlsOptions(tls), handshakeTimeout: limits.handshakeMs })
    : createServer(settings);
  server.maxConnections = limits.connections;
  server.on('connection', (socket) => traffic.add(socket));
  server.on('session', (session: ServerHttp2Session) => sessions.add(session));
  server.on('stream', onStream);
  server.on('sessionError', () => {});
  return server;
}

function tlsOptions({ certificate, key, clientAuthorities }: ServerTls): object {
  return {
    cert: certificate,
    key,
    ALPNProtocols: ['h2'],
    minVersion: 'TLSv1.2',
    // A certificate that nobody accepts is told of in the answer to the call, where its owner can read it.
    ...(clientAuthorities !== undefined && {
      ca: clientAuthorities,
      requestCert: true,
      rejectUnauthorized: false,
    }),
  };
}

/** Answers why it does not listen, as a phrase. */
async function start(
  server: AnyServer,
  address: ListenAddress,
  socketMode: number,
): Promise<string | undefined> {
  if (address.kind === 'unix') {
    const obstacle = await clearSocket(address.path);
    if (obstacle !== undefined) return obstacle;
  }
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void => resolve(phraseOf(error, address));
    server.once('error', fail);
    const ready = (): void => {
      server.off('error', fail);
      server.on('error', () => {});
      resolve(undefined);
    };
    if (address.kind === 'unix') listenAtSocket(server, address.path, socketMode, ready);
    else server.listen({ host: address.host, port: address.port }, ready);
  });
}

/** The file never has a wider mode, not even for a moment: it is made in this very call. */
function listenAtSocket(server: AnyServer, path: string, mode: number, ready: () => void): void {
  const before = process.umask(0o777 & ~mode);
  try {
    server.listen({ path }, ready);
  } finally {
    process.umask(before);
  }
}

/** Removes a socket's file that a server has left behind. Answers why the place is taken, as a phrase. */
async function clearSocket(path: string): Promise<string | undefined> {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  if (!status.isSocket())
    return `at '${path}' is something that is no socket: remove it, or choose another path`;
  if (await answers(path)) return `another server listens at '${path}'`;
  unlinkSync(path);
  return undefined;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
}

/** Why one does not listen there, as a phrase. */
export function phraseOf(error: NodeJS.ErrnoException, address: ListenAddress): string {
  if (error.code === 'EACCES' && address.kind === 'tcp')
    return 'this user may not listen at that port: choose one above 1023';
  return phrases[error.code ?? ''] ?? error.message;
}

const phrases: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the name of the host is not known',
  // Of sockets: a missing folder is reported as one that may not be written to.
  EACCES: 'the folder of the socket does not exist, or this user may not write to it',
};

function boundAddress(server: AnyServer, address: ListenAddress): ListenAddress {
  if (address.kind === 'unix') return address;
  return { ...address, port: (server.address() as AddressInfo).port };
}

function stop(server: AnyServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
