import type { Pins, ResolvedDerivation } from '../../derivations/index.ts';
import type { Store } from '../../store/index.ts';
import { keptAnywhere, knownOutputs, rememberOutputs } from '../known-outputs.ts';
import type { LookedUp } from '../realizer.ts';
import type { Fleet } from './fleet.ts';

/** What derivations are known to come out as: what this process's store knows comes first, since it costs nothing to ask. */
export class Lookup {
  readonly #fleet: Fleet;
  readonly #store: () => Store;

  constructor(fleet: Fleet, store: () => Store) {
    this.#fleet = fleet;
    this.#store = store;
  }

  async find(derivation: ResolvedDerivation, pins: Pins): Promise<LookedUp | undefined> {
    return (await this.recall(derivation, pins)) ?? (await this.#ask(derivation, pins));
  }

  /** What is known here. */
  async recall(derivation: ResolvedDerivation, pins: Pins): Promise<LookedUp | undefined> {
    const own = this.#fleet.members.find(({ isRemote }) => !isRemote);
    if (own !== undefined) return await own.realizer.lookup({ derivation, pins });
    return knownOutputs(this.#store(), derivation, { pins, kept: keptAnywhere(derivation) });
  }

  /** What the others know that could have made it; the first of them counts. */
  async #ask(derivation: ResolvedDerivation, pins: Pins): Promise<LookedUp | undefined> {
    if (this.#fleet.remotes.length === 0) return undefined;
    // Of what fixes itself nothing is known without a pin.
    if (derivation.fix.kind === 'self' && Object.keys(pins).length === 0) return undefined;
    const able = (await this.#fleet.able(derivation)).filter(({ isRemote }) => isRemote);
    const answers = await Promise.all(
      able.map((member) => this.#fleet.ask(member, () => member.realizer.lookup({ derivation, pins }))),
    );
    const found = answers.find((answer) => answer !== undefined);
    if (found !== undefined) rememberOutputs(this.#store(), derivation, found);
    return found;
  }
}
