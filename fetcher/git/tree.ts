import { equal, equalsText, fromHexadecimal, indexOf, startsWith } from '../text/bytes.ts';
import { claim } from '../host/claims.ts';
import { Content } from '../output/content.ts';
import { DIRECTORY, Entry, FILE, SYMLINK, addEntry, findEntry, newEntry } from '../output/entries.ts';
import {
  EXIT_CORRUPT,
  EXIT_FORBIDDEN_ENTRY,
  EXIT_LIMIT,
  EXIT_NO_SUBTREE,
  EXIT_NO_SUCH_REF,
  fail,
} from '../host/failure.ts';
import { reserve } from '../host/memory.ts';
import { checkName, checkText } from '../output/names.ts';
import { append, appendHexadecimal, lengthSince, mark } from '../text/text.ts';
import { BLOB, COMMIT, ID_LENGTH, PackObject, TREE, findObject, idOf, requireObject } from './objects.ts';
import { recallBlob } from './cache.ts';

/** From a commit to its tree, to the sub-tree in it, and to the output's entries. */
const MODE_TYPE: u32 = 0o170000;
const MODE_DIRECTORY: u32 = 0o040000;
const MODE_FILE: u32 = 0o100000;
const MODE_SYMLINK: u32 = 0o120000;
const MODE_SUBMODULE: u32 = 0o160000;
const MODE_EXECUTABLE: u32 = 0o111;
const TARGET_LIMIT: u32 = 4096;
const DEPTH_LIMIT: i32 = 2048;

let wanted: usize = 0;
let subtree: usize = 0;
let subtreeLength: i32 = 0;
let claimed: bool = false;
const rootId = memory.data(20);

/** Sets the commit, as 20 bytes, and the sub-tree, which may be empty. */
export function wantTree(commit: usize, path: usize, pathLength: i32): void {
  wanted = commit;
  subtree = path;
  subtreeLength = pathLength;
}

export function treeIsClaimed(): bool {
  return claimed;
}

/** The entry of a tree object that was read last (gitformat: mode, space, name, zero byte, id). */
let entryMode: u32 = 0;
let entryName: usize = 0;
let entryNameLength: i32 = 0;
let entryId: usize = 0;

/** Reads the entry at `at` and answers where the next one begins. */
function readEntry(at: usize, end: usize): usize {
  entryMode = 0;
  while (at < end && load<u8>(at) != 0x20) {
    const digit = <u32>load<u8>(at++) - 0x30;
    if (digit > 7 || entryMode > 0o777777) corrupt();
    entryMode = (entryMode << 3) | digit;
  }
  entryName = ++at;
  if (at >= end) corrupt();
  entryNameLength = indexOf(at, <i32>(end - at), 0);
  entryId = at + entryNameLength + 1;
  if (entryId + ID_LENGTH > end) corrupt();
  return entryId + ID_LENGTH;
}

function corrupt(): void {
  fail(EXIT_CORRUPT, 'a git tree is malformed');
}

/** Reads the id of the commit's tree into `rootId`. */
function readRoot(commit: PackObject): void {
  const text = commit.data;
  if (
    !startsWith(text, commit.size, 'tree ') ||
    commit.size < 45 ||
    !fromHexadecimal(text + 5, rootId, ID_LENGTH)
  ) {
    fail(EXIT_CORRUPT, 'the commit names no tree');
  }
}

/** Finds the entry of this name in a tree; answers whether there is one. */
function findInTree(tree: PackObject, name: usize, length: i32): bool {
  const end = tree.data + tree.size;
  for (let at = tree.data; at < end;) {
    at = readEntry(at, end);
    if (entryNameLength == length && equal(entryName, name, length)) return true;
  }
  return false;
}

function refuseSubtree(): void {
  fail(EXIT_NO_SUBTREE, 'the commit has no tree at', subtree, subtreeLength);
}

/** Goes down to the sub-tree's own entry, as far as the objects are there; answers whether they all were. */
function locate(): bool {
  const commit = findObject(wanted);
  if (commit == null) return false;
  if (commit.kind != COMMIT) fail(EXIT_NO_SUCH_REF, 'the object that was asked for is no commit');
  readRoot(commit);
  entryId = rootId;
  entryMode = MODE_DIRECTORY;
  for (let at = 0; at < subtreeLength;) {
    if ((entryMode & MODE_TYPE) != MODE_DIRECTORY) refuseSubtree();
    const tree = findObject(entryId);
    if (tree == null || tree.kind != TREE) return false;
    const length = indexOf(subtree + at, subtreeLength - at, 0x2f);
    if (!findInTree(tree, subtree + at, length)) refuseSubtree();
    at += length + 1;
  }
  return true;
}

/** Claims the tree as soon as it is known. A sub-tree that is one file is not claimed: its id lacks the mode. */
export function claimTreeOnce(): void {
  if (claimed || !locate()) return;
  claimed = true;
  if (entryMode != MODE_DIRECTORY) return;
  const start = mark();
  append('git-tree:');
  appendHexadecimal(entryId, ID_LENGTH);
  claim(start);
}

/** The entries of the output, from the objects of a whole pack. */
export function entriesOfTree(): Entry {
  requireObject(wanted, COMMIT);
  if (!locate()) fail(EXIT_CORRUPT, 'the pack lacks a tree on the way to', subtree, subtreeLength);
  const type = entryMode & MODE_TYPE;
  if (type != MODE_DIRECTORY && type != MODE_FILE) refuseSubtree();
  const root = newEntry(type == MODE_DIRECTORY ? DIRECTORY : FILE, 0, 0);
  fillEntry(root, 0);
  return root;
}

/** Gives an entry what the tree's entry that was read last says. */
function fillEntry(entry: Entry, depth: i32): void {
  if (entry.kind == DIRECTORY) {
    if (entryMode != MODE_SUBMODULE) addChildren(entry, requireObject(entryId, TREE), depth);
    return;
  }
  const blob = requireObject(entryId, BLOB);
  if (entry.kind == FILE) {
    entry.content = blob.content;
    entry.executable = (entryMode & MODE_EXECUTABLE) != 0;
    return;
  }
  setTarget(entry, blob);
}

function addChildren(directory: Entry, tree: PackObject, depth: i32): void {
  if (depth > DEPTH_LIMIT) fail(EXIT_LIMIT, 'the tree is too deep');
  const end = tree.data + tree.size;
  for (let at = tree.data; at < end;) {
    at = readEntry(at, end);
    checkName(entryName, entryNameLength);
    if (equalsText(entryName, entryNameLength, '.git')) {
      fail(EXIT_FORBIDDEN_ENTRY, 'an entry has the forbidden name .git');
    }
    if (findEntry(directory, entryName, entryNameLength) != null) {
      fail(EXIT_FORBIDDEN_ENTRY, 'a tree has two entries of the name', entryName, entryNameLength);
    }
    fillEntry(addEntry(directory, kindOfMode(), entryName, entryNameLength), depth + 1);
  }
}

function kindOfMode(): u8 {
  const type = entryMode & MODE_TYPE;
  if (type == MODE_DIRECTORY || type == MODE_SUBMODULE) return DIRECTORY;
  if (type == MODE_SYMLINK) return SYMLINK;
  if (type != MODE_FILE) corrupt();
  return FILE;
}

/** A link's target is its blob's bytes, which must stay when the cache moves on. */
function setTarget(entry: Entry, blob: PackObject): void {
  const content = blob.content as Content;
  if (content.size == 0 || content.size > TARGET_LIMIT) {
    fail(EXIT_FORBIDDEN_ENTRY, 'a symbolic link has an impossible target:', entry.name, entry.nameLength);
  }
  recallBlob(blob);
  checkText(blob.data, blob.size);
  entry.target = reserve(blob.size);
  entry.targetLength = blob.size;
  memory.copy(entry.target, blob.data, blob.size);
}
