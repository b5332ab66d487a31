import type { Derivation, DerivationId, ResolvedDerivation } from '../../derivations/index.ts';
import type { StorePath } from '../../foundation/index.ts';
import { type Weights, chooseMember } from './choose.ts';
import type { Fleet } from './fleet.ts';
import type { Graph } from './graph.ts';
import { type Member, kindOf } from './member.ts';
import { memoised } from './memoised.ts';
import type { Whereabouts } from './whereabouts.ts';

/** Of how many that need a source it is decided where they go, before it is made; more spread anyway. */
const placedConsumersLimit = 16;

/**
 * Where derivations are to be realized. What has inputs goes to where most of them are. What has none, as the fetching of a source, goes to
 * where its result will be needed: so whoever needs it is placed first, from the top of the graph down, and stays there.
 */
export class Placement {
  readonly #fleet: Fleet;
  readonly #graph: Graph;
  readonly #whereabouts: Whereabouts;
  readonly #homes = new Map<DerivationId, Promise<Member | undefined>>();
  readonly #planned = new Map<DerivationId, { readonly member: Member; readonly height: number }>();
  /** Those for which a source was brought to where they are to be realized. */
  readonly #bound = new Set<DerivationId>();

  constructor(fleet: Fleet, graph: Graph, whereabouts: Whereabouts) {
    this.#fleet = fleet;
    this.#graph = graph;
    this.#whereabouts = whereabouts;
  }

  /** Who may realize a derivation that is ready, of those who can, and what speaks for each. */
  async candidates(
    { original, resolved, expected }: Placed,
    able: readonly Member[],
  ): Promise<{ readonly members: readonly Member[]; readonly weights: Weights }> {
    const kind = kindOf(original);
    const nothing = { kind, missingBytes: new Map<Member, number>(), home: undefined };
    await Promise.all(able.map((member) => this.#fleet.ask(member, () => member.refresh())));
    if (able.length === 1) return { members: able, weights: nothing };
    const fixedTo = await this.#fixedTo(original, able, expected);
    if (fixedTo !== undefined) return { members: [fixedTo], weights: nothing };
    const missingBytes = await this.#missingBytes(resolved.inputs.trees, able);
    const home = await (hasInputs(original)
      ? this.#homeOfConsumer(original)
      : this.#homeOfSource(original, able));
    return { members: able, weights: { kind, missingBytes, home } };
  }

  /** That a derivation is realized, or need not be. */
  settle({ id }: Derivation): void {
    const plan = this.#planned.get(id);
    if (plan !== undefined) count(plan, -1);
    this.#planned.delete(id);
  }

  /** The one that it has to go to, if it is up. */
  async #fixedTo(
    derivation: Derivation,
    able: readonly Member[],
    expected: Placed['expected'],
  ): Promise<Member | undefined> {
    if (this.#bound.has(derivation.id)) {
      const home = await this.#homeOf(derivation);
      return home !== undefined && able.includes(home) && home.outage === undefined ? home : undefined;
    }
    // A program that computes goes elsewhere where it would have to wait: what it makes is mostly small.
    if (hasInputs(derivation) || kindOf(derivation) === 'build') return undefined;
    // What comes out as before need not be brought anywhere.
    const [before] = await this.#having(await expected(), able);
    return before ?? (await this.#homeOfSource(derivation, able));
  }

  async #having(paths: readonly StorePath[], members: readonly Member[]): Promise<readonly Member[]> {
    if (paths.length === 0) return [];
    const missing = await Promise.all(members.map(({ place }) => this.#whereabouts.missing(place, paths)));
    return members.filter((_, index) => missing[index]?.length === 0);
  }

  /** Where what has no inputs is to be made: where most of those are to be realized that need it. */
  async #homeOfSource(derivation: Derivation, able: readonly Member[]): Promise<Member | undefined> {
    const consumers = this.#graph.consumersOf(derivation);
    if (consumers.length > placedConsumersLimit) return await this.#mostAble(consumers, able);
    const homes = await Promise.all(consumers.map((consumer) => this.#homeOf(consumer)));
    const votes = able.map((member) => homes.filter((home) => home === member).length);
    const most = Math.max(...votes);
    if (most === 0) return undefined;
    const chosen = able[votes.indexOf(most)];
    for (const [index, { id }] of consumers.entries()) if (homes[index] === chosen) this.#bound.add(id);
    return chosen;
  }

  /** The one that can realize most of them, where there is a difference. */
  async #mostAble(consumers: readonly Derivation[], able: readonly Member[]): Promise<Member | undefined> {
    const ables = await Promise.all(consumers.map((consumer) => this.#fleet.able(consumer)));
    const votes = able.map((member) => ables.filter((members) => members.includes(member)).length);
    const most = Math.max(...votes);
    return votes.every((count) => count === most) ? undefined : able[votes.indexOf(most)];
  }

  async #homeOfConsumer(derivation: Derivation): Promise<Member | undefined> {
    const [only, second] = this.#graph.consumersOf(derivation);
    return only === undefined || second !== undefined ? undefined : await this.#homeOf(only);
  }

  /** Where a derivation is going to be realized, by what is known before its inputs are there. */
  #homeOf(derivation: Derivation): Promise<Member | undefined> {
    return memoised(this.#homes, derivation.id, async () => {
      const able = await this.#fleet.able(derivation);
      const home = able.length > 1 ? await this.#homeOfConsumer(derivation) : undefined;
      const missingBytes = await this.#missingBytes(derivation.inputs.trees, able);
      const height = this.#graph.heightOf(derivation);
      const member = chooseMember(able, { kind: kindOf(derivation), missingBytes, home, height });
      if (member === undefined) return undefined;
      count({ member, height }, 1);
      this.#planned.set(derivation.id, { member, height });
      return member;
    });
  }

  /** How much each would have to be sent of the inputs with all that they refer to. */
  async #missingBytes(
    trees: readonly StorePath[],
    members: readonly Member[],
  ): Promise<ReadonlyMap<Member, number>> {
    if (members.length < 2) return new Map();
    const all = this.#whereabouts.closure(trees);
    const bytes = await Promise.all(
      members.map(async ({ place }) => {
        const missing = new Set(await this.#whereabouts.missing(place, trees));
        const there = this.#whereabouts.closure(trees.filter((path) => !missing.has(path)));
        return this.#whereabouts.sizeOf([...all].filter((path) => !there.has(path)));
      }),
    );
    return new Map(members.map((member, index) => [member, bytes[index] ?? 0]));
  }
}

function hasInputs({ inputs }: Derivation): boolean {
  return inputs.derivations.length > 0;
}

function count(
  { member: { planned }, height }: { readonly member: Member; readonly height: number },
  more: number,
): void {
  planned.set(height, (planned.get(height) ?? 0) + more);
}

export interface Placed {
  readonly original: Derivation;
  readonly resolved: ResolvedDerivation;
  /** What it came out as before, as far as its pins tell. */
  readonly expected: () => Promise<readonly StorePath[]>;
}
