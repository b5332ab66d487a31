import type { StorePath } from '../../foundation/index.ts';
import type { Store } from '../../store/index.ts';
import type {
  Load,
  LookedUp,
  RealizeContext,
  RealizeRequest,
  RealizeResult,
  Realizer,
  RepeatResult,
} from '../index.ts';
import { type GetStatusResponse, tooOld } from '../protocol/index.ts';
import type { Connection } from './connection.ts';
import { KnownOutputs } from './known-outputs.ts';
import { Lookups } from './lookups.ts';
import { RemoteBuild } from './remote-build.ts';
import { SmallContent } from './small-content.ts';
import { StatusCache } from './status.ts';
import { Transfers } from './transfers.ts';

/** How old what it says of itself may be, in milliseconds. */
const featuresAgeMs = 30_000;
const loadAgeMs = 1000;
/** How often it is asked for how long it takes to answer. */
const pings = 5;

export interface RemoteRealizerOptions {
  readonly connection: Connection;
  /** Of this process: logs are kept in it, and outputs come and go. */
  readonly store: Store;
  /** Of Cab. */
  readonly version: string;
}

/** A realizer that is reached over the network, as one of the Remote Execution API with what Cab adds to it. */
export class RemoteRealizer implements Realizer {
  readonly name: string;
  readonly remote: Transfers;
  readonly #connection: Connection;
  readonly #store: Store;
  readonly #version: string;
  readonly #status: StatusCache;
  readonly #content: SmallContent;
  readonly #known: KnownOutputs;
  readonly #lookups: Lookups;
  /** Identical work in flight is asked for once. */
  readonly #inFlight = new Map<string, Promise<RealizeResult>>();

  constructor({ connection, store, version }: RemoteRealizerOptions) {
    this.name = connection.named.name;
    this.#connection = connection;
    this.#store = store;
    this.#version = version;
    this.#status = new StatusCache(connection);
    this.#content = new SmallContent(connection);
    this.#known = new KnownOutputs(connection, this.#content, store);
    this.#lookups = new Lookups(connection, this.#known);
    this.remote = new Transfers({ connection, store, known: this.#known, status: this.#status });
  }

  /** As in the configuration, with its port. */
  get address(): string {
    return this.#connection.named.address;
  }

  /** What it says of itself, no older than so many milliseconds. @throws RealizerUnavailable where either side is too old for the other. */
  async status(ageMs: number): Promise<GetStatusResponse> {
    const status = await this.#status.get(ageMs);
    const old = tooOld(status);
    if (old === undefined) return status;
    const why = old === 'client' ? 'this cab is too old for it' : 'it is too old for this cab';
    throw this.#connection.unavailable({
      reason: 'version',
      why: `${why}, and is version ${status.version}`,
    });
  }

  /** How long it takes to answer, in milliseconds: the middle of some answers, one after another. The first has made the connection. */
  async latencyMs(): Promise<number> {
    await this.status(featuresAgeMs);
    const times: number[] = [];
    for (let count = 0; count < pings; count++) {
      const startedMs = performance.now();
      await this.status(0);
      times.push(performance.now() - startedMs);
    }
    return times.toSorted((a, b) => a - b)[Math.floor(pings / 2)] as number;
  }

  async features(): Promise<ReadonlySet<string>> {
    return new Set((await this.status(featuresAgeMs)).features);
  }

  async lacking(required: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (required.length === 0) {
      this.#connection.check();
      return new Map();
    }
    const { features, remedies } = await this.status(featuresAgeMs);
    const offered = new Set(features);
    const lacking = required.filter((feature) => !offered.has(feature));
    return new Map(lacking.map((feature) => [feature, remedies[feature] ?? '']));
  }

  async lookup(request: Pick<RealizeRequest, 'derivation' | 'pins'>): Promise<LookedUp | undefined> {
    return await this.#lookups.get(request);
  }

  async has(path: StorePath): Promise<boolean> {
    return (await this.#known.get(path)) !== undefined;
  }

  realize(request: RealizeRequest, context: RealizeContext): Promise<RealizeResult> {
    const key = `${request.derivation.id}:${JSON.stringify(request.pins)}`;
    const running = this.#inFlight.get(key);
    if (running !== undefined) return running;
    const result = this.#build(request, context)
      .realize()
      .finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, result);
    return result;
  }

  async repeat(request: RealizeRequest, context: RealizeContext): Promise<RepeatResult> {
    const { result, outputs } = await this.#build(request, context).repeat();
    await this.remote.fetchUnrecorded(outputs, context);
    return result;
  }

  async load(): Promise<Load> {
    const { load } = await this.status(loadAgeMs);
    return { running: load?.running ?? 0, queued: load?.queued ?? 0, capacity: load?.capacity ?? 1 };
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #build(request: RealizeRequest, context: RealizeContext): RemoteBuild {
    return new RemoteBuild(
      {
        connection: this.#connection,
        store: this.#store,
        content: this.#content,
        known: this.#known,
        version: this.#version,
        push: async (paths) => void (await this.remote.push(paths, context)),
      },
      request,
      context,
    );
  }
}
