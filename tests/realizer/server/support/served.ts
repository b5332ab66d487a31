import { createHash } from 'node:crypto';
import assert from 'node:assert/strict';
import {
  connect as connectSession,
  type ClientHttp2Session,
  type SecureClientSessionOptions,
} from 'node:http2';
import { connect as connectSocket } from 'node:net';
import type { Interceptor, Transport } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import {
  Authenticator,
  type ContentLimits,
  type KnownClient,
  type LogRecord,
  type NamedStreams,
  type Quotas,
  type Right,
  type Routes,
  type ServerTls,
  Tickets,
  type TransportLimits,
  capabilities,
  contentServices,
  formatListenAddress,
  parseListenAddress,
  serve,
} from '../../../../src/realizer/server/index.ts';
import type { RawHandler } from '../../../../src/realizer/server/transport/raw-call.ts';
import { MemoryStore } from './memory-store.ts';

export interface ServedOptions {
  readonly listen?: readonly string[];
  readonly tls?: ServerTls;
  readonly clients?: readonly KnownClient[];
  readonly anonymous?: readonly Right[] | undefined;
  readonly limits?: Partial<TransportLimits>;
  readonly contentLimits?: Partial<ContentLimits>;
  readonly named?: NamedStreams;
  readonly routes?: readonly Routes[];
  /** Methods on frames besides those of content, which may have their place. */
  readonly raw?: ReadonlyMap<string, RawHandler>;
  readonly store?: MemoryStore;
  readonly quotas?: Quotas;
}

/** The token of a client of tests, and what the configuration has of it. */
export function clientWithToken(name: string, token: string, may: readonly Right[]): KnownClient {
  return { name, may, tokenSha256: createHash('sha256').update(token).digest('hex') };
}

/** A server of content in memory at real sockets. It ends when the scope does. */
export async function served(options: ServedOptions = {}) {
  const store = options.store ?? new MemoryStore();
  const records: LogRecord[] = [];
  const tickets = new Tickets({ now: Date.now });
  const anonymous = options.anonymous ?? (options.clients === undefined ? ['read', 'write'] : undefined);
  const authenticator = new Authenticator({
    clients: options.clients ?? [],
    anonymous: anonymous && { may: anonymous },
    tickets,
  });
  const content = contentServices({
    store,
    limits: options.contentLimits,
    named: options.named,
    quotas: options.quotas,
  });
  const result = await serve({
    addresses: (options.listen ?? ['tcp:127.0.0.1:0']).map((text) => {
      const parsed = parseListenAddress(text);
      assert.ok(parsed.ok, text);
      return parsed.value;
    }),
    tls: options.tls,
    authenticator,
    routes: [
      capabilities({ limits: content.limits, takesActionResults: true }),
      ...content.routes,
      ...(options.routes ?? []),
    ],
    raw: new Map([...content.raw, ...(options.raw ?? [])]),
    limits: options.limits,
    quotas: options.quotas,
    log: (record) => records.push(record),
  });
  assert.ok(result.outcome === 'listening', JSON.stringify(result));
  const { listening } = result;
  const closers: (() => void)[] = [];
  const scheme = options.tls === undefined ? 'http' : 'https';

  /** For clients: the base of its addresses, with what Node needs to go there. */
  function whereTo(index = 0): { readonly url: string; readonly node: SecureClientSessionOptions } {
    const address = listening.addresses[index];
    assert.ok(address !== undefined);
    if (address.kind === 'tcp') {
      const host = address.host.includes(':') ? `[${address.host}]` : address.host;
      return { url: `${scheme}://${host}:${address.port}`, node: {} };
    }
    return { url: 'http://localhost', node: { createConnection: () => connectSocket(address.path) } };
  }

  return {
    store,
    records,
    tickets,
    listening,
    addresses: listening.addresses.map(formatListenAddress),
    whereTo,
    /** A transport of connect's own, which knows nothing of ours. */
    transport(choice: { index?: number; token?: string; node?: SecureClientSessionOptions } = {}): Transport {
      const { url, node } = whereTo(choice.index);
      const authorize: Interceptor = (next) => (request) => {
        if (choice.token !== undefined) request.header.set('authorization', `Bearer ${choice.token}`);
        return next(request);
      };
      return createGrpcTransport({
        baseUrl: url,
        nodeOptions: { ...node, ...choice.node },
        interceptors: [authorize],
        idleConnectionTimeoutMs: 1000,
      });
    },
    /** A bare connection. */
    session(node: SecureClientSessionOptions = {}): ClientHttp2Session {
      const to = whereTo();
      const session = connectSession(to.url, { ...to.node, ...node });
      session.on('error', () => {});
      closers.push(() => session.destroy());
      return session;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const close of closers) close();
      content.close();
      await listening.close({ graceMs: 0 });
    },
  };
}
