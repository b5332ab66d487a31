import { type DerivationId, type ResolvedDerivation, realisationKey, scopeOf } from '../derivations/index.ts';
import type { StorePath } from '../foundation/index.ts';
import type { Store } from '../store/index.ts';
import { Attempt } from './attempt.ts';
import { effectivePins, pinsOf } from './claims.ts';
import type { RealizerConfiguration } from './configuration.ts';
import type { Executor, ExecutorLoader } from './executors/index.ts';
import { anotherIsAtWork } from './failures.ts';
import { withWhole } from './healing.ts';
import { type KeptUnder, keptAnywhere, knownOutputs } from './known-outputs.ts';
import type {
  Load,
  LookedUp,
  Outputs,
  RealizeContext,
  Realized,
  Realizer,
  RealizeRequest,
  RealizeResult,
  RepeatResult,
} from './realizer.ts';
import { repeatOnce } from './repetition.ts';
import { UseBatch } from './use-batch.ts';

/** The realizer that runs inside this process: a store, and executors in the order in which they are preferred. */
export class EmbeddedRealizer implements Realizer {
  readonly name = 'embedded';
  readonly #store: Store;
  readonly #loaders: readonly ExecutorLoader[];
  readonly #loaded: Promise<Executor>[] = [];
  readonly #extraFeatures: readonly string[];
  readonly #cores: number;
  /** The executors by the features that they were chosen for. */
  readonly #chosen = new Map<string, Promise<Executor | undefined>>();
  /** Identical work in flight is done once, whoever asks. */
  readonly #inFlight = new Map<string, Promise<RealizeResult>>();
  readonly #uses: UseBatch;

  constructor(
    store: Store,
    loaders: readonly ExecutorLoader[],
    configuration: Pick<RealizerConfiguration, 'cores' | 'features'>,
  ) {
    this.#store = store;
    this.#uses = new UseBatch(store);
    this.#loaders = loaders;
    this.#extraFeatures = configuration.features;
    this.#cores = configuration.cores;
  }

  async features(): Promise<ReadonlySet<string>> {
    const executors = await this.#allExecutors();
    const sets = await Promise.all(executors.map((executor) => executor.features()));
    return new Set([...sets.flatMap((set) => [...set]), ...this.#extraFeatures]);
  }

  /** For each feature that it would offer if more were installed: what to do. */
  async remedies(): Promise<ReadonlyMap<string, string>> {
    const executors = await this.#allExecutors();
    const remedies = await Promise.all(executors.map((executor) => executor.missing()));
    return new Map(remedies.flatMap((each) => [...each]));
  }

  /** Who runs a derivation's program, and what it sees of the machine besides its inputs; empty where that is nothing. */
  async runnerOf(
    derivation: ResolvedDerivation,
  ): Promise<{ readonly name: string; readonly identity: string }> {
    const executor = await this.#executorWith(derivation);
    return { name: executor.name, identity: (await executor.identity(derivation)) ?? '' };
  }

  async lacking(required: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if ((await this.#executorFor(required)) !== undefined) return new Map();
    const offered = await this.features();
    const remedies = await this.remedies();
    const lacking = required.filter((feature) => !offered.has(feature));
    const named = lacking.length > 0 ? lacking : required;
    return new Map(named.map((feature) => [feature, remedies.get(feature) ?? '']));
  }

  async has(path: StorePath): Promise<boolean> {
    return await this.#uses.has(path);
  }

  async lookup({ derivation, pins }: RealizeRequest): Promise<LookedUp | undefined> {
    const isOrdinary = derivation.fix.kind === 'none';
    const kept = isOrdinary ? await this.#keyOf(derivation) : keptAnywhere(derivation);
    return knownOutputs(this.#store, derivation, { pins, kept });
  }

  realize(request: RealizeRequest, context: RealizeContext): Promise<RealizeResult> {
    const words = [request.pins, [...(context.headers ?? [])]];
    const key = `${request.derivation.id}:${JSON.stringify(words)}`;
    const running = this.#inFlight.get(key);
    if (running !== undefined) return running;
    const result = this.#realizeLocked(request, context).finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, result);
    return result;
  }

  async repeat(request: RealizeRequest, context: RealizeContext): Promise<RepeatResult> {
    const { derivation } = request;
    const { key } = await this.#keyOf(derivation);
    using _lock = await this.#lock(key, derivation, context);
    const repetition = {
      store: this.#store,
      executor: await this.#executorWith(derivation),
      request,
      pins: effectivePins(derivation, request.pins),
      context,
      realizer: this.name,
    };
    return await this.#withWholeInputs(request, context, () => repeatOnce(repetition));
  }

  async load(): Promise<Load> {
    return { running: this.#inFlight.size, queued: 0, capacity: this.#cores };
  }

  async close(): Promise<void> {
    const executors = await Promise.all(this.#loaded);
    await Promise.all(executors.map((executor) => executor.close()));
  }

  async #realizeLocked(request: RealizeRequest, context: RealizeContext): Promise<RealizeResult> {
    const { derivation } = request;
    const kept = await this.#keyOf(derivation);
    const takeLock = (): Promise<Disposable> => this.#lock(kept.key, derivation, context);
    if (this.#isAskedAgain(request)) return await this.#run(request, kept, context, takeLock);
    using _lock = await takeLock();
    const known = (await this.lookup(request))?.outputs;
    if (known !== undefined && this.#areThere(Object.values(known))) {
      return { ...this.#known(derivation, known), identity: kept.identity };
    }
    return await this.#run(request, kept, context);
  }

  #areThere(paths: readonly StorePath[]): boolean {
    const there = this.#store.use(paths);
    return paths.every((path) => there.has(path));
  }

  #lock(key: DerivationId, derivation: ResolvedDerivation, context: RealizeContext): Promise<Disposable> {
    return this.#store.lock(`build-${key}`, {
      signal: context.signal,
      onWait: (holder) =>
        context.emit({ type: 'diagnostic', diagnostic: anotherIsAtWork(derivation, holder) }),
    });
  }

  /** Whether its origin is asked for what it has by now, and has been asked before. */
  #isAskedAgain({ derivation, pins }: RealizeRequest): boolean {
    if (derivation.fix.kind !== 'self' || Object.keys(pins).length > 0) return false;
    return this.#store.hasClaims(scopeOf(derivation));
  }

  #known(derivation: ResolvedDerivation, outputs: Outputs): Realized {
    const path = Object.values(outputs)[0] as StorePath;
    const pins = derivation.fix.kind === 'self' ? pinsOf(this.#store, derivation, path, []) : {};
    return { outcome: 'realized', how: 'known', outputs, pins };
  }

  async #run(
    request: RealizeRequest,
    kept: KeptUnder,
    context: RealizeContext,
    takeLock?: () => Promise<Disposable>,
  ): Promise<RealizeResult> {
    const executor = await this.#executorWith(request.derivation);
    const pins = effectivePins(request.derivation, request.pins);
    const options = {
      store: this.#store,
      executor,
      request,
      pins,
      kept,
      context,
      realizer: this.name,
      takeLock,
    };
    return await this.#withWholeInputs(request, context, () => new Attempt(options).run());
  }

  #withWholeInputs<T>(
    { derivation }: RealizeRequest,
    context: RealizeContext,
    operation: () => Promise<T>,
  ): Promise<T> {
    const inputs = (): readonly StorePath[] => this.#store.closure(derivation.inputs.trees);
    const means = () => ({ store: this.#store, realizers: [this], context });
    return withWhole(inputs, means, operation);
  }

  async #executorWith({ name, requiredRealizerFeatures }: ResolvedDerivation): Promise<Executor> {
    const executor = await this.#executorFor(requiredRealizerFeatures);
    if (executor !== undefined) return executor;
    throw new Error(`no executor for ${name}: whether there is one was not asked`);
  }

  /** Neither executors nor what they offer change while there is this realizer: each set of features is looked at once. */
  #executorFor(required: readonly string[]): Promise<Executor | undefined> {
    const key = required.join(' ');
    const found = this.#chosen.get(key) ?? this.#chooseExecutor(required);
    this.#chosen.set(key, found);
    return found;
  }

  async #chooseExecutor(required: readonly string[]): Promise<Executor | undefined> {
    for (const index of this.#loaders.keys()) {
      const executor = await this.#executor(index);
      const offered = await executor.features();
      if (required.every((feature) => offered.has(feature) || this.#extraFeatures.includes(feature)))
        return executor;
    }
    return undefined;
  }

  /** A realisation counts for what the program could see: with the machine's own tools, also for these. */
  async #keyOf(derivation: ResolvedDerivation): Promise<KeptUnder> {
    const executor = await this.#executorFor(derivation.requiredRealizerFeatures);
    const identity = (await executor?.identity(derivation)) ?? '';
    return { key: realisationKey(derivation.id, identity), identity };
  }

  #executor(index: number): Promise<Executor> {
    const loaded = this.#loaded[index] ?? (this.#loaders[index] as ExecutorLoader)();
    this.#loaded[index] = loaded;
    return loaded;
  }

  #allExecutors(): Promise<Executor[]> {
    return Promise.all(this.#loaders.map((_, index) => this.#executor(index)));
  }
}
