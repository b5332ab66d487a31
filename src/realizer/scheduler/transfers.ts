import { BoundedPool, type Emit, type StorePath } from '../../foundation/index.ts';
import type { Moved, RealizeContext } from '../realizer.ts';
import { RealizerUnavailable } from '../unavailable.ts';
import type { Fleet } from './fleet.ts';
import type { Place } from './place.ts';
import type { Whereabouts } from './whereabouts.ts';

/** How many uploads, downloads, and transfers between realizers go on at once. */
const limits = { up: 4, down: 4, across: 16 } as const;

/** What is smaller than this goes out from here rather than that two realizers are brought together for it, in bytes. */
const smallBytes = 64 << 10;

/** A way for outputs from one place to another. */
interface Leg {
  readonly from: Place;
  readonly paths: readonly StorePath[];
}

/** That an output is nowhere any more where it could be had from. */
export class OutputsGone extends Error {
  readonly paths: readonly StorePath[];

  constructor(paths: readonly StorePath[]) {
    super(`${paths.join(', ')} can be had from nowhere`);
    this.paths = paths;
  }
}

/** Moves outputs to where they are needed, each once, whoever needs it. */
export class Transfers {
  readonly #fleet: Fleet;
  readonly #whereabouts: Whereabouts;
  readonly #context: RealizeContext;
  readonly #up = new BoundedPool(limits.up);
  readonly #down = new BoundedPool(limits.down);
  readonly #across = new BoundedPool(limits.across);
  /** What is on its way, by where it goes. */
  readonly #underWay = new Map<Place, Map<StorePath, Promise<void>>>();
  /** Which realizers cannot take from which others. */
  readonly #refused = new Map<Place, Map<Place, string>>();

  constructor(fleet: Fleet, whereabouts: Whereabouts, context: RealizeContext) {
    this.#fleet = fleet;
    this.#whereabouts = whereabouts;
    this.#context = context;
  }

  /**
   * Brings outputs with all that they refer to where they are not yet.
   *
   * @throws RealizerUnavailable where the place is down, OutputsGone where all are that have one of them.
   */
  async bring(paths: readonly StorePath[], to: Place): Promise<void> {
    const missing = await this.#whereabouts.missing(to, paths);
    if (missing.length === 0) return;
    const underWay = this.#underWay.get(to) ?? new Map<StorePath, Promise<void>>();
    this.#underWay.set(to, underWay);
    const own = missing.filter((path) => !underWay.has(path));
    const awaited = new Set(missing.flatMap((path) => underWay.get(path) ?? []));
    if (own.length > 0) awaited.add(this.#start(own, to, underWay));
    await Promise.all(awaited);
  }

  /** What another transfer brings of it is there when this one looks what is missing. */
  #start(own: readonly StorePath[], to: Place, underWay: Map<StorePath, Promise<void>>): Promise<void> {
    const closure = [...this.#whereabouts.closure(own)];
    const before = new Set(closure.flatMap((path) => underWay.get(path) ?? []));
    const covered = closure.filter((path) => !underWay.has(path));
    const transfer = Promise.allSettled(before)
      .then(() => this.#move(own, to))
      .then(() => this.#whereabouts.add(to, covered))
      .finally(() => {
        for (const path of covered) underWay.delete(path);
      });
    for (const path of covered) underWay.set(path, transfer);
    return transfer;
  }

  async #move(paths: readonly StorePath[], to: Place): Promise<void> {
    let left = paths;
    while (left.length > 0) {
      const legs = await this.#legsFor(left, to);
      const outcomes = await Promise.all(this.#goApart(legs, to));
      left = legs.flatMap(({ paths: tried }, index) => (outcomes[index] === true ? [] : tried));
    }
  }

  /** What two of them would both bring goes with the first. */
  #goApart(legs: readonly Leg[], to: Place): readonly Promise<boolean>[] {
    const closures = legs.map(({ paths }) => this.#whereabouts.closure(paths));
    const going: Promise<boolean>[] = [];
    for (const [index, leg] of legs.entries()) {
      const closure = closures[index] ?? new Set();
      const before = going.filter((_, other) => closures[other]?.isDisjointFrom(closure) === false);
      going.push(Promise.allSettled(before).then(() => this.#goBehindOutages(leg, to)));
    }
    return going;
  }

  /** Whether the outputs have come; where they lay may have gone down meanwhile. */
  async #goBehindOutages(leg: Leg, to: Place): Promise<boolean> {
    try {
      await this.#go(leg, to);
      return true;
    } catch (error) {
      if (!(error instanceof RealizerUnavailable) || error.realizer !== leg.from.name) throw error;
      this.#fleet.setAside(error, 'outputs');
      return false;
    }
  }

  /** From where each output is to be taken, with what is taken from the same place. */
  async #legsFor(paths: readonly StorePath[], to: Place): Promise<readonly Leg[]> {
    const sources = await Promise.all(paths.map((path) => this.#sourceOf(path, to)));
    const gone = paths.filter((_, index) => sources[index] === undefined);
    if (gone.length > 0) throw new OutputsGone(gone);
    const byPlace = Map.groupBy(paths.entries(), ([index]) => sources[index] as Place);
    return [...byPlace].map(([from, entries]) => ({ from, paths: entries.map(([, path]) => path) }));
  }

  /** One from which it can go directly comes first, unless it is small and lies here. */
  async #sourceOf(path: StorePath, to: Place): Promise<Place | undefined> {
    const { here } = this.#fleet;
    const isHere = to !== here && (await this.#whereabouts.has(here, path));
    if (isHere && this.#whereabouts.sizeOf(this.#whereabouts.closure([path])) < smallBytes) return here;
    const remotes = (await this.#whereabouts.remotesWith(path)).filter((place) => place !== to);
    const direct = to === here ? remotes[0] : remotes.find((from) => !this.#refused.get(to)?.has(from));
    return direct ?? (isHere ? here : remotes[0]);
  }

  async #go({ from, paths }: Leg, to: Place): Promise<void> {
    const { here } = this.#fleet;
    if (from === here) return await this.#push(paths, to);
    if (to === here) return await this.#fetch(paths, from);
    const refusal = await this.#pull(paths, from, to);
    if (refusal === undefined) return;
    await this.bring(paths, here);
    await this.#push(paths, to);
  }

  async #push(paths: readonly StorePath[], to: Place): Promise<void> {
    const moved = await this.#up.run(() => remoteOf(to).push(paths, this.#context), this.#context.signal);
    this.#tell(this.#fleet.here, to, { ...moved, way: 'through-client' });
  }

  async #fetch(paths: readonly StorePath[], from: Place): Promise<void> {
    const moved = await this.#down.run(
      () => remoteOf(from).fetch(paths, this.#context),
      this.#context.signal,
    );
    this.#tell(from, this.#fleet.here, { ...moved, way: 'through-client' });
  }

  /** Has one take outputs from another; answers why it cannot. */
  async #pull(paths: readonly StorePath[], from: Place, to: Place): Promise<string | undefined> {
    const before = this.#refused.get(to)?.get(from);
    if (before !== undefined) return before;
    const { signal } = this.#context;
    const pull = () => remoteOf(to).pullFrom(remoteOf(from), paths, this.#context);
    const result = await this.#across.run(pull, signal);
    if ('refusal' in result) {
      const refused = this.#refused.get(to) ?? new Map<Place, string>();
      this.#refused.set(to, refused.set(from, result.refusal));
      return result.refusal;
    }
    this.#tell(from, to, { ...result, way: 'direct' });
    return undefined;
  }

  #tell(from: Place, to: Place, moved: Moved & { readonly way: 'direct' | 'through-client' }): void {
    const { emit }: { readonly emit: Emit } = this.#context;
    if (moved.outputs > 0) emit({ type: 'outputs-moved', from: from.name, to: to.name, ...moved });
  }
}

function remoteOf({ name, remote }: Place) {
  if (remote === undefined) throw new Error(`${name} has its outputs in this process's store`);
  return remote;
}
