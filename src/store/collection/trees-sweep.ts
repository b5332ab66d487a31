import type { Digest } from '../../foundation/index.ts';
import type { Metadata } from '../metadata.ts';

/** How many directories go in one transaction: builders wait for it. */
export const treesAtOnce = 64;

/** Takes directories out of the store, in one transaction, but for those that were used since the boundary, which it gives. */
export function removeTrees(
  digests: readonly Digest[],
  metadata: Metadata,
  boundaryMs: number,
): readonly Digest[] {
  const remove = 'DELETE FROM trees WHERE digest = ? AND used < ? RETURNING 1';
  return metadata.transaction(() =>
    digests.filter((digest) => metadata.get(remove, digest, boundaryMs) === undefined),
  );
}
