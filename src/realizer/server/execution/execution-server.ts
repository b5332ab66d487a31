import type { Store } from '../../../store/index.ts';
import type { EmbeddedRealizer, Load, RealizerConfiguration } from '../../index.ts';
import type { ContentStore } from '../content/content-store.ts';
import type { StoreKeeper } from '../keeping/store-keeper.ts';
import { actionCacheMethods } from '../services/action-cache.ts';
import { executionMethods } from '../services/execution.ts';
import { operationMethods } from '../services/operations.ts';
import type { RawHandler } from '../transport/raw-call.ts';
import { AnsweredResults } from './answered-results.ts';
import { DerivationActions } from './derivation-actions.ts';
import { type Quotas, withinQuota } from '../quotas/index.ts';
import type { ExecutionEvent } from './event.ts';
import { type ExecutionLimits, Executions } from './executions.ts';
import { FairQueue } from './fair-queue.ts';
import { ForeignActions, type ForeignLimits } from './foreign-actions.ts';
import { KnownResults } from './known-results.ts';
import { type LogStreams, RunningStreams } from './log-streams.ts';
import type { AcceptedPlatform } from './platform.ts';
import { RememberedContent } from './remembered-content.ts';

export interface ExecutionServerOptions {
  readonly store: Store;
  readonly content: ContentStore;
  readonly realizer: EmbeddedRealizer;
  readonly configuration: Pick<RealizerConfiguration, 'cores' | 'hostTools' | 'limits'>;
  readonly limits: ExecutionLimits;
  readonly quotas: Quotas;
  readonly foreignLimits: ForeignLimits;
  readonly platform: AcceptedPlatform;
  /** What this realizer is called in what it tells of an execution. */
  readonly worker: string;
  readonly observe: (event: ExecutionEvent) => void;
  /** Of the store's size, where that is kept. */
  readonly keeper?: Pick<StoreKeeper, 'begin'> | undefined;
}

/** How many programs that mostly wait for an origin run at once. */
const fetchesLimit = 128;

/** What a realizer offers, and how busy it is. */
export interface RealizerState {
  readonly features: readonly string[];
  /** For each feature that it would offer if more were installed: what to do. */
  readonly remedies: ReadonlyMap<string, string>;
  readonly load: Load;
  readonly isDraining: boolean;
}

/** All that executes actions, and what is known of them. */
export class ExecutionServer {
  readonly executions: Executions;
  readonly results: KnownResults;
  readonly #options: ExecutionServerOptions;
  readonly #streams = new RunningStreams();
  readonly #foreign: ForeignActions;
  readonly #answered: AnsweredResults;
  readonly #queues: { readonly computing: FairQueue; readonly fetching: FairQueue };

  constructor(options: ExecutionServerOptions) {
    const { store, realizer, configuration, limits, quotas, observe, worker } = options;
    const content = new RememberedContent(options.content);
    this.#options = options;
    this.#answered = new AnsweredResults(content);
    const queues = { computing: new FairQueue(configuration.cores), fetching: new FairQueue(fetchesLimit) };
    const streams = this.#streams;
    const derivations = new DerivationActions({ store, content, realizer, queues, streams, worker, observe });
    const { foreignLimits, platform } = options;
    const foreign = new ForeignActions({
      store,
      content,
      streams,
      platform,
      worker,
      queue: queues.computing,
      limits: foreignLimits,
      programLimits: configuration.limits.native,
      hostTools: configuration.hostTools,
      answered: this.#answered,
    });
    this.#queues = queues;
    this.#foreign = foreign;
    this.results = new KnownResults(content, { derivations, foreign });
    this.executions = new Executions({
      content,
      derivations,
      foreign,
      limits,
      quotas,
      observe,
      keeper: options.keeper,
    });
  }

  /** Where those wait who mostly wait for an origin, whatever they are for. */
  get fetching(): FairQueue {
    return this.#queues.fetching;
  }

  /** For ByteStream.Read. */
  get streams(): LogStreams {
    return this.#streams;
  }

  /** The methods of Execution, Operations and ActionCache, by path. */
  get methods(): ReadonlyMap<string, RawHandler> {
    const { content, quotas } = this.#options;
    return new Map([
      ...executionMethods(this.executions, (client) => withinQuota(content, quotas.of(client))),
      ...operationMethods(this.executions),
      ...actionCacheMethods(this.results, this.#answered),
    ]);
  }

  load(): Load {
    const { computing, fetching } = this.#queues;
    return {
      running: computing.running + fetching.running,
      queued: computing.queued + fetching.queued,
      capacity: computing.capacity,
    };
  }

  async state(): Promise<RealizerState> {
    const { realizer } = this.#options;
    const [features, remedies] = await Promise.all([realizer.features(), realizer.remedies()]);
    return {
      features: [...features].toSorted(),
      remedies,
      load: this.load(),
      isDraining: this.executions.isDraining,
    };
  }

  /** Takes no new work, and settles when what goes on has ended. */
  drain(): Promise<void> {
    return this.executions.drain();
  }

  /** Ends all that goes on. The realizer is closed by whoever has made it. */
  async close(): Promise<void> {
    await this.executions.close();
    await this.#foreign.close();
  }
}
