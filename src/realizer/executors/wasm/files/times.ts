import { sourceDateEpoch } from '../../environment.ts';

/** When a file was last read and changed, in nanoseconds since 1970. */
export interface Times {
  readonly accessed: bigint;
  readonly modified: bigint;
}

const constantNs = BigInt(sourceDateEpoch) * 1_000_000_000n;

/** Those of every file until the program sets others, so that no build depends on when it runs. */
export const constantTimes: Times = { accessed: constantNs, modified: constantNs };
