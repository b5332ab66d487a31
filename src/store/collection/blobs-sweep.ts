import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, rmdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { parseDigest } from '../../foundation/index.ts';
import { condemnedFolder } from '../blobs.ts';
import { errorCode } from '../faults.ts';
import { type BlobFile, bytesOnDisk, statusOf } from './blob-files.ts';
import type { Pace } from './pace.ts';

/** How many blobs are condemned at once. */
export const blobsAtOnce = 32;

/**
 * What is about to be removed. A blob that somebody comes to rely on between the look at its mark and its removal would be lost: so it
 * is moved out of the way first, where marks of its old name miss it, and then looked at again.
 */
export class Condemned {
  readonly #folder: string;
  readonly #boundaryMs: number;
  #chosen: BlobFile[] = [];
  #moved: BlobFile[] = [];

  constructor(store: string, boundaryMs: number) {
    this.#folder = condemnedFolder(store);
    this.#boundaryMs = boundaryMs;
  }

  /** How many blobs are to be moved away. */
  get count(): number {
    return this.#chosen.length;
  }

  /** Chooses a blob, unless it was used since the boundary. */
  choose(blob: BlobFile): void {
    const status = statusOf(blob.file);
    if (status !== undefined && status.atimeMs < this.#boundaryMs) this.#chosen.push(blob);
  }

  /** Moves the chosen ones away. */
  moveAway(): void {
    for (let blob = this.#chosen.pop(); blob !== undefined; blob = this.#chosen.pop()) {
      try {
        renameSync(blob.file, this.#place(blob));
        this.#moved.push(blob);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw error;
      }
    }
  }

  /** Removes what was moved away, but for what was used meanwhile, and says how much came free, in bytes. */
  remove(): { readonly count: number; readonly bytes: number } {
    let [count, bytes] = [0, 0];
    for (let blob = this.#moved.pop(); blob !== undefined; blob = this.#moved.pop()) {
      const place = this.#place(blob);
      const status = statusOf(place);
      if (status === undefined) continue;
      if (status.atimeMs >= this.#boundaryMs) {
        restore(place, blob.file);
        continue;
      }
      unlinkSync(place);
      count++;
      if (status.nlink === 1) bytes += bytesOnDisk(status);
    }
    return { count, bytes };
  }

  /** Puts back what was moved away and not removed. */
  putBack(): void {
    for (let blob = this.#moved.pop(); blob !== undefined; blob = this.#moved.pop()) {
      restore(this.#place(blob), blob.file);
    }
  }

  /** Removes the folders of outputs that were moved away. */
  async removeFolders(pace: Pace): Promise<void> {
    for (const name of readdirSync(this.#folder)) {
      const isBlob = parseDigest(name.replace(/\.x$/, '')) !== undefined;
      if (!isBlob) await removeSlowly(path.join(this.#folder, name), pace);
    }
  }

  #place({ name }: BlobFile): string {
    return path.join(this.#folder, name);
  }
}

/** Makes the folder, and puts back what a collection that was killed had moved away. */
export function recoverBlobs(store: string): void {
  const folder = condemnedFolder(store);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (parseDigest(name.replace(/\.x$/, '')) === undefined) continue;
    const place = path.join(store, 'blobs', name.slice(0, 2));
    mkdirSync(place, { recursive: true });
    restore(path.join(folder, name), path.join(place, name));
  }
}

/** Moves a file back; it may be back already, by another link to it, and then a move does nothing. */
function restore(from: string, to: string): void {
  try {
    renameSync(from, to);
    rmSync(from, { force: true });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** Removes a file or folder, a little at a time. */
async function removeSlowly(target: string, pace: Pace): Promise<void> {
  await pace.rest();
  if (statusOf(target)?.isDirectory() !== true) {
    unlinkSync(target);
    return;
  }
  chmodSync(target, 0o700);
  for (const name of readdirSync(target)) await removeSlowly(path.join(target, name), pace);
  rmdirSync(target);
}
