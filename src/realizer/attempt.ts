import {
  type Claim,
  type DerivationId,
  type Pins,
  type ResolvedDerivation,
  formatClaim,
  unfixed,
} from '../derivations/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import { type StorePath, hashPartOfStorePath, nextTurn } from '../foundation/index.ts';
import type { Change, Realisation, Store } from '../store/index.ts';
import { BuildLog } from './build-log.ts';
import { ClaimLedger, type Verdict, claimsLimit, pinsOf, soleOutput } from './claims.ts';
import type { ExecutionResult, Executor } from './executors/index.ts';
import {
  claimContradictsOutput,
  failureOf,
  notTheFixedOutput,
  pinContradicted,
  tooManyClaims,
  unclaimedFix,
} from './failures.ts';
import type { KeptUnder } from './known-outputs.ts';
import type { Outputs, RealizeContext, RealizeRequest, RealizeResult } from './realizer.ts';

type Finished = Extract<ExecutionResult, { readonly outcome: 'finished' }>;

export interface AttemptOptions {
  readonly store: Store;
  readonly executor: Executor;
  readonly request: RealizeRequest;
  /** What the program is to be held to: the lock's pins, or what the author fixed. */
  readonly pins: Pins;
  /** Under which a realisation is recorded. */
  readonly kept: KeptUnder;
  readonly context: RealizeContext;
  readonly realizer: string;
  /**
   * Keeps others from the same work, and is taken only once something has to be done: where the origin is asked again, and
   * what it has is known, as mostly, there is nothing to keep others from. Undefined where the caller holds it already.
   */
  readonly takeLock?: (() => Promise<Disposable>) | undefined;
}

/** Names of parts that are recorded in one transaction. */
const contentsAtOnce = 256;

/** One run of a derivation's program, from its start to what is recorded of it. */
export class Attempt {
  readonly #options: AttemptOptions;
  readonly #derivation: ResolvedDerivation;
  readonly #log = new BuildLog();
  readonly #ledger: ClaimLedger;
  #refusal: Diagnostic | undefined;
  #knownPath: StorePath | undefined;
  #lock: Disposable | undefined;

  constructor(options: AttemptOptions) {
    this.#options = options;
    this.#derivation = options.request.derivation;
    this.#ledger = new ClaimLedger(options.store, this.#derivation, options.pins);
  }

  async run(): Promise<RealizeResult> {
    const { context, realizer } = this.#options;
    const base = { derivation: this.#derivation.id, name: this.#derivation.name };
    const startedMs = performance.now();
    let outcome: 'built' | 'known' | 'failed' = 'failed';
    context.emit({ type: 'build-started', ...base, realizer });
    try {
      const result = await this.#judge(await this.#execute());
      if (result.outcome === 'realized') outcome = result.how;
      return result;
    } finally {
      this.#lock?.[Symbol.dispose]();
      const durationMs = performance.now() - startedMs;
      context.emit({ type: 'build-finished', ...base, outcome, durationMs });
    }
  }

  async #execute(): Promise<ExecutionResult> {
    const { executor, request, pins, context, store } = this.#options;
    const derivation = this.#derivation;
    let wasStopped = false;
    try {
      const result = await executor.execute({
        derivation,
        pins,
        signal: context.signal,
        headers: context.headers,
        onLog: (line) => {
          this.#log.add(line);
          context.emit({ type: 'build-log', derivation: derivation.id, name: derivation.name, line });
        },
        onClaim: (claim) => this.#hear(claim),
      });
      wasStopped = result.outcome === 'stopped';
      return result;
    } finally {
      // One that was stopped before it said anything has nothing to tell that the log of an earlier run would not.
      const { lines } = this.#log;
      if (lines.length > 0 || !wasStopped) store.logs.write([derivation.id, request.requestedAs], lines);
    }
  }

  /** Looks a claim up while the program runs. */
  async #hear(claim: Claim): Promise<'continue' | 'stop'> {
    const { id, name } = this.#derivation;
    const verdict = await this.#verdictOn(claim);
    const known = verdict.kind === 'known';
    this.#options.context.emit({
      type: 'build-claimed',
      derivation: id,
      name,
      claim: formatClaim(claim),
      known,
    });
    if (verdict.kind === 'contradiction') this.#refusal = pinContradicted(this.#derivation, verdict);
    if (verdict.kind === 'excess') this.#refusal = tooManyClaims(this.#derivation, claimsLimit);
    if (verdict.kind === 'known') this.#knownPath = verdict.path;
    return verdict.kind === 'unknown' ? 'continue' : 'stop';
  }

  /** What is not known may have come to be known while the lock was waited for. */
  async #verdictOn(claim: Claim): Promise<Verdict> {
    const verdict = this.#ledger.judge(claim);
    const { takeLock } = this.#options;
    if (verdict.kind !== 'unknown' || takeLock === undefined || this.#lock !== undefined) return verdict;
    this.#lock = await takeLock();
    return this.#ledger.judge(claim);
  }

  async #judge(result: ExecutionResult): Promise<RealizeResult> {
    if (this.#refusal !== undefined) return { outcome: 'failed', diagnostic: this.#refusal };
    if (this.#knownPath !== undefined) return this.#found(this.#knownPath);
    if (result.outcome === 'stopped') throw new Error(`${this.#derivation.name} was stopped for no claim`);
    if (result.outcome === 'failed') return failureOf(this.#derivation, result, this.#log);
    return await this.#finished(result);
  }

  /** The claims made before the one that was known are about the same output, and are recorded with it. */
  #found(path: StorePath): RealizeResult {
    const { store } = this.#options;
    const records = this.#claimRecords(path);
    const isNew = records.claims.some(({ scope, claim }) => store.findClaim(scope, claim) !== path);
    if (isNew) store.commit({ outputs: [], ...records });
    const pins = pinsOf(store, this.#derivation, path, this.#ledger.claims);
    return { outcome: 'realized', how: 'known', outputs: soleOutput(this.#derivation, path), pins };
  }

  /**
   * Records outputs with what they came from and what was claimed of them, in one transaction. What their parts are known by
   * may be much, and comes behind it while others have their turns.
   */
  async #finished({ outputs: records, contents = [] }: Finished): Promise<RealizeResult> {
    const { store, kept } = this.#options;
    const derivation = this.#derivation;
    const outputs = Object.fromEntries(Object.entries(records).map(([name, { path }]) => [name, path]));
    if (derivation.fix.kind === 'none') {
      const realisations = realisationsOf(kept.key, outputs);
      const derivations = [{ ...kept, derivation }];
      store.commit({ outputs: Object.values(records), realisations, derivations });
      return { outcome: 'realized', how: 'built', outputs, pins: {}, identity: kept.identity };
    }
    const path = outputs[derivation.outputs[0] as string];
    if (path === undefined) throw new Error(`${derivation.name} finished without its output`);
    const fault = this.#faultOfFixed(path);
    if (fault !== undefined) return { outcome: 'failed', diagnostic: fault };
    store.commit({ outputs: Object.values(records), ...this.#claimRecords(path) });
    for (let start = 0; start < contents.length; start += contentsAtOnce) {
      await nextTurn();
      store.commit({ outputs: [], contents: contents.slice(start, start + contentsAtOnce) });
    }
    const pins = pinsOf(store, derivation, path, this.#ledger.claims);
    return { outcome: 'realized', how: 'built', outputs, pins };
  }

  /** Why an output is not the one that its author, the lock or its own program said it would be. */
  #faultOfFixed(path: StorePath): Diagnostic | undefined {
    const derivation = this.#derivation;
    const { fix } = derivation;
    const { cab: pinned } = this.#options.pins;
    const actual = hashPartOfStorePath(path);
    const claims = this.#ledger.claims;
    const claimed = claims.find(({ format, value }) => format === 'cab' && value !== actual)?.value;
    if (pinned !== undefined && pinned !== actual) return notTheFixedOutput(derivation, pinned, actual);
    if (claimed !== undefined) return claimContradictsOutput(derivation, claimed, actual);
    if (fix.kind !== 'fixed' || fix.pins.cab !== undefined) return undefined;
    const unclaimed = Object.keys(fix.pins).find(
      (format) => !claims.some((claim) => claim.format === format),
    );
    return unclaimed === undefined ? undefined : unclaimedFix(derivation, unclaimed);
  }

  /** With what the program claimed goes the output's own hash, so that a way back leads from each output to its derivation. */
  #claimRecords(path: StorePath): Required<Pick<Change, 'claims' | 'derivations'>> {
    const derivation = unfixed(this.#derivation) as ResolvedDerivation;
    const scope = derivation.id;
    const own = { format: 'cab', value: hashPartOfStorePath(path) };
    const claims = [...this.#ledger.claims.filter(({ format }) => format !== 'cab'), own];
    return {
      claims: claims.map((claim) => ({ scope, claim, path })),
      derivations: [{ key: scope, identity: '', derivation }],
    };
  }
}

function realisationsOf(key: DerivationId, outputs: Outputs): Realisation[] {
  return Object.entries(outputs).map(([output, path]) => ({ derivation: key, output, path }));
}
