import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import type { Digest } from '../foundation/index.ts';
import { type Blobs, normalisedTime } from './blobs.ts';
import type { Directory, FileNode } from './directory.ts';
import { errorCode } from './faults.ts';
import type { TemporaryPlace } from './temporary.ts';

/** The mode of every directory of a tree on disk. */
const directoryMode = 0o555;

/** Where the parts of a tree come from. */
export interface TreeParts {
  readonly blobs: Blobs;
  readonly readTree: (digest: Digest) => Directory;
  readonly temporary: TemporaryPlace;
}

/**
 * Puts a tree on disk at `target`, its files hard links to the blobs. It is made aside and moved into place, so what
 * is at `target` is always whole; where another process was faster, its work stands.
 */
export function materialiseTree(root: Digest, target: string, parts: TreeParts): void {
  if (isInPlace(target)) return;
  const tree = parts.readTree(root);
  const [file] = tree.files;
  const [link] = tree.symlinks;
  if (file?.name === '') placeFile(file, target, parts);
  else if (link?.name === '') placeSymlink(link.target, target);
  else placeTree(tree, target, parts);
}

/** A look at what is there; a directory that was moved into place and not sealed any more is sealed now. */
function isInPlace(target: string): boolean {
  const status = lstatSync(target, { throwIfNoEntry: false });
  if (status === undefined) return false;
  if (status.isDirectory() && (status.mode & 0o777) !== directoryMode) seal(target);
  return true;
}

function placeTree(tree: Directory, target: string, parts: TreeParts): void {
  using aside = parts.temporary.makeFolder('tree');
  const whole = path.join(aside.path, 'tree');
  mkdirSync(whole);
  fill(whole, tree, parts);
  try {
    // Only a directory that may be written to can be moved into another folder: it is sealed afterwards.
    renameSync(whole, target);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  seal(target);
}

function fill(folder: string, tree: Directory, parts: TreeParts): void {
  for (const file of tree.files) placeFile(file, path.join(folder, file.name), parts);
  for (const link of tree.symlinks) placeSymlink(link.target, path.join(folder, link.name));
  for (const child of tree.directories) {
    const childFolder = path.join(folder, child.name);
    mkdirSync(childFolder);
    fill(childFolder, parts.readTree(child.digest), parts);
    seal(childFolder);
  }
}

function seal(folder: string): void {
  chmodSync(folder, directoryMode);
  utimesSync(folder, normalisedTime, normalisedTime);
}

function placeSymlink(linkTarget: string, target: string): void {
  try {
    symlinkSync(linkTarget, target);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return;
  }
  lutimesSync(target, normalisedTime, normalisedTime);
}

function placeFile(file: FileNode, target: string, parts: TreeParts): void {
  const known = parts.blobs.pathOf(file.digest, file.executable);
  try {
    linkSync(known, target);
    return;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
  }
  // The variant may be missing, or the file system may allow no (further) links to it.
  parts.blobs.withFile(file.digest, file.executable, (blob) => {
    try {
      linkSync(blob, target);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EEXIST') return;
      if (code !== 'EXDEV' && code !== 'EMLINK' && code !== 'EPERM') throw error;
      copyIn(blob, target, file.executable, parts.temporary);
    }
  });
}

function copyIn(blob: string, target: string, executable: boolean, temporary: TemporaryPlace): void {
  const copy = temporary.name('copy');
  try {
    copyFileSync(blob, copy, constants.COPYFILE_FICLONE);
    chmodSync(copy, executable ? 0o555 : 0o444);
    utimesSync(copy, normalisedTime, normalisedTime);
    renameSync(copy, target);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
}
