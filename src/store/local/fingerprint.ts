import type { Stats } from 'node:fs';
import { type Digest, DigestHasher } from '../../foundation/index.ts';

/** How many files are gathered before they are hashed. */
const filesAtOnce = 512;
const numbersOfFile = 6;

/** The digest of what a look at a tree saw: names, statuses and the targets of links, in the order in which they are noted. */
export class Fingerprint {
  readonly #hasher = new DigestHasher();
  readonly #numbers = new Float64Array(filesAtOnce * numbersOfFile);
  readonly #bytes = Buffer.from(this.#numbers.buffer);
  #length = 0;
  /** Each begins with a zero byte, which no name or target has, and a character for its kind. */
  #names = '';

  file(name: string, { dev, ino, size, mtimeMs, ctimeMs, mode }: Stats): void {
    this.#names += `\0f${name}`;
    const numbers = this.#numbers;
    numbers[this.#length] = dev;
    numbers[this.#length + 1] = ino;
    numbers[this.#length + 2] = size;
    numbers[this.#length + 3] = mtimeMs;
    numbers[this.#length + 4] = ctimeMs;
    numbers[this.#length + 5] = mode;
    this.#length += numbersOfFile;
    if (this.#length === numbers.length) this.#flush();
  }

  /** What is noted from here on lies in the folder, until its end is noted. */
  folder(name: string): void {
    this.#names += `\0d${name}`;
  }

  endOfFolder(): void {
    this.#names += '\0e';
  }

  symlink(name: string, target: string): void {
    this.#names += `\0l${name}\0t${target}`;
  }

  digest(): Digest {
    this.#flush();
    return this.#hasher.digest();
  }

  #flush(): void {
    this.#hasher.update(`${Buffer.byteLength(this.#names)}:`).update(this.#names);
    this.#hasher.update(this.#bytes.subarray(0, 8 * this.#length));
    this.#names = '';
    this.#length = 0;
  }
}
