import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { digestOf, hashPartOf } from '../foundation/index.ts';

/** How many files the folder holds before the half that was not used for longest is removed. */
const filesLimit = 4096;

/** Below this size a file is parsed as fast as its syntax is looked up. */
const shortestLength = 512;

/** How old the note of a use may be before it is made anew. */
const useAgeMs = 24 * 60 * 60 * 1000;

/**
 * Keeps what was parsed in the user's cache folder, each in a file named after the content that it was parsed from. It is a cache and
 * nothing else: what cannot be read or written there is done again, and whoever reads checks what it gets.
 */
export class SyntaxCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  find(file: Uint8Array, variant: string): Uint8Array | undefined {
    if (file.length < shortestLength) return undefined;
    const place = this.#placeOf(file, variant);
    try {
      const content = readFileSync(place);
      noteUse(place);
      return content;
    } catch {
      return undefined;
    }
  }

  keep(file: Uint8Array, variant: string, syntax: Uint8Array): void {
    if (file.length < shortestLength) return;
    const place = this.#placeOf(file, variant);
    const temporary = `${place}.${process.pid}.new`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      this.#makeRoom();
      writeFileSync(temporary, syntax);
      renameSync(temporary, place);
    } catch {
      rmSync(temporary, { force: true });
    }
  }

  #placeOf(file: Uint8Array, variant: string): string {
    return path.join(this.#folder, hashPartOf(digestOf(`${variant} ${digestOf(file)}`)));
  }

  #makeRoom(): void {
    const names = readdirSync(this.#folder);
    if (names.length < filesLimit) return;
    const files = names.map((name) => {
      const place = path.join(this.#folder, name);
      return { place, usedMs: statSync(place).mtimeMs };
    });
    files.sort((left, right) => left.usedMs - right.usedMs);
    for (const { place } of files.slice(0, filesLimit / 2)) rmSync(place, { force: true });
  }
}

function noteUse(place: string): void {
  const now = Date.now();
  if (now - statSync(place).mtimeMs > useAgeMs) utimesSync(place, now / 1000, now / 1000);
}
