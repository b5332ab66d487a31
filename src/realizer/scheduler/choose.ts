import type { Kind, Member } from './member.ts';

/**
 * What a choice weighs is time. A connection is taken to carry so many bytes a second, and a program to run so long: both only have to be
 * right enough that a gibibyte is not sent for a program that could begin a second later, nor a hundred programs wait for a kilobyte.
 */
const bytesASecond = 50_000_000;
const programSeconds = 2;

/** What it is worth that a result is where it will be needed, in seconds. */
const homeSeconds = 0.5;

/** What speaks for and against the realizers that could do a work. */
export interface Weights {
  readonly kind: Kind;
  /** How much of its inputs would have to go there, in bytes. */
  readonly missingBytes: ReadonlyMap<Member, number>;
  /** Where its result will be needed. */
  readonly home: Member | undefined;
  /** How high in the graph it is, where it is only planned, and so counts what else is. */
  readonly height?: number;
}

/** The one that is soonest done; among equals the least busy one, and among these the first. */
export function chooseMember(members: readonly Member[], weights: Weights): Member | undefined {
  const { kind } = weights;
  let best: Member | undefined;
  let bestSeconds = Infinity;
  for (const member of members) {
    const seconds = secondsOn(member, weights);
    if (seconds > bestSeconds) continue;
    if (best !== undefined && seconds === bestSeconds && member.fill(kind) >= best.fill(kind)) continue;
    best = member;
    bestSeconds = seconds;
  }
  return best;
}

function secondsOn(member: Member, { kind, missingBytes, home, height }: Weights): number {
  const transfer = (missingBytes.get(member) ?? 0) / bytesASecond;
  const wait = member.rounds(kind, height) * programSeconds;
  return transfer + wait + (home === undefined || member === home ? 0 : homeSeconds);
}
