import type * as zlibModule from 'node:zlib';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isStoreName } from '../foundation/index.ts';
import { damagedLog, errorCode, onDisk } from './faults.ts';
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
    const [first, ...others] = new Set(ids);
    if (first === undefined) return;
    onDisk(this.#store, () => {
      try {
        writeFileSync(temporary, compressed(Buffer.from(text)), { mode: 0o644 });
        for (const id of others) {
          linkSync(temporary, `${temporary}.${id}`);
          renameSync(`${temporary}.${id}`, this.#file(id));
        }
        renameSync(temporary, this.#file(first));
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    });
  }

  read(id: string): string | undefined {
    // The id may be what a user typed, and must not lead elsewhere.
    if (!isStoreName(id)) return undefined;
    const content = this.#contentOf(id);
    try {
      return content && zlib().zstdDecompressSync(content).toString('utf8');
    } catch (error) {
      throw damagedLog(this.#file(id), error);
    }
  }

  #contentOf(id: string): Uint8Array | undefined {
    try {
      return onDisk(this.#store, () => readFileSync(this.#file(id)));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  #file(id: string): string {
    return path.join(this.#store, 'logs', `${id}.zst`);
  }
}

/** What one byte can tell the length of. */
const shortLength = 255;

/** The text as Zstandard; a short one as it is, in a frame of its own, since a compressor takes longer to make than such a log. */
function compressed(text: Buffer): Uint8Array {
  if (text.length > shortLength) return withSum(text);
  // RFC 8878: the magic number, a header that has the length in one byte, and a last block that is not compressed.
  const block = (text.length << 3) | 1;
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, text.length, block & 0xff, block >> 8, 0]),
    text,
  ]);
}

/** With a sum over it, so that a log which was damaged is not taken for one that was not. */
function withSum(text: Buffer): Uint8Array {
  const { constants, zstdCompressSync } = zlib();
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
}
