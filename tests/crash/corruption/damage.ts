import { readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Tally } from '../tally.ts';

/** A way in which a disk, or somebody, damages a file. Says what it did, in words that let it be done again by hand. */
export type Damage = (file: string, tally: Tally) => string;

export const flipBit: Damage = (file, tally) => {
  const content = readFileSync(file);
  if (content.length === 0) return garble(file, tally);
  const at = tally.below(content.length);
  const bit = tally.below(8);
  content[at] = (content[at] as number) ^ (1 << bit);
  write(file, content);
  return `bit ${bit} of byte ${at} of ${path.basename(file)} flipped`;
};

const pageSize = 4096;

export const zeroPage: Damage = (file, tally) => {
  const content = readFileSync(file);
  const page = tally.below(Math.ceil(content.length / pageSize));
  content.fill(0, page * pageSize, (page + 1) * pageSize);
  write(file, content);
  return `page ${page} of ${path.basename(file)} zeroed`;
};

export const truncate: Damage = (file, tally) => {
  const size = tally.below(statSync(file).size);
  truncateSync(file, size);
  return `${path.basename(file)} cut to ${size} bytes`;
};

export const remove: Damage = (file) => {
  rmSync(file);
  return `${path.basename(file)} removed`;
};

export const garble: Damage = (file, tally) => {
  const text = tally.choose(['', '\0\0', 'what is this\n', '0', '-1', '1.5', '2\n']);
  write(file, Buffer.from(text));
  return `${path.basename(file)} became ${JSON.stringify(text)}`;
};

/** In place: a link to the file sees it too. */
function write(file: string, content: Uint8Array): void {
  writeFileSync(file, content);
}

/** Each file below a folder. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}
