import type { StorePath } from '../../../src/foundation/index.ts';
import {
  EmbeddedRealizer,
  type Executor,
  type Load,
  type LookedUp,
  type Moved,
  type Outputs,
  type Provenance,
  type RealizeContext,
  type RealizeRequest,
  type RealizeResult,
  type Realized,
  type Realizer,
  RealizerUnavailable,
  type RemoteOutputs,
  type RepeatResult,
  type UnavailableReason,
} from '../../../src/realizer/index.ts';
import { DiagnosticError } from '../../../src/diagnostics/index.ts';
import { type OutputRecord, Store } from '../../../src/store/index.ts';
import { RecitingExecutor, type RecitingOptions } from './reciting-executor.ts';

export interface NeighbourOptions extends RecitingOptions {
  readonly name: string;
  readonly folder: string;
  readonly cores: number;
  /** The store of the process that works with it. */
  readonly home: Store;
  readonly nowMs: () => number;
  /** What runs programs, if that is to be another one than usual. */
  readonly executorOf?: (store: Store) => Executor;
}

/** What came over, and how. */
export interface Arrival {
  readonly by: 'push' | 'fetch' | 'pull' | 'refetch';
  readonly paths: readonly StorePath[];
}

/**
 * A realizer with a store of its own, in another folder of the same machine. Outputs go between the stores as archives. It can be down, busy,
 * or refuse to take anything from others.
 */
export class Neighbour implements Realizer, RemoteOutputs {
  readonly name: string;
  readonly remote: RemoteOutputs = this;
  readonly store: Store;
  readonly executor: RecitingExecutor;
  readonly arrivals: Arrival[] = [];
  /** How often each method was called. */
  readonly calls = new Map<string, number>();
  /** How busy it says it is with the work of others. */
  busy = { running: 0, queued: 0 };
  refusesPulls = false;
  /** What it says in the place of what is so. */
  lies: (result: Realized) => Realized = (result) => result;
  /** Called when it is to realize something: it may go down over it. */
  onRealize: (name: string) => Promise<void> | void = () => {};
  readonly #options: NeighbourOptions;
  readonly #embedded: EmbeddedRealizer;
  #down: UnavailableReason | undefined;
  #drains = false;
  readonly #lost = new Set<StorePath>();

  constructor(options: NeighbourOptions, shared?: RecitingExecutor) {
    this.#options = options;
    this.name = options.name;
    this.store = Store.open(options.folder);
    this.executor = shared ?? new RecitingExecutor(this.store, options);
    const executor = options.executorOf?.(this.store) ?? this.executor;
    this.#embedded = new EmbeddedRealizer(this.store, [async () => executor], {
      cores: options.cores,
      features: [],
    });
  }

  /** The same realizer as another client sees it. */
  for(home: Store): Neighbour {
    return new Neighbour({ ...this.#options, home }, this.executor);
  }

  goDown(reason: UnavailableReason = 'unreachable'): void {
    this.#down = reason;
  }

  /** It takes no more work, and gives what it has. */
  drain(): void {
    this.#drains = true;
  }

  /** It has collected outputs that it had said to have. */
  lose(...paths: readonly StorePath[]): void {
    for (const path of paths) this.#lost.add(path);
  }

  get isUp(): boolean {
    return this.#down === undefined;
  }

  comeUp(): void {
    this.#down = undefined;
  }

  async features(): Promise<ReadonlySet<string>> {
    this.#reach('features');
    return await this.#embedded.features();
  }

  async lacking(required: readonly string[]): Promise<ReadonlyMap<string, string>> {
    this.#reach('lacking');
    return await this.#embedded.lacking(required);
  }

  async lookup(request: RealizeRequest): Promise<LookedUp | undefined> {
    this.#reach('lookup');
    const found = await this.#embedded.lookup(request);
    return found && this.#told(found);
  }

  async has(path: StorePath): Promise<boolean> {
    this.#reach('has');
    return !this.#lost.has(path) && (await this.#embedded.has(path));
  }

  async realize(request: RealizeRequest, context: RealizeContext): Promise<RealizeResult> {
    this.#reach('realize');
    await this.onRealize(request.derivation.name);
    this.#reach('realize');
    if (request.derivation.inputs.trees.some((path) => this.#lost.has(path))) throw inputsMissing();
    const result = await this.#embedded.realize(request, this.#contextFor(context));
    this.#reach('realize');
    if (result.outcome === 'failed') return result;
    for (const path of Object.values(result.outputs)) this.#lost.delete(path);
    return this.lies(this.#told(result));
  }

  async repeat(request: RealizeRequest, context: RealizeContext): Promise<RepeatResult> {
    this.#reach('repeat');
    await this.onRealize(request.derivation.name);
    this.#reach('repeat');
    const result = await this.#embedded.repeat(request, this.#contextFor(context));
    if (result.outcome === 'failed') return result;
    const records = Object.values(result.outputs);
    this.store.commit({ outputs: records });
    await this.#options.home.importArchive(this.store.exportArchive(records.map(({ path }) => path)));
    return result;
  }

  async load(): Promise<Load> {
    this.#reach('load');
    const { running, queued, capacity } = await this.#embedded.load();
    return { running: running + this.busy.running, queued: queued + this.busy.queued, capacity };
  }

  async close(): Promise<void> {
    await this.#embedded.close();
    this.store.close();
  }

  async push(paths: readonly StorePath[]): Promise<Moved> {
    this.#reach('push');
    return await this.#move('push', this.#options.home, this.store, paths);
  }

  async fetch(paths: readonly StorePath[]): Promise<Moved> {
    this.#reach('fetch');
    return await this.#move('fetch', this.store, this.#options.home, paths);
  }

  async pullFrom(
    other: RemoteOutputs,
    paths: readonly StorePath[],
  ): Promise<Moved | { readonly refusal: string }> {
    this.#reach('pullFrom');
    if (!(other instanceof Neighbour)) return { refusal: 'the other one is of another kind' };
    if (this.refusesPulls) return { refusal: 'it takes nothing from others' };
    other.#reach('pulled');
    return await this.#move('pull', other.store, this.store, paths);
  }

  async refetch(path: StorePath): Promise<OutputRecord | undefined> {
    this.#reach('refetch');
    const record = this.store.get(path);
    if (record === undefined) return undefined;
    await this.#options.home.importArchive(this.store.exportArchive([path]));
    this.arrivals.push({ by: 'refetch', paths: [path] });
    return record;
  }

  async #move(by: Arrival['by'], from: Store, to: Store, paths: readonly StorePath[]): Promise<Moved> {
    const missing = from.closure(paths).filter((path) => !to.has(path));
    if (missing.length === 0) return { outputs: 0, bytes: 0 };
    let bytes = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of from.exportArchive(paths)) {
        bytes += chunk.length;
        yield chunk;
      }
    }
    await to.importArchive(counted());
    this.arrivals.push({ by, paths: missing });
    return { outputs: missing.length, bytes };
  }

  #told<T extends Provenance & { readonly outputs: Outputs }>(result: T): T {
    const there = Object.values(result.outputs).filter((path) => this.store.has(path));
    const records = this.store.closure(there).flatMap((path) => this.store.get(path) ?? []);
    return { ...result, records };
  }

  #contextFor({ emit, signal }: RealizeContext): RealizeContext {
    return {
      signal,
      emit: (event) => emit(event.type === 'build-started' ? { ...event, realizer: this.name } : event),
    };
  }

  #reach(method: string): void {
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
    if (this.#down !== undefined) throw this.#unavailable(this.#down);
    if (this.#drains && method === 'realize') throw this.#unavailable('draining');
  }

  #unavailable(reason: UnavailableReason): RealizerUnavailable {
    return new RealizerUnavailable(this.name, {
      reason,
      retryAtMs: this.#options.nowMs(),
      diagnostic: {
        code: 'CAB4050',
        severity: 'error',
        message: `nobody answers for '${this.name}'`,
        hint: 'see whether it runs',
      },
    });
  }
}

function inputsMissing(): DiagnosticError {
  return new DiagnosticError({ code: 'CAB4047', severity: 'error', message: 'it lacks inputs', hint: '' });
}
