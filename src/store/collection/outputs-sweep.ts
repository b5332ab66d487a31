import { chmodSync, lstatSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { type StorePath, baseNameOfStorePath, parseStorePath, storeFolder } from '../../foundation/index.ts';
import { condemnedFolder } from '../blobs.ts';
import type { Metadata } from '../metadata.ts';
import { ownedName } from '../owner.ts';
import type { JudgedOutput } from './judgement.ts';

/** How many outputs go in one transaction: builders wait for it. */
export const outputsAtOnce = 16;

export interface SweepOptions {
  readonly store: string;
  readonly metadata: Metadata;
  readonly boundaryMs: number;
  readonly nowMs: number;
}

/**
 * Takes outputs out of the store, in one transaction, and says which. One that was used since the boundary, or that another one
 * refers to, stays. What it came from stays known. Its folder on disk is moved away within the transaction, so that nobody finds
 * it in place once the output counts as gone.
 */
export function removeOutputs(outputs: readonly JudgedOutput[], options: SweepOptions): Set<StorePath> {
  const { metadata, boundaryMs, nowMs } = options;
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
      moveAway(baseNameOfStorePath(output), options.store);
      gone.add(output);
    }
    return gone;
  });
}

/** Moves away what lies on disk of outputs that are not there: whoever put it there was late. */
export function* removeOrphans({ store, metadata }: SweepOptions): Generator<StorePath> {
  const isThere = 'SELECT 1 FROM outputs WHERE path = ? AND present = 1';
  for (const name of readdirSync(path.join(store, 'store'))) {
    const output = parseStorePath(`${storeFolder}/${name}`);
    if (output === undefined || metadata.get(isThere, output) !== undefined) continue;
    const isOrphan = metadata.transaction(() => {
      if (metadata.get(isThere, output) !== undefined) return false;
      moveAway(name, store);
      return true;
    });
    if (isOrphan) yield output;
  }
}

function moveAway(name: string, store: string): void {
  const place = path.join(store, 'store', name);
  const status = lstatSync(place, { throwIfNoEntry: false });
  if (status === undefined) return;
  // Only a directory that may be written to can be moved into another folder.
  if (status.isDirectory()) chmodSync(place, 0o700);
  renameSync(place, path.join(condemnedFolder(store), ownedName(name)));
}
