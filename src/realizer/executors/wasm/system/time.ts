import { errno } from '../files/errno.ts';
import type { HostFunctions } from '../host-functions.ts';
import type { ProgramContext } from '../program-context.ts';

const eventKind = { clock: 0, read: 1, write: 2 } as const;
const absoluteTime = 1;
const subscriptionSize = 48;
const eventSize = 32;

/** Smallest step of a clock, in nanoseconds. */
const resolutionNs = 1_000_000n;

/** The most subscriptions of one call. */
const largestCount = 65_536;

/** The longest sleep in milliseconds that a timer takes. */
const longestSleepMs = 2 ** 31 - 1;
const longestSleepNs = BigInt(longestSleepMs) * 1_000_000n;

interface Subscription {
  readonly userData: bigint;
  readonly kind: number;
  readonly error: number;
  /** How long until it is due; 0 for whatever is ready at once. */
  readonly waitNs: bigint;
}

/** `clock_*`. */
export function clockFunctions(context: ProgramContext): HostFunctions {
  return {
    clock_res_get(id: number, answer: number): number {
      if (context.clock(id) === undefined) return errno.invalid;
      context.memory().setUint64(answer, resolutionNs);
      return errno.success;
    },
    clock_time_get(id: number, _precision: bigint, answer: number): number {
      const time = context.clock(id);
      if (time === undefined) return errno.invalid;
      context.memory().setUint64(answer, time);
      return errno.success;
    },
  };
}

/**
 * `poll_oneoff`. Files and streams are always ready, so it waits only where every subscription is to a clock; and where the clock
 * stands still it never waits, for nothing would ever be due.
 */
export function pollOneoff(context: ProgramContext) {
  return (input: number, output: number, count: number, answer: number): number | Promise<number> => {
    if (count === 0 || count >>> 0 > largestCount) return errno.invalid;
    const subscriptions = Array.from({ length: count >>> 0 }, (_, index) =>
      readSubscription(context, input + index * subscriptionSize),
    );
    const shortest = subscriptions.reduce(
      (least, { waitNs }) => (waitNs < least ? waitNs : least),
      subscriptions[0]?.waitNs ?? 0n,
    );
    const report = (): number => writeEvents(context, subscriptions, shortest, output, answer);
    if (shortest === 0n || !context.clockMoves) return report();
    return sleep(shortest).then(report);
  };
}

/** Waits for at least this long: timers may come a little early, and take no more than a few weeks. */
async function sleep(waitNs: bigint): Promise<void> {
  const due = process.hrtime.bigint() + waitNs;
  for (let left = waitNs; left > 0n; left = due - process.hrtime.bigint()) {
    const waitMs = left < longestSleepNs ? Number((left + 999_999n) / 1_000_000n) : longestSleepMs;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

function readSubscription(context: ProgramContext, pointer: number): Subscription {
  const memory = context.memory();
  const userData = memory.getUint64(pointer);
  const kind = memory.getUint8(pointer + 8);
  if (kind === eventKind.clock) {
    const now = context.clock(memory.getUint32(pointer + 16));
    if (now === undefined) return { userData, kind, error: errno.invalid, waitNs: 0n };
    const timeout = memory.getUint64(pointer + 24);
    const absolute = (memory.getUint16(pointer + 40) & absoluteTime) !== 0;
    const waitNs = absolute ? timeout - now : timeout;
    return { userData, kind, error: errno.success, waitNs: waitNs < 0n ? 0n : waitNs };
  }
  const known = context.descriptors.get(memory.getUint32(pointer + 16)) !== undefined;
  return { userData, kind, error: known ? errno.success : errno.badDescriptor, waitNs: 0n };
}

function writeEvents(
  context: ProgramContext,
  subscriptions: readonly Subscription[],
  shortest: bigint,
  output: number,
  answer: number,
): number {
  const memory = context.memory();
  let written = 0;
  for (const { userData, kind, error, waitNs } of subscriptions) {
    if (waitNs > shortest) continue;
    const pointer = output + written * eventSize;
    const bytes = memory.bytes(pointer, eventSize);
    bytes.fill(0);
    memory.setUint64(pointer, userData);
    bytes[8] = error;
    bytes[10] = kind;
    if (kind !== eventKind.clock) memory.setUint64(pointer + 16, 1n);
    written++;
  }
  memory.setUint32(answer, written);
  return errno.success;
}
