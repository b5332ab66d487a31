import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomFrom } from '../random.ts';
import { makeRepository, type Repository, type RepositoryOptions } from './repository.ts';

export interface LargeOptions extends RepositoryOptions {
  /** How many files. */
  readonly files: number;
  /** How many bytes all files have together, give or take a few. */
  readonly bytes: number;
  readonly seed: number;
  /** How much text there is of which all files are cut, in bytes: less of it makes them repeat themselves, and pack better. */
  readonly pool?: number;
  /** Hears how the repository can be had again. */
  readonly report?: (line: string) => void;
}

/** Makes a repository of one commit with many files of source-like text, a few of them large. */
export async function makeLarge(folder: string, options: LargeOptions): Promise<Repository> {
  const report = options.report ?? console.log;
  report(`large repository: ${options.files} files, ${options.bytes} bytes, seed ${options.seed}`);
  const repository = await makeRepository(folder, options);
  await repository.write(new Map(largeFiles(options))).commit('Large');
  return repository;
}

/** Puts the files that `makeLarge` commits into a folder. */
export async function writeLarge(folder: string, options: LargeOptions): Promise<void> {
  const report = options.report ?? console.log;
  report(`large tree: ${options.files} files, ${options.bytes} bytes, seed ${options.seed}`);
  for (const [name, content] of largeFiles(options)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

function* largeFiles(options: LargeOptions): Generator<readonly [string, Uint8Array]> {
  const random = randomFrom(options.seed);
  const pool = textPool(random, options.pool ?? 2 ** 19);
  const weights = Array.from({ length: options.files }, () => (1 - random()) ** -0.7);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    const folder = `part-${index % 23}/${index % 7 === 0 ? 'inner/' : ''}section-${index % 41}`;
    yield [`${folder}/file-${index}.txt`, piece(pool, Math.round((weight / total) * options.bytes), random)];
  }
}

/** Words, the stuff that files are cut from. */
function textPool(random: () => number, bytes: number): Buffer {
  const words = Array.from({ length: 2000 }, () => Math.floor(random() * 2 ** 32).toString(36));
  let text = '';
  while (text.length < bytes)
    text += `${words[Math.floor(random() * words.length)]}${random() < 0.1 ? '\n' : ' '}`;
  return Buffer.from(text);
}

function piece(pool: Buffer, length: number, random: () => number): Buffer {
  const result = Buffer.alloc(length);
  for (let filled = 0; filled < length;) {
    const start = Math.floor(random() * (pool.length - 512));
    filled += pool.copy(result, filled, start, start + 16 + Math.floor(random() * 496));
  }
  return result;
}
