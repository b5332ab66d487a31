import { type Claim, type DerivationId, type Pins, type ResolvedDerivation, scopeOf } from '../derivations/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import {
  type Digest,
  type StorePath,
  digestOf,
  hashPartOf,
  hashPartOfStorePath,
} from '../foundation/index.ts';
import type { ClaimRecord, OutputRecord, Realisation, Store } from '../store/index.ts';
import { BuildLog } from './build-log.ts';
import { ClaimLedger, claimedPath, pathOfCabHash, pinsOf } from './claims.ts';
import type { ExecutionResult, Executor, ExecutorLoader } from './executors/index.ts';
import {
  builderFailed,
  claimContradictsOutput,
  malformedClaim,
  missingOutput,
  notTheFixedOutput,
  pinContradicted,
  unclaimedFix,
} from './failures.ts';
import type { Outputs, RealizeContext, Realizer, RealizeRequest, RealizeResult } from './realizer.ts';

/** The realizer that runs inside this process: a store, and executors in the order in which they are preferred. */
export class EmbeddedRealizer implements Realizer {
  readonly name = 'embedded';
  readonly #store: Store;
  readonly #loaders: readonly ExecutorLoader[];
  readonly #loaded: Promise<Executor>[] = [];
  readonly #extraFeatures: readonly string[];
  /** Identical work in flight is done once, whoever asks. */
  readonly #inFlight = new Map<string, Promise<RealizeResult>>();

  constructor(store: Store, loaders: readonly ExecutorLoader[], extraFeatures: readonly string[]) {
    this.#store = store;
    this.#loaders = loaders;
    this.#extraFeatures = extraFeatures;
  }

  async features(): Promise<ReadonlySet<string>> {
    const executors = await this.#allExecutors();
    const sets = await Promise.all(executors.map((executor) => executor.features()));
    return new Set([...sets.flatMap((set) => [...set]), ...this.#extraFeatures]);
  }

  async lacking(required: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if ((await this.#executorFor(required)) !== undefined) return new Map();
    const offered = await this.features();
    const remedies = new Map<string, string>();
    for (const executor of await this.#allExecutors()) {
      for (const [feature, remedy] of await executor.missing()) remedies.set(feature, remedy);
    }
    const lacking = required.filter((feature) => !offered.has(feature));
    const named = lacking.length > 0 ? lacking : required;
    return new Map(named.map((feature) => [feature, remedies.get(feature) ?? '']));
  }

  async has(path: StorePath): Promise<boolean> {
    return this.#store.has(path);
  }

  async lookup(request: RealizeRequest): Promise<Outputs | undefined> {
    const { derivation } = request;
    if (derivation.fix.kind === 'none') return this.#findRealisation(derivation, await this.#keyOf(derivation));
    const pins = effectivePins(request);
    const path = pins.cab === undefined ? this.#findPinned(derivation, pins) : pathOfCabHash(derivation, pins.cab);
    return path === undefined ? undefined : soleOutput(derivation, path);
  }

  realize(request: RealizeRequest, context: RealizeContext): Promise<RealizeResult> {
    const key = `${request.derivation.id}:${JSON.stringify(request.pins)}`;
    const running = this.#inFlight.get(key);
    if (running !== undefined) return running;
    const result = this.#realizeLocked(request, context).finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, result);
    return result;
  }

  async close(): Promise<void> {
    const executors = await Promise.all(this.#loaded);
    await Promise.all(executors.map((executor) => executor.close()));
  }

  async #realizeLocked(request: RealizeRequest, context: RealizeContext): Promise<RealizeResult> {
    const { derivation } = request;
    const key = await this.#keyOf(derivation);
    using _lock = await this.#store.lock(`build-${key}`, {
      signal: context.signal,
      onWait: (holder) =>
        context.emit({ type: 'build-waiting', derivation: derivation.id, name: derivation.name, holder }),
    });
    const known = await this.lookup(request);
    if (known !== undefined && Object.values(known).every((path) => this.#store.has(path))) {
      return this.#known(derivation, known);
    }
    return await this.#run(request, key, context);
  }

  #known(derivation: ResolvedDerivation, outputs: Outputs): RealizeResult {
    const path = Object.values(outputs)[0] as StorePath;
    const pins = derivation.fix.kind === 'self' ? pinsOf(this.#store, derivation, path, []) : {};
    return { outcome: 'realized', how: 'known', outputs, pins };
  }

  async #run(request: RealizeRequest, key: DerivationId, context: RealizeContext): Promise<RealizeResult> {
    const { derivation } = request;
    const executor = await this.#executorFor(derivation.requiredRealizerFeatures);
    if (executor === undefined) throw new Error(`no executor for ${derivation.name}: it was not asked for eligibility`);
    const { emit, signal } = context;
    const base = { derivation: derivation.id, name: derivation.name };
    const log = new BuildLog();
    const pins = effectivePins(request);
    const ledger = new ClaimLedger(this.#store, derivation, pins);
    let contradiction: Diagnostic | undefined;
    let knownPath: StorePath | undefined;
    emit({ type: 'build-started', ...base, realizer: this.name });
    const startedMs = performance.now();
    const finish = (outcome: 'built' | 'known' | 'failed'): void =>
      emit({ type: 'build-finished', ...base, outcome, durationMs: performance.now() - startedMs });
    const result = await executor.execute({
      derivation,
      pins,
      signal,
      onLog: (line) => {
        log.add(line);
        emit({ type: 'build-log', ...base, line });
      },
      onClaim: async (claim) => {
        const verdict = ledger.judge(claim);
        if (verdict.kind === 'contradiction') contradiction = pinContradicted(derivation, verdict);
        if (verdict.kind === 'known') knownPath = verdict.path;
        emit({ type: 'build-claimed', ...base, claim: `${claim.format}:${claim.value}`, known: verdict.kind === 'known' });
        return verdict.kind === 'unknown' ? 'continue' : 'stop';
      },
    });
    this.#store.logs.write(derivation.id, log.lines);
    if (contradiction !== undefined) {
      finish('failed');
      return { outcome: 'failed', diagnostic: contradiction };
    }
    if (knownPath !== undefined) {
      this.#store.commit({ outputs: [], claims: claimRecords(derivation, knownPath, ledger.claims) });
      finish('known');
      const path = knownPath;
      return { outcome: 'realized', how: 'known', outputs: soleOutput(derivation, path), pins: pinsOf(this.#store, derivation, path, ledger.claims) };
    }
    const accepted = this.#accept({ derivation, pins, key, result, claims: ledger.claims, log });
    finish(accepted.outcome === 'failed' ? 'failed' : 'built');
    return accepted;
  }

  /** Judges what a program left, and records it all in one transaction if it is good. */
  #accept(end: {
    derivation: ResolvedDerivation;
    pins: Pins;
    key: DerivationId;
    result: ExecutionResult;
    claims: readonly Claim[];
    log: BuildLog;
  }): RealizeResult {
    const { derivation, pins, key, result, claims, log } = end;
    if (result.outcome === 'stopped') throw new Error(`${derivation.name} was stopped, and no claim was known`);
    if (result.outcome === 'failed') return failureOf(derivation, result, log);
    const fault = faultOfOutput(derivation, pins, claims, result.outputs);
    if (fault !== undefined) return { outcome: 'failed', diagnostic: fault };
    const outputs = Object.fromEntries(Object.entries(result.outputs).map(([name, { path }]) => [name, path]));
    const fixes = derivation.fix.kind !== 'none';
    const path = Object.values(outputs)[0];
    this.#store.commit({
      outputs: Object.values(result.outputs),
      realisations: fixes ? [] : realisationsOf(key, outputs),
      claims: fixes && path !== undefined ? claimRecords(derivation, path, claims) : [],
    });
    const learned = fixes && path !== undefined ? pinsOf(this.#store, derivation, path, claims) : {};
    return { outcome: 'realized', how: 'built', outputs, pins: learned };
  }

  async #executorFor(required: readonly string[]): Promise<Executor | undefined> {
    for (const index of this.#loaders.keys()) {
      const executor = await this.#executor(index);
      const offered = await executor.features();
      if (required.every((feature) => offered.has(feature) || this.#extraFeatures.includes(feature))) return executor;
    }
    return undefined;
  }

  /** A realisation counts for what the program could see: with the machine's own tools, also for these. */
  async #keyOf(derivation: ResolvedDerivation): Promise<DerivationId> {
    const executor = await this.#executorFor(derivation.requiredRealizerFeatures);
    const identity = await executor?.identity(derivation);
    return identity === undefined ? derivation.id : keyWith(derivation.id, identity);
  }

  #executor(index: number): Promise<Executor> {
    const loaded = this.#loaded[index] ?? (this.#loaders[index] as ExecutorLoader)();
    this.#loaded[index] = loaded;
    return loaded;
  }

  #allExecutors(): Promise<Executor[]> {
    return Promise.all(this.#loaders.map((_, index) => this.#executor(index)));
  }

  #findRealisation(derivation: ResolvedDerivation, key: DerivationId): Outputs | undefined {
    const outputs: Record<string, StorePath> = {};
    for (const output of derivation.outputs) {
      const path = this.#store.findRealisation(key, output);
      if (path === undefined) return undefined;
      outputs[output] = path;
    }
    return outputs;
  }

  #findPinned(derivation: ResolvedDerivation, pins: Pins): StorePath | undefined {
    for (const [format, value] of Object.entries(pins)) {
      const path = claimedPath(this.#store, derivation, { format, value });
      if (path !== undefined) return path;
    }
    return undefined;
  }
}

/** What the author fixed is to the program a pin like those of the lock. */
function effectivePins({ derivation, pins }: RealizeRequest): Pins {
  return derivation.fix.kind === 'fixed' ? { [derivation.fix.format]: derivation.fix.value } : pins;
}

/** A derivation that is fixed has one output. */
function soleOutput(derivation: ResolvedDerivation, path: StorePath): Outputs {
  return { [derivation.outputs[0] as string]: path };
}

function keyWith(id: DerivationId, identity: string): DerivationId {
  const digest: Digest = digestOf(`cab realisation:${id}:${identity}`);
  return hashPartOf(digest) as string as DerivationId;
}

function failureOf(
  derivation: ResolvedDerivation,
  result: ExecutionResult & { outcome: 'failed' },
  log: BuildLog,
): RealizeResult {
  const program = { exitCode: result.exitCode, lastLine: log.lines.at(-1), request: result.requestFailure };
  if (result.malformedClaim !== undefined) {
    return { outcome: 'failed', diagnostic: malformedClaim(derivation, result.malformedClaim) };
  }
  if (result.missingOutput !== undefined) {
    return { outcome: 'failed', diagnostic: missingOutput(derivation, result.missingOutput, log) };
  }
  return { outcome: 'failed', diagnostic: builderFailed(derivation, result.reason, log), program };
}

function faultOfOutput(
  derivation: ResolvedDerivation,
  pins: Pins,
  claims: readonly Claim[],
  outputs: Readonly<Record<string, OutputRecord>>,
): Diagnostic | undefined {
  if (derivation.fix.kind === 'none') return undefined;
  const [record] = Object.values(outputs);
  if (record === undefined) throw new Error(`${derivation.name} finished without an output`);
  const actual = hashPartOfStorePath(record.path);
  const claimed = claims.find(({ format }) => format === 'cab')?.value;
  if (pins.cab !== undefined && pins.cab !== actual) return notTheFixedOutput(derivation, pins.cab, actual);
  if (claimed !== undefined && claimed !== actual) return claimContradictsOutput(derivation, claimed, actual);
  const { fix } = derivation;
  const fulfilled =
    fix.kind === 'self' || fix.format === 'cab' || claims.some((claim) => claim.format === fix.format);
  return fulfilled ? undefined : unclaimedFix(derivation, fix.format);
}

function claimRecords(derivation: ResolvedDerivation, path: StorePath, claims: readonly Claim[]): ClaimRecord[] {
  const scope = scopeOf(derivation);
  return claims.map((claim) => ({ scope, claim, path }));
}

function realisationsOf(key: DerivationId, outputs: Outputs): Realisation[] {
  return Object.entries(outputs).map(([output, path]) => ({ derivation: key, output, path }));
}
