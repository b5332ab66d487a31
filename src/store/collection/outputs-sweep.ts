import type { StorePath } from '../../foundation/index.ts';
import type { Metadata } from '../metadata.ts';
import type { JudgedOutput } from './judgement.ts';

/** How many outputs go in one transaction: builders wait for it. */
export const outputsAtOnce = 16;

export interface OutputsSweepOptions {
  readonly metadata: Metadata;
  /** What was used at this time or later stays, in milliseconds since 1970. */
  readonly boundaryMs: number;
  readonly nowMs: number;
}

/**
 * Takes outputs out of the store, in one transaction, and says which. One that was used since the boundary, or that another one
 * refers to, stays. What they came from stays known.
 */
export function removeOutputs(
  outputs: readonly JudgedOutput[],
  { metadata, boundaryMs, nowMs }: OutputsSweepOptions,
): ReadonlySet<StorePath> {
  return metadata.transaction(() => {
    const gone = new Set<StorePath>();
    for (const { id, path: output } of outputs) {
      const isDead = metadata.get(
        `SELECT 1 FROM outputs WHERE id = ?1 AND present = 1 AND used < ?2
         AND NOT EXISTS (SELECT 1 FROM output_references WHERE reference = ?1 AND output != ?1)`,
        id,
        boundaryMs,
      );
      if (isDead === undefined) continue;
      metadata.run('DELETE FROM output_references WHERE output = ?', id);
      metadata.run('UPDATE outputs SET present = 0, used = ? WHERE id = ?', nowMs, id);
      gone.add(output);
    }
    return gone;
  });
}
