import type { SecureClientSessionOptions } from 'node:http2';
import { connect } from 'node:net';
import { getCACertificates } from 'node:tls';
import type { Interceptor, Transport } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { type RealizerAddress, isOnThisMachine } from '../index.ts';
import { type CallerOptions, callHeaders } from './call-headers.ts';
import { OutgoingCall } from './outgoing-call.ts';
import { Sessions } from './sessions.ts';

/** All as PEM. */
export interface ClientTls {
  /** Authorities that are trusted besides the usual ones. */
  readonly authorities?: readonly string[];
  /** What the client shows of itself. */
  readonly identity?: { readonly certificate: string; readonly key: string } | undefined;
}

export interface ChannelOptions extends CallerOptions {
  readonly address: RealizerAddress;
  readonly tls?: ClientTls | undefined;
}

export interface CallLimits {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface OpenOptions extends CallLimits {
  readonly isShort?: boolean;
}

/** The longest message that is taken; a batch of content and what stands around it. */
const largestMessage = 64 << 20;

/**
 * The way to one realizer. Content has a connection of its own, so that what is asked and answered does not wait behind it; both come
 * to be when they are first needed.
 */
export class Channel {
  /** Whether what goes there goes over a network, and is worth to be made smaller. */
  readonly isFar: boolean;
  /** For clients of services. */
  readonly transport: Transport;
  readonly #asking: Sessions;
  readonly #content: Sessions;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: ChannelOptions) {
    const authority = authorityOf(options.address);
    this.isFar = !isOnThisMachine(options.address);
    const session = sessionOptions(options);
    this.#asking = new Sessions(authority, session);
    this.#content = new Sessions(authority, session);
    this.#headers = callHeaders(options);
    this.transport = createGrpcTransport({
      baseUrl: authority,
      sessionManager: this.#asking,
      interceptors: [addHeaders(this.#headers)],
      readMaxBytes: largestMessage,
      acceptCompression: [],
    });
  }

  /** Begins a call that works on frames: on the connection for content, unless it carries so little that nobody would wait behind it. */
  open(path: string, limits: OpenOptions = {}): Promise<OutgoingCall> {
    const sessions = limits.isShort === true ? this.#asking : this.#content;
    return OutgoingCall.begin(sessions, path, { headers: this.#headers, ...limits });
  }

  /** Ends the connections, and the calls that are under way. */
  close(): void {
    this.#asking.close();
    this.#content.close();
  }
}

function authorityOf(address: RealizerAddress): string {
  if (address.kind === 'unix') return 'http://localhost';
  return `${address.secure ? 'https' : 'http'}://${address.host}:${address.port}`;
}

function sessionOptions({ address, tls }: ChannelOptions): SecureClientSessionOptions {
  if (address.kind === 'unix') return { createConnection: () => connect(address.path) };
  if (!address.secure) return {};
  const { authorities = [], identity } = tls ?? {};
  return {
    ...(authorities.length > 0 && { ca: [...getCACertificates('default'), ...authorities] }),
    ...(identity !== undefined && { cert: identity.certificate, key: identity.key }),
  };
}

/** A call that has one of the headers already keeps it: an action tells more of itself. */
function addHeaders(headers: Readonly<Record<string, string>>): Interceptor {
  return (next) => (request) => {
    for (const [name, value] of Object.entries(headers))
      if (!request.header.has(name)) request.header.set(name, value);
    return next(request);
  };
}
