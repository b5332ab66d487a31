import {
  type Derivation,
  type DerivationId,
  type Pins,
  type ResolvedDerivation,
  resolveDerivation,
} from '../../derivations/index.ts';
import { type Diagnostic, DiagnosticError } from '../../diagnostics/index.ts';
import type { Emit, StorePath } from '../../foundation/index.ts';
import type { OutputRecord, Store } from '../../store/index.ts';
import { faultOfTold, rememberOutputs } from '../known-outputs.ts';
import type {
  LookedUp,
  Outputs,
  RealizeContext,
  RealizeFailure,
  RealizeRequest,
  RealizeResult,
  Realizer,
} from '../realizer.ts';
import { RealizerUnavailable } from '../unavailable.ts';
import { Dispatch } from './dispatch.ts';
import { lostOnTheWay } from './faults.ts';
import { Fleet } from './fleet.ts';
import { Graph } from './graph.ts';
import { Lookup } from './lookup.ts';
import type { Member } from './member.ts';
import { memoised } from './memoised.ts';
import { Placement } from './placement.ts';
import { OutputsGone, Transfers } from './transfers.ts';
import { Whereabouts } from './whereabouts.ts';

/** What the lock says of a derivation. `ask` asks its origin again, whatever is pinned. */
export interface PinPolicy {
  pinsOf(derivation: Derivation): { readonly pins: Pins; readonly ask: boolean };
  /** Why the origin of an unpinned derivation may not be asked, or undefined where it may. */
  refuse(derivation: Derivation): Diagnostic | undefined;
  learned(derivation: Derivation, pins: Pins): void;
  /** May put a better diagnostic in the place of a realizer's. */
  explain(derivation: Derivation, failure: RealizeResult & { outcome: 'failed' }): Diagnostic;
}

/**
 * Where outputs are to be in the end: in this process's store, with all that they refer to, or wherever they come to be, so that nothing is
 * moved here that nobody asks to have.
 */
export type Wanted = 'here' | 'anywhere';

export type ScheduleResult =
  | { readonly ok: true; readonly outputs: Outputs }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** What came out of a derivation that was made once more: nothing of it is recorded. */
export type RepetitionResult =
  | { readonly ok: true; readonly outputs: Readonly<Record<string, OutputRecord>> }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export interface SchedulerOptions {
  readonly realizers: readonly Realizer[];
  /** This process's store. */
  readonly store: Store;
  readonly policy: PinPolicy;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** How many programs that compute run at once on a realizer in this process; others say so themselves. */
  readonly cores: number;
  /** The time in milliseconds since 1970. */
  readonly nowMs?: () => number;
}

interface Known {
  readonly resolved: ResolvedDerivation;
  readonly outputs: Outputs;
  /** Whether it was made in this run, and not known. */
  readonly isNew: boolean;
}

/** How often a derivation is begun elsewhere, where the realizer that runs it goes down: its program may be what takes machines down. */
const secondChances = 1;

/**
 * Realizes a graph of derivations. Each derivation is done once a run. What is known is not asked for: the inputs of a
 * derivation whose outputs are there need not be there, only what they came out as.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #context: RealizeContext;
  readonly #fleet: Fleet;
  readonly #whereabouts: Whereabouts;
  readonly #transfers: Transfers;
  readonly #lookup: Lookup;
  readonly #dispatch: Dispatch;
  readonly #placement: Placement;
  readonly #graph = new Graph();
  readonly #resolved = new Map<DerivationId, Promise<ResolvedDerivation | undefined>>();
  readonly #known = new Map<DerivationId, Promise<Known>>();
  readonly #existing = new Map<DerivationId, Promise<Outputs>>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    const { realizers, emit, signal, cores, nowMs } = options;
    const store = (): Store => options.store;
    this.#context = { emit, signal };
    this.#fleet = new Fleet({ realizers, store, emit, cores, ...(nowMs && { nowMs }) });
    this.#whereabouts = new Whereabouts(this.#fleet, store);
    this.#transfers = new Transfers(this.#fleet, this.#whereabouts, this.#context);
    this.#lookup = new Lookup(this.#fleet, store);
    this.#dispatch = new Dispatch(this.#fleet.members);
    this.#placement = new Placement(this.#fleet, this.#graph, this.#whereabouts);
  }

  /** Makes the outputs exist. */
  async realize(derivations: readonly Derivation[], wanted: Wanted = 'here'): Promise<ScheduleResult[]> {
    this.#graph.add(derivations);
    const settled = await Promise.allSettled(
      derivations.map((derivation) =>
        wanted === 'here' ? this.#ensureHere(derivation) : this.#ensureExists(derivation),
      ),
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
      const known = await this.#ensureKnown(derivation);
      const { pins } = this.#options.policy.pinsOf(derivation);
      const { result } = await this.#run(derivation, { ...known, pins }, (realizer, request) =>
        realizer.repeat(request, this.#context),
      );
      return { ok: true, outputs: result.outputs };
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
        const found = resolved === undefined ? undefined : await this.#lookup.find(resolved, pins);
        if (found === undefined) return undefined;
        outputsById.set(input.id, found.outputs);
      }
      return resolveDerivation(derivation, (input, output) => pathOf(outputsById.get(input.id), output));
    });
  }

  async #ensureHere(derivation: Derivation): Promise<Outputs> {
    for (;;) {
      const outputs = await this.#ensureExists(derivation);
      try {
        await this.#transfers.bring(Object.values(outputs), this.#fleet.here);
        return outputs;
      } catch (error) {
        // Where they were has gone down: they are made again.
        if (!(error instanceof OutputsGone)) throw asFailure(error);
      }
    }
  }

  /** Makes the outputs exist at some place that is up. */
  async #ensureExists(derivation: Derivation): Promise<Outputs> {
    for (;;) {
      const existing = memoised(this.#existing, derivation.id, async () => {
        const known = await this.#ensureKnown(derivation);
        if (await this.#whereabouts.areAnywhere(Object.values(known.outputs))) {
          this.#placement.settle(derivation);
          return known.outputs;
        }
        return (await this.#build(derivation, known)).outputs;
      });
      const outputs = await existing;
      if (this.#fleet.remotes.length === 0) return outputs;
      if (await this.#whereabouts.areAnywhere(Object.values(outputs))) return outputs;
      if (this.#existing.get(derivation.id) === existing) this.#existing.delete(derivation.id);
    }
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
      const found = ask ? undefined : await this.#find(resolved, pins, known);
      if (found === undefined) return await this.#build(derivation, { resolved });
      if (derivation.fix.kind === 'self' && pins.cab === undefined) {
        this.#options.policy.learned(derivation, found.pins);
      }
      return { resolved, outputs: found.outputs, isNew: false };
    });
  }

  /**
   * What a derivation is known to come out as. Where something that it needs has only now come to be, and there is but one realizer, that is
   * not asked: it would look again when it is to run it.
   */
  #find(resolved: ResolvedDerivation, pins: Pins, inputs: readonly Known[]): Promise<LookedUp | undefined> {
    const isAlone = this.#fleet.members.length === 1;
    const isSettled = isAlone && resolved.fix.kind === 'none' && inputs.some(({ isNew }) => isNew);
    return isSettled ? this.#lookup.recall(resolved, pins) : this.#lookup.find(resolved, pins);
  }

  /** What is realized here is recorded by whoever does it; what is realized elsewhere is remembered. */
  async #build(derivation: Derivation, known: Partial<Known> & Pick<Known, 'resolved'>): Promise<Known> {
    const { policy, store } = this.#options;
    const { pins, ask } = policy.pinsOf(derivation);
    const options = { resolved: known.resolved, pins: ask ? {} : pins, expectedPins: pins };
    const { result, resolved, member } = await this.#run(derivation, options, (realizer, request) =>
      realizer.realize(request, this.#context),
    );
    const fault = member.isRemote ? faultOfTold(resolved, options.pins, result) : undefined;
    if (fault !== undefined) throw new GraphFailure(fault);
    this.#whereabouts.learn(result.records ?? []);
    this.#whereabouts.add(member.place, Object.values(result.outputs));
    if (member.isRemote) rememberOutputs(store, resolved, result);
    if (derivation.fix.kind === 'self') policy.learned(derivation, result.pins);
    return { resolved, outputs: result.outputs, isNew: result.how === 'built' };
  }

  /** Has a realizer do something about a derivation, once its inputs are there; another one, where it goes down. */
  async #run<T extends object>(
    derivation: Derivation,
    { resolved: known, pins, expectedPins = pins }: RunOptions,
    task: (realizer: Realizer, request: RealizeRequest) => Promise<T | RealizeFailure>,
  ): Promise<Ran<Exclude<T, RealizeFailure>>> {
    const { policy, signal } = this.#options;
    const refusal = policy.refuse(derivation);
    if (refusal !== undefined) throw new GraphFailure(refusal);
    const trouble: Trouble = { lost: [], isSecondLook: false };
    for (;;) {
      const members = await this.#able(derivation, trouble);
      const resolved = await this.#withInputs(derivation, known);
      const placed = {
        original: derivation,
        resolved,
        expected: () => this.#expected(resolved, expectedPins),
      };
      const { members: candidates, weights } = await this.#placement.candidates(placed, members);
      using slot = await this.#dispatch.slotAt(candidates, weights);
      if (slot === undefined) continue;
      this.#placement.settle(derivation);
      const { member } = slot;
      signal.throwIfAborted();
      const request = { derivation: resolved, requestedAs: derivation.id, pins };
      const result = await this.#attempt(member, resolved, trouble, () => task(member.realizer, request));
      if (result === undefined) continue;
      if ('outcome' in result && result.outcome === 'failed') {
        throw new GraphFailure(policy.explain(derivation, result));
      }
      return { result: result as Exclude<T, RealizeFailure>, resolved, member };
    }
  }

  /** What may come out, as far as it is known here. */
  async #expected(derivation: ResolvedDerivation, pins: Pins): Promise<readonly StorePath[]> {
    return Object.values((await this.#lookup.recall(derivation, pins))?.outputs ?? {});
  }

  /** Undefined where a realizer has gone down over it, the one that was to do it or one that has its inputs. */
  async #attempt<T>(
    member: Member,
    { inputs }: ResolvedDerivation,
    trouble: Trouble,
    task: () => Promise<T>,
  ): Promise<T | undefined> {
    let isRunning = false;
    try {
      await this.#transfers.bring(inputs.trees, member.place);
      isRunning = true;
      const result = await task();
      member.noteSuccess();
      return result;
    } catch (error) {
      if (error instanceof OutputsGone) return undefined;
      if (error instanceof RealizerUnavailable) {
        if (isRunning && error.reason !== 'draining') trouble.lost.push(error);
        this.#fleet.setAside(error, isRunning ? 'work' : 'outputs');
        this.#dispatch.lookAgain();
        return undefined;
      }
      // What was there a while ago has been collected: it is looked for again, once.
      if (isInputMissing(error) && !trouble.isSecondLook) {
        trouble.isSecondLook = true;
        this.#whereabouts.forget(member.place, inputs.trees);
        return undefined;
      }
      throw member.isRemote ? asFailure(error) : error;
    }
  }

  /** Who can realize it and is up. */
  async #able(derivation: Derivation, { lost }: Trouble): Promise<readonly Member[]> {
    if (lost.length > secondChances) throw new GraphFailure(lostOnTheWay(derivation, lost));
    const eligible = await this.#fleet.eligible(derivation);
    if (!eligible.ok) throw new GraphFailure(eligible.diagnostic);
    return eligible.members;
  }

  /** The derivation with inputs that exist. They may have come to be others than was known of them. */
  async #withInputs(derivation: Derivation, known: ResolvedDerivation): Promise<ResolvedDerivation> {
    const inputs = derivation.inputs.derivations;
    if (inputs.length === 0) return known;
    const existing = await all(inputs.map((input) => this.#ensureExists(input.derivation)));
    const trees = new Set(known.inputs.trees);
    const isAsKnown = inputs.every(({ outputs }, index) =>
      outputs.every((output) => trees.has(pathOf(existing[index], output))),
    );
    if (isAsKnown) return known;
    const outputsById = new Map(inputs.map((input, index) => [input.derivation.id, existing[index]]));
    return resolveDerivation(derivation, (input, output) => pathOf(outputsById.get(input.id), output));
  }
}

/** What has come between while one derivation was to be realized. */
interface Trouble {
  /** Realizers that went down while they ran it. */
  readonly lost: RealizerUnavailable[];
  /** Whether inputs were looked for again that were no more where they had been. */
  isSecondLook: boolean;
}

interface RunOptions {
  readonly resolved: ResolvedDerivation;
  readonly pins: Pins;
  /** By which it can be known what may come out, though its origin is asked. */
  readonly expectedPins?: Pins;
}

interface Ran<T> {
  readonly result: T;
  readonly resolved: ResolvedDerivation;
  readonly member: Member;
}

/** Carries diagnostics up through the graph: what depends on a failure fails with it. */
class GraphFailure extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('\n'));
    this.diagnostics = diagnostics;
  }
}

/** What another realizer refuses is a failure of what it was asked for alone. */
function asFailure(error: unknown): unknown {
  return error instanceof DiagnosticError ? new GraphFailure(...error.diagnostics) : error;
}

function isInputMissing(error: unknown): boolean {
  return error instanceof DiagnosticError && error.diagnostics.some(({ code }) => code === 'CAB4047');
}

function pathOf(outputs: Outputs | undefined, output: string): StorePath {
  const path = outputs?.[output];
  if (path === undefined) throw new Error(`an input has no output '${output}'`);
  return path;
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
