import {
  type Derivation,
  type Pins,
  type ResolvedDerivation,
  resolveDerivation,
} from '../../derivations/index.ts';
import type { Diagnostic } from '../../diagnostics/index.ts';
import { BoundedPool, type Emit, type StorePath } from '../../foundation/index.ts';
import type { OutputRecord } from '../../store/index.ts';
import type { LookedUp, Outputs, Realizer, RealizeResult } from '../realizer.ts';
import { chooseRealizer } from './choose.ts';

/** What the lock says of a derivation. `ask` asks its origin again, whatever is pinned. */
export interface PinPolicy {
  pinsOf(derivation: Derivation): { readonly pins: Pins; readonly ask: boolean };
  /** Why the origin of an unpinned derivation may not be asked, or undefined where it may. */
  refuse(derivation: Derivation): Diagnostic | undefined;
  learned(derivation: Derivation, pins: Pins): void;
  /** May put a better diagnostic in the place of a realizer's. */
  explain(derivation: Derivation, failure: RealizeResult & { outcome: 'failed' }): Diagnostic;
}

export type ScheduleResult =
  | { readonly ok: true; readonly outputs: Outputs }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** What came out of a derivation that was made once more: nothing of it is recorded. */
export type RepetitionResult =
  | { readonly ok: true; readonly outputs: Readonly<Record<string, OutputRecord>> }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export interface SchedulerOptions {
  readonly realizers: readonly Realizer[];
  readonly policy: PinPolicy;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** How many programs that compute run at once. */
  readonly cores: number;
}

/** How many programs that mostly wait for an origin run at once. */
const fetchesLimit = 128;

interface Known {
  readonly resolved: ResolvedDerivation;
  readonly outputs: Outputs;
}

interface Prepared {
  readonly realizer: Realizer;
  readonly resolved: ResolvedDerivation;
}

/**
 * Realizes a graph of derivations. Each derivation is done once a run. What is known is not asked for: the inputs of a
 * derivation whose outputs are there need not be there, only what they came out as.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #builds: BoundedPool;
  readonly #fetches = new BoundedPool(fetchesLimit);
  readonly #resolved = new Map<string, Promise<ResolvedDerivation | undefined>>();
  readonly #known = new Map<string, Promise<Known>>();
  readonly #present = new Map<string, Promise<Outputs>>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#builds = new BoundedPool(options.cores);
  }

  /** Makes the outputs exist in the store. */
  async realize(derivations: readonly Derivation[]): Promise<ScheduleResult[]> {
    const settled = await Promise.allSettled(
      derivations.map((derivation) => this.#ensurePresent(derivation)),
    );
    return settled.map((result) => {
      if (result.status === 'fulfilled') return { ok: true, outputs: result.value };
      if (result.reason instanceof GraphFailure) return { ok: false, diagnostics: result.reason.diagnostics };
      throw result.reason;
    });
  }

  /** Makes the outputs of a derivation that was realized before once more, with the same inputs and pins, and records nothing. */
  async repeat(derivation: Derivation): Promise<RepetitionResult> {
    try {
      return { ok: true, outputs: await this.#repeat(derivation) };
    } catch (error) {
      if (error instanceof GraphFailure) return { ok: false, diagnostics: error.diagnostics };
      throw error;
    }
  }

  /** The derivation with its inputs' paths where all of them are known without building anything, else undefined. */
  resolve(derivation: Derivation): Promise<ResolvedDerivation | undefined> {
    return memoised(this.#resolved, derivation.id, async () => {
      const outputsById = new Map<string, Outputs>();
      for (const { derivation: input } of derivation.inputs.derivations) {
        const resolved = await this.resolve(input);
        const { pins } = this.#options.policy.pinsOf(input);
        const found = resolved === undefined ? undefined : await this.#lookup(resolved, pins);
        if (found === undefined) return undefined;
        outputsById.set(input.id, found.outputs);
      }
      return resolveDerivation(derivation, (input, output) => pathOf(outputsById.get(input.id), output));
    });
  }

  #ensurePresent(derivation: Derivation): Promise<Outputs> {
    return memoised(this.#present, derivation.id, async () => {
      const { resolved, outputs } = await this.#ensureKnown(derivation);
      if (await this.#allThere(Object.values(outputs))) return outputs;
      return (await this.#build(derivation, resolved)).outputs;
    });
  }

  /** What the outputs are, if need be by making them. */
  #ensureKnown(derivation: Derivation): Promise<Known> {
    return memoised(this.#known, derivation.id, async () => {
      const inputs = derivation.inputs.derivations.map((input) => input.derivation);
      const known = await all(inputs.map((input) => this.#ensureKnown(input)));
      const outputsById = new Map(inputs.map(({ id }, index) => [id, known[index]?.outputs]));
      const resolved = resolveDerivation(derivation, (input, output) =>
        pathOf(outputsById.get(input.id), output),
      );
      const { pins, ask } = this.#options.policy.pinsOf(derivation);
      const found = ask ? undefined : await this.#lookup(resolved, pins);
      if (found === undefined) return await this.#build(derivation, resolved);
      if (derivation.fix.kind === 'self' && pins.cab === undefined) {
        this.#options.policy.learned(derivation, found.pins);
      }
      return { resolved, outputs: found.outputs };
    });
  }

  async #lookup(derivation: ResolvedDerivation, pins: Pins): Promise<LookedUp | undefined> {
    for (const realizer of this.#options.realizers) {
      const found = await realizer.lookup({ derivation, pins });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #build(derivation: Derivation, known: ResolvedDerivation): Promise<Known> {
    const { policy, emit, signal } = this.#options;
    const { realizer, resolved } = await this.#prepare(derivation, known);
    const { pins, ask } = policy.pinsOf(derivation);
    const request = { derivation: resolved, requestedAs: derivation.id, pins: ask ? {} : pins };
    const pool = this.#poolFor(derivation);
    const result = await pool.run(() => realizer.realize(request, { emit, signal }), signal);
    if (result.outcome === 'failed') throw new GraphFailure(policy.explain(derivation, result));
    if (derivation.fix.kind === 'self') policy.learned(derivation, result.pins);
    return { resolved, outputs: result.outputs };
  }

  /** Chooses who is to make it, once its inputs are there. They may have come to be others than was known of them. */
  async #prepare(derivation: Derivation, known: ResolvedDerivation): Promise<Prepared> {
    const refusal = this.#options.policy.refuse(derivation);
    if (refusal !== undefined) throw new GraphFailure(refusal);
    const choice = await chooseRealizer(this.#options.realizers, derivation);
    if (!choice.ok) throw new GraphFailure(choice.diagnostic);
    const inputs = derivation.inputs.derivations;
    const present = await all(inputs.map((input) => this.#ensurePresent(input.derivation)));
    const trees = new Set(known.inputs.trees);
    const isAsKnown = inputs.every(({ outputs }, index) =>
      outputs.every((output) => trees.has(pathOf(present[index], output))),
    );
    if (isAsKnown) return { realizer: choice.realizer, resolved: known };
    const outputsById = new Map(inputs.map((input, index) => [input.derivation.id, present[index]]));
    const resolved = resolveDerivation(derivation, (input, output) =>
      pathOf(outputsById.get(input.id), output),
    );
    return { realizer: choice.realizer, resolved };
  }

  async #repeat(derivation: Derivation): Promise<Readonly<Record<string, OutputRecord>>> {
    const { policy, emit, signal } = this.#options;
    const known = await this.#ensureKnown(derivation);
    const { realizer, resolved } = await this.#prepare(derivation, known.resolved);
    const request = {
      derivation: resolved,
      requestedAs: derivation.id,
      pins: policy.pinsOf(derivation).pins,
    };
    const pool = this.#poolFor(derivation);
    const result = await pool.run(() => realizer.repeat(request, { emit, signal }), signal);
    if (result.outcome === 'failed') throw new GraphFailure(policy.explain(derivation, result));
    return result.outputs;
  }

  #poolFor({ fix }: Derivation): BoundedPool {
    return fix.kind === 'none' ? this.#builds : this.#fetches;
  }

  async #allThere(paths: readonly StorePath[]): Promise<boolean> {
    for (const path of paths) {
      const answers = await Promise.all(this.#options.realizers.map((realizer) => realizer.has(path)));
      if (!answers.includes(true)) return false;
    }
    return true;
  }
}

/** Carries diagnostics up through the graph: what depends on a failure fails with it. */
class GraphFailure extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('\n'));
    this.diagnostics = diagnostics;
  }
}

function pathOf(outputs: Outputs | undefined, output: string): StorePath {
  const path = outputs?.[output];
  if (path === undefined) throw new Error(`an input has no output '${output}'`);
  return path;
}

/** Starts on a stack of its own, so that a long chain of inputs does not nest calls. */
function memoised<T>(memo: Map<string, Promise<T>>, key: string, compute: () => Promise<T>): Promise<T> {
  const before = memo.get(key);
  if (before !== undefined) return before;
  const promise = Promise.resolve().then(compute);
  memo.set(key, promise);
  return promise;
}

/** Waits for every one, and fails with all failures together, so that one run names everything that is missing. */
async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  if (promises.length === 0) return [];
  const settled = await Promise.allSettled(promises);
  const values: T[] = [];
  const failures = new Set<Diagnostic>();
  for (const result of settled) {
    if (result.status === 'fulfilled') {
      values.push(result.value);
      continue;
    }
    if (!(result.reason instanceof GraphFailure)) throw result.reason;
    for (const diagnostic of result.reason.diagnostics) failures.add(diagnostic);
  }
  if (failures.size > 0) throw new GraphFailure(...failures);
  return values;
}
