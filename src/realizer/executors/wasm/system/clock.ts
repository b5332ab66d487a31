import { sourceDateEpoch } from '../../environment.ts';

/** Answers a clock's time in nanoseconds, or undefined for a clock that there is not. */
export type Clock = (id: number) => bigint | undefined;

const clocks = { realtime: 0, threadTime: 3 } as const;

/** The machine's clocks, for programs that speak with servers. */
export function realClock(id: number): bigint | undefined {
  if (id < 0 || id > clocks.threadTime) return undefined;
  if (id === clocks.realtime) return BigInt(Date.now()) * 1_000_000n;
  return process.hrtime.bigint();
}

/** Stands still, so that no build depends on when it runs. */
export function constantClock(id: number): bigint | undefined {
  if (id < 0 || id > clocks.threadTime) return undefined;
  return BigInt(sourceDateEpoch) * 1_000_000_000n;
}
