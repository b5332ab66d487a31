import { readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { type Diagnostic, DiagnosticError } from '../../diagnostics/index.ts';
import { unreachable } from '../../foundation/index.ts';
import { type LockReader, Store } from '../../store/index.ts';
import { EmbeddedRealizer, executorLoaders } from '../index.ts';
import { Access } from './access/access.ts';
import type { ServerConfiguration, TlsConfiguration } from './configuration/index.ts';
import type { KeeperEvent } from './keeping/keeper-event.ts';
import { StoreKeeper } from './keeping/store-keeper.ts';
import { Lifecycle } from './operations/lifecycle.ts';
import { Metrics, type TrafficState } from './operations/metrics.ts';
import { MetricsServer } from './operations/metrics-server.ts';
import { Quiet } from './operations/quiet.ts';
import type { Observe, ServerEvent } from './operations/server-event.ts';
import { statusName } from './operations/status-name.ts';
import { Quotas } from './quotas/index.ts';
import { serve } from './server.ts';
import { type ServedParts, assemble } from './served-parts.ts';
import { Tickets } from './access/tickets.ts';
import { type ListenAddress, formatListenAddress } from './transport/addresses.ts';
import type { CallEnd } from './transport/dispatch.ts';
import { type Listening, type ServerTls, phraseOf } from './transport/listening.ts';

export interface RealizerServerOptions {
  readonly configuration: ServerConfiguration;
  readonly storeFolder: string;
  /** Where the programs that come with Cab lie. */
  readonly programsFolder: string;
  /** Of Cab. */
  readonly version: string;
  /** How lock files are read that keep outputs of the store. */
  readonly readLock: LockReader;
  /** Told of all that happens; the metrics are counted besides. */
  readonly observe: Observe;
}

/** How long calls may go on that are no actions, once the server ends. */
const callsGraceMs = 5000;

/** What a server is made of, as far as it is needed later. */
interface Joined {
  readonly access: Access;
  readonly listening: Listening;
  readonly metrics: MetricsServer | undefined;
  readonly lifecycle: Lifecycle;
  readonly parts: ServedParts;
  readonly quiet: Quiet;
  readonly observe: Observe;
  /** Closes them all, the last that was begun first. */
  readonly ending: AsyncDisposableStack;
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
    return new RealizerServer(await join(options));
  }

  /** Where it listens, with the ports that were free. */
  get addresses(): readonly string[] {
    return this.#joined.listening.addresses.map(formatListenAddress);
  }

  get metricsAddress(): string | undefined {
    const { metrics } = this.#joined;
    return metrics && formatListenAddress(metrics.address);
  }

  /** Takes clients and certificates of a configuration that was read again; what else it says holds from the next start on. */
  async reload(configuration: ServerConfiguration): Promise<void> {
    const { listening, access, observe } = this.#joined;
    const tls = configuration.tls && (await readTlsFiles(configuration.tls));
    if (tls !== undefined) listening.setTls(tls);
    warnOfValidity(configuration, tls, observe);
    access.reload(configuration);
    observe({ type: 'clients-reloaded', clients: configuration.clients.length });
  }

  /**
   * Takes no new work, lets what runs end within the time, and clients fetch what came of it, and closes. Settles when all is done.
   */
  async drain(drainMs: number): Promise<void> {
    const { lifecycle, parts, listening, quiet, observe } = this.#joined;
    const endMs = performance.now() + drainMs;
    lifecycle.moveTo('draining');
    const running = parts.running();
    observe({ type: 'draining', running, forMs: drainMs });
    const drained = parts.drain();
    if (running > 0) await within(drainMs, drained);
    observe({ type: 'drained', running: parts.running() });
    if (parts.running() === 0 && this.#closed === undefined) {
      await quiet.wait(endMs);
      // Whoever watches the health is told, and goes.
      lifecycle.moveTo('closed');
      await listening.close({ graceMs: Math.max(0, endMs - performance.now()) });
    }
    await this.close();
  }

  /** Ends all that goes on. What was recorded is whole, and the next start goes on with it. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { lifecycle, parts, ending, observe } = this.#joined;
    lifecycle.moveTo('closed');
    await parts.stop();
    await ending.disposeAsync();
    observe({ type: 'closed' });
  }
}

/** Begins with all parts; where one of them cannot begin, those before it are closed again. */
async function join(options: RealizerServerOptions): Promise<Joined> {
  const { configuration } = options;
  await using begun = new AsyncDisposableStack();
  const tls = configuration.tls && (await readTlsFiles(configuration.tls));
  const metrics = new Metrics(options.version);
  const quiet = new Quiet();
  const observe: Observe = (event) => {
    metrics.observe(event);
    quiet.observe(event);
    options.observe(event);
  };
  const opening = { durable: configuration.store.durable, serves: true };
  warnOfValidity(configuration, tls, observe);
  const store = begun.adopt(openStore(options.storeFolder, opening), (each) => each.close());
  const keeper = begun.adopt(keeperOf(store, options, observe), (each) => each.close());
  // Without a limit nobody has to wait until all is counted.
  const counted = keeper.start();
  if (configuration.store.limitBytes === undefined)
    counted.catch((error: unknown) => observe({ type: 'fault', where: 'counting the store', error }));
  else await counted;
  const lifecycle = new Lifecycle();
  const tickets = new Tickets({ now: Date.now });
  const access = new Access(configuration, tickets);
  const quotas = new Quotas({ quotaOf: (client) => access.quotaOf(client) });
  const { realizer: realizing } = configuration;
  const realizer = new EmbeddedRealizer(store, executorLoaders(store, realizing), realizing);
  // To try the sandbox and to read the machine's tools takes a moment: it is begun before somebody waits for it.
  realizer.features().catch((error: unknown) => observe({ type: 'fault', where: 'trying programs', error }));
  const assembly = { ...options, store, keeper, realizer, lifecycle, tickets, quotas, observe };
  const parts = begun.adopt(assemble(assembly), (each) => each.close());
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
  if (result.outcome === 'failed') throw cannotListen(result.address, result.reason);
  const listening = begun.adopt(result.listening, (each) => each.close({ graceMs: callsGraceMs }));
  metrics.measure({
    methods: parts.methods,
    state: () => ({ ...parts.state(), ...trafficOf(listening) }),
  });
  const metricsServer = await startMetrics(configuration.metricsListen, { lifecycle, metrics, observe });
  if (metricsServer !== undefined) begun.defer(() => metricsServer.close());
  lifecycle.moveTo('serving');
  for (const address of listening.addresses)
    observe({ type: 'listening', address: formatListenAddress(address) });
  const ending = begun.move();
  return { access, listening, metrics: metricsServer, lifecycle, parts, quiet, observe, ending };
}

/** The store of a server is not the one that CAB_STORE names. */
function openStore(folder: string, opening: Parameters<typeof Store.open>[1]): Store {
  try {
    return Store.open(folder, opening);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const told = error.diagnostics.map((each) =>
      each.hint?.includes('CAB_STORE') === true ? { ...each, hint: storeHint } : each,
    );
    throw new DiagnosticError(told, { cause: error });
  }
}

const storeHint =
  "make it writable for this user, or name another folder by --store, or by 'folder' in [store]";

function keeperOf(
  store: Store,
  { configuration, readLock }: RealizerServerOptions,
  observe: Observe,
): StoreKeeper {
  return new StoreKeeper({
    store,
    limitBytes: configuration.store.limitBytes,
    readLock,
    onEvent: (event) => observe(keeperEvent(event)),
  });
}

function keeperEvent(event: KeeperEvent): ServerEvent {
  switch (event.kind) {
    case 'collected': {
      const { freedBytes: bytes, storeBytes, durationMs } = event;
      return { type: 'collected', bytes, storeBytes, durationMs };
    }
    case 'failed':
      return { type: 'fault', where: 'collecting', error: event.error };
    case 'refused':
      return { type: 'no-room', bytes: event.bytes, storeBytes: event.storeBytes };
    default:
      return unreachable(event);
  }
}

function trafficOf({ traffic }: Listening): TrafficState {
  return { ...traffic.carried, connections: traffic.open, connectionsTotal: traffic.count };
}

async function startMetrics(
  address: ListenAddress | undefined,
  context: Parameters<typeof MetricsServer.start>[1],
): Promise<MetricsServer | undefined> {
  if (address === undefined) return undefined;
  try {
    return await MetricsServer.start(address, context);
  } catch (error) {
    throw cannotListen(address, phraseOf(error as NodeJS.ErrnoException, address));
  }
}

function callEnded({ path, client, code, ...measured }: CallEnd): ServerEvent {
  return {
    type: 'call-ended',
    rpc: path.replace(/^\/(?:.*\.)?/, ''),
    client: client === '' ? undefined : client,
    status: statusName(code),
    ...measured,
  };
}

/** Settles when the work is done, or the time is over. */
async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, limitMs);
  await Promise.race([work, over]);
  clearTimeout(timer);
}

/** Clients refuse a certificate whose time is over, or has not begun, and their operators see less of why. */
function warnOfValidity(
  { tls: files }: ServerConfiguration,
  tls: ServerTls | undefined,
  observe: Observe,
): void {
  if (files === undefined || tls === undefined) return;
  const { validFromDate, validToDate } = new X509Certificate(tls.certificate);
  const now = Date.now();
  const why =
    now > validToDate.getTime()
      ? `has expired on ${dayOf(validToDate)}`
      : now < validFromDate.getTime()
        ? `is not valid before ${dayOf(validFromDate)}`
        : undefined;
  if (why === undefined) return;
  const message = `the certificate '${files.certificate}' ${why}: clients refuse it`;
  observe({ type: 'warning', message, hint: 'put a new one in its place, and send SIGHUP' });
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
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
