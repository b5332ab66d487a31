import { existsSync, mkdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode } from '../faults.ts';
import { removeTree } from '../temporary.ts';

export function damagedFolder(storeFolder: string): string {
  return path.join(storeFolder, 'damaged');
}

/** Where what is damaged is kept until it has been replaced, or for good where it cannot be. */
export class DamagedPlace {
  readonly folder: string;

  constructor(storeFolder: string) {
    this.folder = damagedFolder(storeFolder);
  }

  /** Moves a file or folder here, and says where it is now; undefined where it was gone already. */
  take(file: string): string | undefined {
    const place = this.place(path.basename(file));
    try {
      renameSync(file, place);
      return place;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Writes down what was no file. */
  keep(name: string, content: Uint8Array): string {
    const place = this.place(name);
    writeFileSync(place, content);
    return place;
  }

  remove(place: string): void {
    removeTree(place);
  }

  /** Takes the folder away where nothing is kept in it. */
  removeIfEmpty(): void {
    try {
      rmdirSync(this.folder);
    } catch {
      // Something is in it, or it never was.
    }
  }

  /** A path here that nothing has yet. */
  place(name: string): string {
    mkdirSync(this.folder, { recursive: true });
    for (let number = 1; ; number++) {
      const place = path.join(this.folder, number === 1 ? name : `${name}.${number}`);
      if (!existsSync(place)) return place;
    }
  }
}
