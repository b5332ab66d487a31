import { linkSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { condemnedFolder } from '../blobs.ts';
import { errorCode } from '../faults.ts';
import { bytesOnDisk, statusOf } from './blob-files.ts';

const logEnding = '.zst';

/** Removes logs that were written before this time, in milliseconds since 1970; each step tells how many bytes came free. */
export function* removeLogs(store: string, writtenMs: number): Generator<number> {
  const folder = path.join(store, 'logs');
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(logEnding)) continue;
    const file = path.join(folder, name);
    if ((statusOf(file)?.mtimeMs ?? writtenMs) >= writtenMs) continue;
    // A build may write it anew at this moment: as with blobs, it is moved away and then looked at again.
    const place = path.join(condemnedFolder(store), name);
    renameSync(file, place);
    const status = statusOf(place);
    if (status === undefined) continue;
    if (status.mtimeMs >= writtenMs) putBack(place, file);
    else rmSync(place, { force: true });
    yield status.mtimeMs >= writtenMs || status.nlink > 1 ? 0 : bytesOnDisk(status);
  }
}

/** Puts back what a collection that was killed had moved away. */
export function recoverLogs(store: string): void {
  for (const name of readdirSync(condemnedFolder(store))) {
    if (!name.endsWith(logEnding)) continue;
    putBack(path.join(condemnedFolder(store), name), path.join(store, 'logs', name));
  }
}

/** What was written since stays in its place. */
function putBack(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  rmSync(from, { force: true });
}
