import type { Digest } from '../../foundation/index.ts';
import type { Metadata } from '../metadata.ts';

/** How many directories go in one transaction: builders wait for it. */
export const treesAtOnce = 64;

/** Takes directories out of the store, in one transaction, but for those that were used since the boundary; says how many. */
export function removeTrees(digests: readonly Digest[], metadata: Metadata, boundaryMs: number): number {
  return metadata.transaction(() => {
    let count = 0;
    for (const digest of digests) {
      const isGone = metadata.get(
        'DELETE FROM trees WHERE digest = ? AND used < ? RETURNING 1',
        digest,
        boundaryMs,
      );
      if (isGone !== undefined) count++;
    }
    return count;
  });
}
