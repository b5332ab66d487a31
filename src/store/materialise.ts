import {
  chmodSync,
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
import type { Directory } from './directory.ts';
import { syncFile } from './durability.ts';
import { errorCode } from './faults.ts';
import type { BatchItem } from './helper/batch.ts';
import type { Helper } from './helper/helper.ts';
import { SharedWork, fileCost } from './helper/shared-work.ts';
import { linkFile } from './link-file.ts';
import type { TemporaryPlace } from './temporary.ts';

/** The mode of every directory of a tree on disk. */
const directoryMode = 0o555;

/** What a link costs beside what it costs to make a file. */
const linkCost = fileCost / 4;

/** Where the parts of a tree come from. */
export interface TreeParts {
  readonly blobs: Blobs;
  readonly helper: Helper;
  readonly readTree: (digest: Digest) => Directory;
  readonly temporary: TemporaryPlace;
  /** Whether each folder is on the disk before the tree is moved into place. */
  readonly durable: boolean;
}

/**
 * Puts a tree on disk at `target`, its files hard links to the blobs. It is made aside and moved into place, so what
 * is at `target` is always whole; where another process was faster, its work stands. Says whether the tree was made here, of blobs
 * that were looked at.
 */
export function materialiseTree(root: Digest, target: string, parts: TreeParts): boolean {
  if (isInPlace(target, parts)) return false;
  const tree = parts.readTree(root);
  const [file] = tree.files;
  const [link] = tree.symlinks;
  if (file?.name === '') linkFile(file, target, parts.blobs);
  else if (link?.name === '') placeSymlinkAlone(link.target, target, parts);
  else return placeTree(tree, target, parts);
  return true;
}

/** A look at what is there; a directory that was moved into place and not sealed any more is sealed now. */
function isInPlace(target: string, parts: TreeParts): boolean {
  const status = lstatSync(target, { throwIfNoEntry: false });
  if (status === undefined) return false;
  if (status.isDirectory() && (status.mode & 0o777) !== directoryMode) seal(target, parts);
  return true;
}

function placeTree(tree: Directory, target: string, parts: TreeParts): boolean {
  using aside = parts.temporary.makeFolder('tree');
  const whole = path.join(aside.path, 'tree');
  fill(whole, tree, parts);
  let isMoved = true;
  try {
    // Only a directory that may be written to can be moved into another folder: it is sealed afterwards.
    renameSync(whole, target);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    isMoved = false;
  }
  seal(target, parts);
  if (parts.durable) syncFile(path.dirname(target));
  return isMoved;
}

function fill(whole: string, root: Directory, parts: TreeParts): void {
  const { blobs, helper, readTree } = parts;
  using links = new SharedWork<BatchItem>({ type: 'link' }, blobs, helper);
  const folders: string[] = [];
  const visit = (folder: string, tree: Directory): void => {
    mkdirSync(folder);
    for (const file of tree.files) links.add({ ...file, path: `${folder}/${file.name}` }, linkCost);
    for (const link of tree.symlinks) placeSymlink(link.target, `${folder}/${link.name}`);
    for (const child of tree.directories) {
      const childFolder = `${folder}/${child.name}`;
      visit(childFolder, readTree(child.digest));
      folders.push(childFolder);
    }
  };
  visit(whole, root);
  links.finish();
  // What is put into a folder changes its time, and needs its mode.
  for (const folder of folders) seal(folder, parts);
  if (parts.durable) syncFile(whole);
}

/** The mode comes last: by it a look tells that the folder is sealed, wherever the process was killed that did so. */
function seal(folder: string, { durable }: Pick<TreeParts, 'durable'>): void {
  utimesSync(folder, normalisedTime, normalisedTime);
  chmodSync(folder, directoryMode);
  if (durable) syncFile(folder);
}

function placeSymlink(linkTarget: string, target: string): void {
  symlinkSync(linkTarget, target);
  lutimesSync(target, normalisedTime, normalisedTime);
}

/** A tree that is a link by itself. It too is moved into place, with the time that it is to have. */
function placeSymlinkAlone(linkTarget: string, target: string, parts: TreeParts): void {
  const aside = parts.temporary.name('link');
  try {
    placeSymlink(linkTarget, aside);
    renameSync(aside, target);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}
