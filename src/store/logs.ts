import type * as zlibModule from 'node:zlib';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isStoreName } from '../foundation/index.ts';
import { errorCode, onDisk } from './faults.ts';
import type { TemporaryPlace } from './temporary.ts';

/** Loaded with the first log: most runs have none. */
function zlib(): typeof zlibModule {
  return process.getBuiltinModule('node:zlib');
}

/** The logs of builds, compressed, by the id of the derivation. */
export class Logs {
  readonly #store: string;
  readonly #temporary: TemporaryPlace;

  constructor(storeFolder: string, temporary: TemporaryPlace) {
    this.#store = storeFolder;
    this.#temporary = temporary;
  }

  /** Keeps a log under each of the ids, in the place of what was there; lines come without their ends. */
  write(ids: readonly string[], lines: Iterable<string>): void {
    const text = [...lines].map((line) => `${line}\n`).join('');
    const temporary = this.#temporary.name('log');
    onDisk(this.#store, () => {
      try {
        writeFileSync(temporary, zlib().zstdCompressSync(text), { mode: 0o644 });
        mkdirSync(path.join(this.#store, 'logs'), { recursive: true });
        for (const id of new Set(ids)) {
          linkSync(temporary, `${temporary}.${id}`);
          renameSync(`${temporary}.${id}`, this.#file(id));
        }
        rmSync(temporary);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    });
  }

  read(id: string): string | undefined {
    // The id may be what a user typed, and must not lead elsewhere.
    if (!isStoreName(id)) return undefined;
    try {
      return zlib()
        .zstdDecompressSync(readFileSync(this.#file(id)))
        .toString('utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  #file(id: string): string {
    return path.join(this.#store, 'logs', `${id}.zst`);
  }
}
