import type { Derivation } from '../../derivations/index.ts';
import type { Diagnostic } from '../../diagnostics/index.ts';
import type { Emit } from '../../foundation/index.ts';
import type { Store } from '../../store/index.ts';
import type { Realizer } from '../realizer.ts';
import { RealizerUnavailable } from '../unavailable.ts';
import { type Opinion, nobodyOffers, nobodyLeft, setAsideFor } from './faults.ts';
import { Member } from './member.ts';
import { type Place, ownPlace } from './place.ts';

export interface FleetOptions {
  readonly realizers: readonly Realizer[];
  /** This process's store; opened when something is asked of it. */
  readonly store: () => Store;
  readonly emit: Emit;
  /** How many programs run at once on a realizer in this process. */
  readonly cores: number;
  readonly nowMs?: () => number;
}

/** Who may realize a derivation, in the order of the configuration, or why nobody can. */
export type Eligible =
  | { readonly ok: true; readonly members: readonly Member[] }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** All realizers, with what is known of who is down. */
export class Fleet {
  readonly members: readonly Member[];
  /** This process's store. */
  readonly here: Place;
  readonly #emit: Emit;

  constructor({ realizers, store, emit, cores, nowMs = Date.now }: FleetOptions) {
    const here = ownPlace(realizers, store);
    this.here = here;
    this.members = realizers.map(
      (realizer) =>
        new Member(realizer, { place: realizer.remote === undefined ? here : realizer, cores, nowMs }),
    );
    this.#emit = emit;
  }

  /** Those with a store of their own. */
  get remotes(): readonly Member[] {
    return this.members.filter(({ isRemote }) => isRemote);
  }

  /** Those that are up and offer all that the derivation requires. */
  async eligible(derivation: Derivation): Promise<Eligible> {
    const opinions = await this.#opinionsOn(derivation);
    const members = offering(opinions);
    if (members.length > 0) return { ok: true, members };
    const told = await Promise.all(opinions.map((opinion) => this.#withOffer(opinion)));
    const lacks = told.filter((opinion) => opinion.kind === 'lacks');
    const isComplete = lacks.length === told.length;
    const diagnostic = isComplete ? nobodyOffers(derivation, lacks) : nobodyLeft(derivation, told);
    return { ok: false, diagnostic };
  }

  /** The same without a word on why: none where nobody can. */
  async able(derivation: Derivation): Promise<readonly Member[]> {
    return offering(await this.#opinionsOn(derivation));
  }

  /** What a realizer answers, or undefined where it turns out to be down, which is then known. */
  async ask<T>(member: Member, question: () => Promise<T>): Promise<T | undefined> {
    if (!member.isReachable) return undefined;
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof RealizerUnavailable)) throw error;
      this.setAside(error, 'outputs');
      return undefined;
    }
  }

  /** Leaves a realizer alone for a while, and says so the first time. Where there is no other one, the failure will tell. */
  setAside(error: RealizerUnavailable, over: 'work' | 'outputs'): void {
    const member = this.members.find(({ name }) => name === error.realizer);
    if (member === undefined) throw error;
    const isNews = member.setAside(error, over);
    if (!isNews || this.members.length === 1) return;
    this.#emit({ type: 'diagnostic', diagnostic: setAsideFor(error) });
  }

  #opinionsOn({ requiredRealizerFeatures }: Derivation): Promise<readonly Opinion[]> {
    return Promise.all(this.members.map((member) => this.#opinionOf(member, requiredRealizerFeatures)));
  }

  async #opinionOf(member: Member, required: readonly string[]): Promise<Opinion> {
    if (member.outage !== undefined) return this.#down(member);
    const lacking = await this.ask(member, () => member.lacking(required));
    if (lacking === undefined) return this.#down(member);
    return lacking.size === 0 ? { kind: 'offers', member } : { kind: 'lacks', member, lacking };
  }

  async #withOffer(opinion: Opinion): Promise<Opinion> {
    if (opinion.kind !== 'lacks') return opinion;
    const { member } = opinion;
    const offered = await this.ask(member, () => member.realizer.features());
    return offered === undefined ? this.#down(member) : { ...opinion, offered: [...offered] };
  }

  #down(member: Member): Opinion {
    const { outage } = member;
    if (outage === undefined) throw new Error(`${member.name} did not answer, and is not set aside`);
    return { kind: 'down', member, outage };
  }
}

function offering(opinions: readonly Opinion[]): readonly Member[] {
  return opinions.filter(({ kind }) => kind === 'offers').map(({ member }) => member);
}
