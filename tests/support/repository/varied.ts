import { randomFrom } from '../random.ts';
import { makeRepository, type FileContent, type Repository, type RepositoryOptions } from './repository.ts';

/**
 * Makes a repository with everything that a fetcher can get wrong: files that packs hold as deltas, executables,
 * links, empty files, deep folders, names that are not ASCII, and lengths about the limits of the encodings.
 */
export async function makeVaried(folder: string, options: RepositoryOptions = {}): Promise<Repository> {
  const repository = await makeRepository(folder, options);
  for (const revision of [0, 1, 2]) {
    await repository.write(variedFiles(revision)).commit(`Revision ${revision}`);
  }
  await repository.repack();
  return repository;
}

function variedFiles(revision: number): Map<string, FileContent> {
  const files = new Map<string, FileContent>([
    ['README.md', `# Varied\n\nRevision ${revision}\n`],
    ['empty', ''],
    ['empty-and-executable', { content: '', executable: true }],
    ['bin/run', { content: '#!/bin/sh\necho varied\n', executable: true }],
    ['link-to-file', { symlink: 'README.md' }],
    ['link-to-folder', { symlink: 'deep' }],
    ['link-to-nothing', { symlink: 'no/such/place' }],
    ['deep/link-upwards', { symlink: '../bin/run' }],
    [`${'deep/'.repeat(40)}file`, 'at the bottom\n'],
    ['names/Überweg.txt', 'Umlaut\n'],
    ['names/日本語/ファイル', 'Japanese\n'],
    ['names/with space and \'quotes" \\ and backslash', 'odd\n'],
    ['names/-dash', 'dash\n'],
    [`names/${'long'.repeat(50)}`, 'a long name\n'],
    // Git sorts a folder as if its name ended in a slash, other encodings do not.
    ['order/a.b', '1'],
    ['order/a/b', '2'],
    ['order/a0', '3'],
    ['no-line-break-at-end', 'x'],
  ]);
  for (const size of [127, 128, 2047, 2048, 65535, 65536, 65537, 200_000]) {
    files.set(`sizes/${size}`, pseudoRandomBytes(size));
  }
  for (let index = 0; index < 20; index++) files.set(`similar/${index}.txt`, similarText(index, revision));
  return files;
}

function pseudoRandomBytes(size: number): Uint8Array {
  const random = randomFrom(size);
  return Uint8Array.from({ length: size }, () => random() * 256);
}

/** Long texts that differ in a few lines, so that git holds them as chains of deltas. */
function similarText(index: number, revision: number): string {
  const random = randomFrom(7);
  const lines = Array.from({ length: 800 }, (_, line) => `line ${line}: ${random()}`);
  for (let changed = 0; changed <= index + revision; changed++) {
    lines[changed * 31] = `changed for ${index} in ${revision}`;
  }
  return lines.slice(index).join('\n');
}
