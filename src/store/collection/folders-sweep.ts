import { chmodSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { type StorePath, parseStorePath, storeFolder } from '../../foundation/index.ts';
import { condemnedFolder } from '../blobs.ts';
import type { Metadata } from '../metadata.ts';
import { ownedName } from '../owner.ts';
import { statusOf } from './blob-files.ts';

/**
 * Moves away what lies on disk of outputs that are not there, and says of which. Whoever puts an output on disk has recorded it
 * before, and nobody can do that between the look at the record and the move: they are in one transaction.
 */
export function* moveFoldersAway(store: string, metadata: Metadata): Generator<StorePath> {
  const isThere = (output: StorePath): boolean =>
    metadata.get('SELECT 1 FROM outputs WHERE path = ? AND present = 1', output) !== undefined;
  for (const name of readdirSync(path.join(store, 'store'))) {
    const output = parseStorePath(`${storeFolder}/${name}`);
    if (output === undefined || isThere(output)) continue;
    metadata.transaction(() => {
      if (!isThere(output)) moveAway(path.join(store, 'store', name), condemnedFolder(store));
    });
    yield output;
  }
}

function moveAway(place: string, folder: string): void {
  const status = statusOf(place);
  if (status === undefined) return;
  // Only a directory that may be written to can be moved into another folder.
  if (status.isDirectory()) chmodSync(place, 0o700);
  renameSync(place, path.join(folder, ownedName(path.basename(place))));
}
