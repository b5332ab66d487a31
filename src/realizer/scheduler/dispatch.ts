import { type Weights, chooseMember } from './choose.ts';
import type { Kind, Member } from './member.ts';

/** A place for one program at a realizer, until it is disposed of. */
export interface Slot extends Disposable {
  readonly member: Member;
}

interface Waiting {
  readonly members: readonly Member[];
  readonly weights: Weights;
  readonly take: (member: Member | undefined) => void;
}

/** Gives derivations that are ready to realizers that have room for them. Who waits for one takes another that would be done sooner. */
export class Dispatch {
  readonly #members: readonly Member[];
  readonly #waiting: Readonly<Record<Kind, Set<Waiting>>> = { build: new Set(), fetch: new Set() };

  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /** Waits for room at one of the realizers; undefined where all of them have gone down. */
  async slotAt(members: readonly Member[], weights: Weights): Promise<Slot | undefined> {
    const now = roomAt(members, weights);
    if (now !== undefined) {
      now.enter(weights.kind);
      return this.#slot(now, weights.kind);
    }
    if (!members.some(isUp)) return undefined;
    const given = await new Promise<Member | undefined>((resolve) => {
      this.#waiting[weights.kind].add({ members, weights, take: resolve });
    });
    return given && this.#slot(given, weights.kind);
  }

  /** Ends the waiting of those whose realizers have all gone down, and gives others what has become free. */
  lookAgain(): void {
    this.#lookAt('build');
    this.#lookAt('fetch');
  }

  #lookAt(kind: Kind): void {
    for (const waiting of this.#waiting[kind]) {
      const { members, weights, take } = waiting;
      const member = roomAt(members, weights);
      if (member === undefined && members.some(isUp)) continue;
      this.#waiting[kind].delete(waiting);
      member?.enter(kind);
      take(member);
      if (!this.#members.some((each) => isUp(each) && each.hasRoom(kind))) return;
    }
  }

  #slot(member: Member, kind: Kind): Slot {
    return {
      member,
      [Symbol.dispose]: () => {
        member.leave(kind);
        this.#lookAt(kind);
      },
    };
  }
}

function isUp({ outage }: Member): boolean {
  return outage === undefined;
}

/** The best one, where it has room: for a better one it is worth to wait. */
function roomAt(members: readonly Member[], weights: Weights): Member | undefined {
  const best = chooseMember(members.filter(isUp), weights);
  return best?.hasRoom(weights.kind) === true ? best : undefined;
}
