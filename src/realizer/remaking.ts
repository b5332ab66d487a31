import type { Claim, Pins } from '../derivations/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import { type StorePath, hashPartOfStorePath } from '../foundation/index.ts';
import type { Deriver, Store } from '../store/index.ts';
import { notMadeAgain } from './failures.ts';
import type { RealizeContext, Realizer, RemoteOutputs } from './realizer.ts';
import { Fleet, type Member, Transfers, Whereabouts } from './scheduler/index.ts';
import { RealizerUnavailable } from './unavailable.ts';

/** Whether an output is whole, after whatever had to be done for that. */
export type Remade =
  | { readonly ok: true; readonly how: 'whole' | 'made-again' }
  /** `from` is the name of the realizer that had it whole. */
  | { readonly ok: true; readonly how: 'fetched'; readonly from: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export interface RemakerOptions {
  readonly store: Store;
  readonly realizers: readonly Realizer[];
  readonly context: RealizeContext;
}

/** How many combinations of claims are tried, where several values of one format are claimed of an output. */
const pinsLimit = 8;

/**
 * Has outputs whole again that are not: from a realizer that has them in a store of its own, or else made again by the derivations that they
 * came from. What these need comes first.
 */
export class Remaker {
  readonly #options: RemakerOptions;
  readonly #fleet: Fleet;
  readonly #transfers: Transfers;
  readonly #done = new Map<StorePath, Promise<Remade>>();
  readonly #ensured = new Map<StorePath, Promise<readonly Diagnostic[]>>();

  constructor(options: RemakerOptions) {
    this.#options = options;
    const { realizers, context } = options;
    const store = (): Store => options.store;
    // One program at a time runs for each output, and how many outputs are made at once is the caller's choice.
    this.#fleet = new Fleet({ realizers, store, emit: context.emit, cores: 1 });
    this.#transfers = new Transfers(this.#fleet, new Whereabouts(this.#fleet, store), context);
  }

  /** Makes an output whole that is not. Each is tried once. */
  remake(path: StorePath): Promise<Remade> {
    const before = this.#done.get(path);
    if (before !== undefined) return before;
    const remade = Promise.resolve().then(() => this.#remake(path));
    this.#done.set(path, remade);
    return remade;
  }

  async #remake(path: StorePath): Promise<Remade> {
    const { store } = this.#options;
    if (store.isWhole(path)) return { ok: true, how: 'whole' };
    const from = await this.#fetch(path);
    if (from !== undefined) return { ok: true, how: 'fetched', from };
    const derivers = store.derivers(path);
    if (derivers.length === 0) {
      return failed(notMadeAgain(path, 'no derivation is known that makes it'));
    }
    const diagnostics: Diagnostic[] = [];
    for (const deriver of derivers) {
      const failures = await this.#makeBy(deriver, path);
      if (failures.length === 0) return { ok: true, how: 'made-again' };
      diagnostics.push(...failures);
    }
    return { ok: false, diagnostics };
  }

  /** Takes it from a realizer that has it, and answers from which. */
  async #fetch(path: StorePath): Promise<string | undefined> {
    for (const member of this.#fleet.remotes) {
      const { remote } = member.realizer;
      if (remote === undefined) continue;
      const isWhole = await this.#fleet.ask(member, async () => {
        if (await member.realizer.has(path)) await this.#take(path, remote);
        return this.#options.store.isWhole(path);
      });
      if (isWhole === true) return member.name;
    }
    return undefined;
  }

  async #take(path: StorePath, remote: RemoteOutputs): Promise<void> {
    const { store, context } = this.#options;
    if (!store.has(path)) {
      await remote.fetch([path], context);
      return;
    }
    const record = await remote.refetch(path, context);
    if (record === undefined) return;
    const missing = record.references.filter((reference) => reference !== path && !store.has(reference));
    if (missing.length > 0) await remote.fetch(missing, context);
    store.restore(record);
  }

  /** Makes it by one derivation; answers why it did not come to be. */
  async #makeBy(deriver: Deriver, path: StorePath): Promise<readonly Diagnostic[]> {
    const { derivation } = deriver;
    for (const input of derivation.inputs.trees) {
      const failures = await this.#ensure(input);
      if (failures.length > 0) return failures;
    }
    const eligible = await this.#fleet.eligible(derivation);
    if (!eligible.ok) return [eligible.diagnostic];
    const [member] = eligible.members.toSorted(ownFirst);
    if (member === undefined) throw new Error(`nobody was chosen for ${derivation.name}`);
    try {
      await this.#transfers.bring(derivation.inputs.trees, member.place);
      return await this.#runWithPins(member.realizer, deriver, path);
    } catch (error) {
      if (!(error instanceof RealizerUnavailable)) throw error;
      this.#fleet.setAside(error, 'work');
      return error.diagnostics;
    }
  }

  async #runWithPins(realizer: Realizer, deriver: Deriver, path: StorePath): Promise<readonly Diagnostic[]> {
    let failure: Diagnostic | undefined;
    for (const pins of pinsOf(deriver, path)) {
      failure = await this.#runWith(realizer, deriver, { path, pins });
      if (failure === undefined) return [];
    }
    return failure === undefined ? [] : [failure];
  }

  /** An input has to be whole, and so has all that it refers to: none of that can lead back to what is made. */
  #ensure(input: StorePath): Promise<readonly Diagnostic[]> {
    const before = this.#ensured.get(input);
    if (before !== undefined) return before;
    const ensured = Promise.resolve().then(() => this.#ensureAll(input));
    this.#ensured.set(input, ensured);
    return ensured;
  }

  async #ensureAll(input: StorePath): Promise<readonly Diagnostic[]> {
    const own = await this.remake(input);
    if (!own.ok) return own.diagnostics;
    for (const reference of this.#options.store.get(input)?.references ?? []) {
      if (reference === input) continue;
      const failures = await this.#ensure(reference);
      if (failures.length > 0) return failures;
    }
    return [];
  }

  async #runWith(
    realizer: Realizer,
    { derivation, output }: Deriver,
    { path, pins }: { readonly path: StorePath; readonly pins: Pins },
  ): Promise<Diagnostic | undefined> {
    const { store, context } = this.#options;
    const request = { derivation, requestedAs: derivation.id, pins };
    const result = await realizer.repeat(request, context);
    if (result.outcome === 'failed') return result.diagnostic;
    const record = result.outputs[output];
    if (record?.path !== path) {
      return notMadeAgain(path, `made again it came out as '${record?.path ?? 'nothing'}'`);
    }
    store.restore(
      record,
      result.contents.filter((content) => content.path === path),
    );
    if (store.isWhole(path)) return undefined;
    return notMadeAgain(path, 'made again it lacked something all the same');
  }
}

/** What is made where it is wanted need not be brought there. */
function ownFirst(one: Member, other: Member): number {
  return Number(one.isRemote) - Number(other.isRemote);
}

function failed(diagnostic: Diagnostic): Remade {
  return { ok: false, diagnostics: [diagnostic] };
}

/**
 * What a program is held to that makes an output again. Of a format in which several values were claimed, as of two commits that have
 * one tree, each run is told one.
 */
function pinsOf({ derivation, claims }: Deriver, path: StorePath): readonly Pins[] {
  if (derivation.fix.kind === 'none') return [{}];
  const byFormat = Map.groupBy(claims, (claim: Claim) => claim.format);
  const most = Math.max(1, ...[...byFormat.values()].map(({ length }) => length));
  return Array.from({ length: Math.min(pinsLimit, most) }, (_, run) => {
    const values = [...byFormat].map(([format, all]) => [format, all[run % all.length]?.value ?? '']);
    return { ...Object.fromEntries(values), cab: hashPartOfStorePath(path) } as Pins;
  });
}
