import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { errorCode } from './faults.ts';
import { isLeftBehind, ownedName } from './owner.ts';

/** A folder that is gone, with all that is in it, once it is disposed of. */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

/**
 * The folder for what is not finished. The name of each entry begins with its process, so that the next one to open
 * the store can tell what a dead process left behind from what another one is at work on.
 */
export class TemporaryPlace {
  readonly folder: string;

  constructor(storeFolder: string) {
    this.folder = path.join(storeFolder, 'temporary');
  }

  /** A path that nobody else uses; nothing is there yet. */
  name(label: string): string {
    return path.join(this.folder, ownedName(label));
  }

  makeFolder(label: string): TemporaryFolder {
    const folder = this.name(label);
    mkdirSync(folder, { mode: 0o700 });
    return { path: folder, [Symbol.dispose]: () => leave(folder) };
  }

  /** Removes what processes that are no more have left. */
  removeLeftovers(): void {
    for (const entry of readdirSync(this.folder)) {
      const leftover = path.join(this.folder, entry);
      if (isLeftBehind(entry, leftover)) removeTree(leftover);
    }
  }
}

/** What was done in a folder is not undone by a folder that cannot be removed: a later opening of the store does that. */
function leave(folder: string): void {
  try {
    removeTree(folder);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/** Removes a file or folder whatever the modes of the folders in it are. */
export function removeTree(target: string): void {
  try {
    rmSync(target, { recursive: true, force: true });
  } catch (error) {
    if (errorCode(error) !== 'EACCES' && errorCode(error) !== 'EPERM') throw error;
    makeRemovable(target);
    rmSync(target, { recursive: true, force: true });
  }
}

function makeRemovable(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeRemovable(path.join(folder, entry.name));
  }
}
