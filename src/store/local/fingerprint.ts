import type { Stats } from 'node:fs';
import { type Digest, DigestHasher } from '../../foundation/index.ts';
import { statusLength, writeStatus } from './file-status.ts';

const capacity = 1 << 16;
/** What a name of a file takes at most, in bytes: more than file systems allow. */
const nameLimit = 1 << 12;

const kinds = { file: 1, folder: 2, end: 3, symlink: 4 } as const;

/** The digest of what a look at a tree saw: names, statuses and the targets of links, in the order in which they are noted. */
export class Fingerprint {
  readonly #hasher = new DigestHasher();
  readonly #buffer = Buffer.allocUnsafeSlow(capacity);
  #length = 0;

  file(name: string, status: Stats): void {
    this.#text(kinds.file, name);
    writeStatus(this.#buffer, this.#length, status);
    this.#length += statusLength;
  }

  /** What is noted from here on lies in the folder, until its end is noted. */
  folder(name: string): void {
    this.#text(kinds.folder, name);
  }

  endOfFolder(): void {
    this.#text(kinds.end, '');
  }

  symlink(name: string, target: string): void {
    this.#text(kinds.symlink, name);
    this.#text(kinds.symlink, target);
  }

  digest(): Digest {
    this.#flush();
    return this.#hasher.digest();
  }

  #text(kind: number, text: string): void {
    if (this.#length + nameLimit > capacity) this.#flush();
    this.#buffer[this.#length] = kind;
    const size = this.#buffer.write(text, this.#length + 3, nameLimit - statusLength - 3, 'utf8');
    this.#buffer.writeUInt16LE(size, this.#length + 1);
    this.#length += 3 + size;
  }

  #flush(): void {
    this.#hasher.update(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
  }
}
