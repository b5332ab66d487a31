import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { type Diagnostic, DiagnosticError } from '../../diagnostics/index.ts';
import { Store } from '../../store/index.ts';
import { EmbeddedRealizer, executorLoaders } from '../index.ts';
import { Access } from './access.ts';
import type { ServerConfiguration, TlsConfiguration } from './configuration/index.ts';
import { Lifecycle } from './operations/lifecycle.ts';
import { Metrics } from './operations/metrics.ts';
import { MetricsServer } from './operations/metrics-server.ts';
import type { Observe } from './operations/server-event.ts';
import { statusName } from './operations/status-name.ts';
import { Quotas } from './quotas/index.ts';
import { serve } from './server.ts';
import { type ServedParts, assemble } from './served-parts.ts';
import { Tickets } from './tickets.ts';
import { type ListenAddress, formatListenAddress } from './transport/addresses.ts';
import type { CallEnd } from './transport/dispatch.ts';
import type { Listening, ServerTls } from './transport/listening.ts';

export interface RealizerServerOptions {
  readonly configuration: ServerConfiguration;
  readonly storeFolder: string;
  /** Where the programs that come with Cab lie. */
  readonly programsFolder: string;
  /** Of Cab. */
  readonly version: string;
  /** Told of all that happens; the metrics are counted besides. */
  readonly observe: Observe;
}

/** How long calls may go on that are no actions, once the server ends. */
const callsGraceMs = 5000;

/** What a server is made of. */
interface Joined {
  readonly access: Access;
  readonly listening: Listening;
  readonly metrics: MetricsServer | undefined;
  readonly lifecycle: Lifecycle;
  readonly parts: ServedParts;
  readonly store: Store;
  readonly observe: Observe;
}

/** A realizer that serves others: all parts, joined. */
export class RealizerServer {
  readonly #joined: Joined;
  #closed: Promise<void> | undefined;

  private constructor(joined: Joined) {
    this.#joined = joined;
  }

  /**
   * Opens the store, and serves it.
   *
   * @throws DiagnosticError CAB6033 where it cannot listen, CAB6035 where a certificate or key cannot be read, and whatever keeps a store
   * from being opened.
   */
  static async start(options: RealizerServerOptions): Promise<RealizerServer> {
    const { configuration, storeFolder } = options;
    const tls = configuration.tls && (await readTlsFiles(configuration.tls));
    const store = Store.open(storeFolder, { durable: configuration.store.durable });
    try {
      return new RealizerServer(await startOver(store, tls, options));
    } catch (error) {
      store.close();
      throw error;
    }
  }

  /** Where it listens, with the ports that were free. */
  get addresses(): readonly string[] {
    return this.#joined.listening.addresses.map(formatListenAddress);
  }

  get metricsAddress(): string | undefined {
    return this.#joined.metrics && formatListenAddress(this.#joined.metrics.address);
  }

  /** Takes clients and certificates of a configuration that was read again; what else it says holds from the next start on. */
  async reload(configuration: ServerConfiguration): Promise<void> {
    const tls = configuration.tls && (await readTlsFiles(configuration.tls));
    if (tls !== undefined) this.#joined.listening.setTls(tls);
    this.#joined.access.reload(configuration);
    this.#joined.observe({ type: 'clients-reloaded', clients: configuration.clients.length });
  }

  /** Takes no new work, lets what runs end within the time, and closes. Settles when all is done. */
  async drain(drainMs: number): Promise<void> {
    this.#joined.lifecycle.moveTo('draining');
    const running = this.#joined.parts.running();
    this.#joined.observe({ type: 'draining', running, forMs: drainMs });
    if (running > 0) await within(drainMs, this.#joined.parts.drain());
    this.#joined.observe({ type: 'drained', running: this.#joined.parts.running() });
    await this.close();
  }

  /** Ends all that goes on. What was recorded is whole, and the next start goes on with it. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#joined.lifecycle.moveTo('closed');
    await this.#joined.parts.stop();
    await this.#joined.listening.close({ graceMs: callsGraceMs });
    await this.#joined.metrics?.close();
    await this.#joined.parts.close();
    this.#joined.store.close();
    this.#joined.observe({ type: 'closed' });
  }
}

async function startOver(
  store: Store,
  tls: ServerTls | undefined,
  options: RealizerServerOptions,
): Promise<Joined> {
  const { configuration } = options;
  const lifecycle = new Lifecycle();
  const tickets = new Tickets({ now: Date.now });
  const access = new Access(configuration, tickets);
  const realizer = new EmbeddedRealizer(
    store,
    executorLoaders(store, configuration.realizer),
    configuration.realizer,
  );
  const metricsOfParts: { current: Metrics | undefined } = { current: undefined };
  const observe: Observe = (event) => {
    metricsOfParts.current?.observe(event);
    options.observe(event);
  };
  const quotas = new Quotas({ quotaOf: (client) => access.quotaOf(client) });
  const parts = assemble({ ...options, store, realizer, lifecycle, tickets, quotas, observe });
  const result = await serve({
    addresses: configuration.listen,
    tls,
    socketMode: configuration.socketMode,
    authenticator: access,
    routes: parts.routes,
    raw: parts.raw,
    limits: { connections: configuration.limits.connections },
    quotas,
    log: (record) => observe({ type: 'noted', record }),
    onCallEnd: (end) => observe(callEnded(end)),
  });
  if (result.outcome === 'failed') {
    await parts.close();
    throw cannotListen(result.address, result.reason);
  }
  const { listening } = result;
  const metrics = new Metrics({
    methods: new Set(parts.methods),
    version: options.version,
    measure: async () => ({
      ...(await parts.measure()),
      ...listening.traffic.carried,
      connections: listening.traffic.open,
      connectionsTotal: listening.traffic.count,
    }),
  });
  metricsOfParts.current = metrics;
  const metricsServer = await startMetrics(configuration.metricsListen, {
    lifecycle,
    metrics,
    observe,
  }).catch(async (error: unknown) => {
    await listening.close({ graceMs: 0 });
    await parts.close();
    throw error;
  });
  lifecycle.moveTo('serving');
  for (const address of listening.addresses)
    observe({ type: 'listening', address: formatListenAddress(address) });
  return { access, listening, metrics: metricsServer, lifecycle, parts, store, observe };
}

async function startMetrics(
  address: ListenAddress | undefined,
  context: Parameters<typeof MetricsServer.start>[1],
): Promise<MetricsServer | undefined> {
  if (address === undefined) return undefined;
  try {
    return await MetricsServer.start(address, context);
  } catch (error) {
    throw cannotListen(address, (error as Error).message);
  }
}

function callEnded({ path, client, durationMs, code }: CallEnd): Parameters<Observe>[0] {
  return {
    type: 'call-ended',
    rpc: path.replace(/^\/(?:.*\.)?/, ''),
    client: client === '' ? undefined : client,
    status: statusName(code),
    durationMs,
  };
}

/** Settles when the work is done, or the time is over. */
async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, limitMs);
  await Promise.race([work, over]);
  clearTimeout(timer);
}

/** Read and tried out: what cannot be used is told before anything else is done with it. */
async function readTlsFiles({ certificate, key, clientAuthorities }: TlsConfiguration): Promise<ServerTls> {
  const authorities = await Promise.all(clientAuthorities.map((file) => readPem(file)));
  const read = { certificate: await readPem(certificate), key: await readPem(key) };
  try {
    createSecureContext({ cert: read.certificate, key: read.key, ca: authorities });
  } catch (error) {
    throw unusablePem(certificate, `it does not go with the key '${key}' (${(error as Error).message})`);
  }
  return { ...read, ...(authorities.length > 0 && { clientAuthorities: authorities.join('\n') }) };
}

async function readPem(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unusablePem(file, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (!text.includes('-----BEGIN ')) throw unusablePem(file, 'it is not in PEM form');
  return text;
}

function unusablePem(file: string, why: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB6035',
    severity: 'error',
    message: `the certificate or key '${file}' cannot be used: ${why}`,
    hint: 'see the table [tls] of the configuration',
  });
}

function cannotListen(address: ListenAddress, reason: string): DiagnosticError {
  const diagnostic: Diagnostic = {
    code: 'CAB6033',
    severity: 'error',
    message: `the realizer cannot listen at '${formatListenAddress(address)}': ${reason}`,
    hint: 'name another address by --listen, or in the configuration',
  };
  return new DiagnosticError(diagnostic);
}
