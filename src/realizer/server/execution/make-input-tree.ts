import { lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { isTurnOver, nextTurn } from '../../../foundation/index.ts';
import type { ContentFiles } from './content-files.ts';
import type { InputDirectory, InputTree } from './input-tree.ts';

/**
 * Makes an input root at a folder that is not there yet. All in it belongs to whoever runs in it: files are copies. Nothing is ever made
 * through a symbolic link of it, since each directory is made here and has each name once.
 */
export async function makeInputTree(
  tree: InputTree,
  root: string,
  files: ContentFiles,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [{ folder: root, hash: tree.root.hash }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { folder, hash } = next;
    const directory = tree.directories.get(hash) as InputDirectory;
    mkdirSync(folder, { mode: 0o755 });
    for (const { name, target } of directory.symlinks) symlinkSync(target, `${folder}/${name}`);
    for (const { name, digest, executable } of directory.files) {
      await files.put(digest, `${folder}/${name}`, executable);
      await takeTurns(signal);
    }
    for (const { name, digest } of directory.directories)
      waiting.push({ folder: `${folder}/${name}`, hash: digest.hash });
    await takeTurns(signal);
  }
}

async function takeTurns(signal: AbortSignal): Promise<void> {
  if (!isTurnOver()) return;
  await nextTurn();
  signal.throwIfAborted();
}

/**
 * Makes the folders on the way to a path where they are missing; answers false where something else is in the way: a file, or a symbolic
 * link, which may lead anywhere.
 */
export function makeFolders(root: string, path: string): boolean {
  let folder = root;
  for (const name of path === '' ? [] : path.split('/')) {
    folder = `${folder}/${name}`;
    const status = lstatSync(folder, { throwIfNoEntry: false });
    if (status === undefined) mkdirSync(folder, { mode: 0o755 });
    else if (!status.isDirectory()) return false;
  }
  return true;
}
