import { EXIT_CORRUPT, EXIT_FORBIDDEN_ENTRY, EXIT_LIMIT, EXIT_NO_SUCH_REF, fail } from '../host/failure.ts';
import { reserve } from '../host/memory.ts';
import { setTarget } from '../archive/paths.ts';
import { DIRECTORY, Entry, FILE, SYMLINK, addEntry, findEntry } from '../output/entries.ts';
import { checkName } from '../output/names.ts';
import { equal, equalsText, fromHexadecimal, indexOf, startsWith } from '../text/bytes.ts';
import { recallBlob } from './cache.ts';
import { idLength } from './ids.ts';
import { BLOB, COMMIT, KNOWN_TREE, PackObject, TREE, findObject, requireObject } from './objects.ts';

/** From a commit to its tree, and from a tree to the output's entries. */
const MODE_EXECUTABLE: u32 = 0o111;
/** What an entry is, which a mode has in its upper digits. */
export const MODE_DIRECTORY: u32 = 0o04;
export const MODE_FILE: u32 = 0o10;
export const MODE_SYMLINK: u32 = 0o12;
export const MODE_SUBMODULE: u32 = 0o16;
const TARGET_LIMIT: u64 = 4096;
export const DEPTH_LIMIT: i32 = 2048;

/** The entry of a tree object that was read last (gitformat: mode, space, name, zero byte, id). */
let entryMode: u32 = 0;
let entryName: usize = 0;
let entryNameLength: i32 = 0;
let entryIdentity: usize = 0;

/** Reads the entry at `at` and answers where the next one begins. */
export function readEntry(at: usize, end: usize): usize {
  entryMode = 0;
  while (at < end && load<u8>(at) != 0x20) {
    const digit = <u32>load<u8>(at++) - 0x30;
    if (digit > 7 || entryMode > 0o777777) corrupt();
    entryMode = (entryMode << 3) | digit;
  }
  entryName = ++at;
  if (at >= end) corrupt();
  entryNameLength = indexOf(at, <i32>(end - at), 0);
  entryIdentity = at + entryNameLength + 1;
  if (entryIdentity + idLength() > end) corrupt();
  return entryIdentity + idLength();
}

export function entryType(): u32 {
  return entryMode >> 12;
}

export function entryId(): usize {
  return entryIdentity;
}

function corrupt(): void {
  fail(EXIT_CORRUPT, 'a git tree is malformed');
}

/** Goes to a commit's tree, as if it were the entry that was read last. */
export function enterCommit(commit: PackObject): void {
  if (commit.kind != COMMIT) fail(EXIT_NO_SUCH_REF, 'the object that was asked for is no commit');
  entryIdentity = reserve(idLength());
  entryMode = MODE_DIRECTORY << 12;
  if (
    !startsWith(commit.data, commit.size, 'tree ') ||
    <i32>commit.size < 5 + 2 * idLength() ||
    !fromHexadecimal(commit.data + 5, entryIdentity, idLength())
  ) {
    fail(EXIT_CORRUPT, 'the commit names no tree');
  }
}

/** Reads the entry of this name in a tree; answers whether there is one. If not, the entry is of no type. */
export function findInTree(tree: PackObject, name: usize, length: i32): bool {
  const end = tree.data + tree.size;
  for (let at = tree.data; at < end;) {
    at = readEntry(at, end);
    if (entryNameLength == length && equal(entryName, name, length)) return true;
  }
  entryMode = 0;
  return false;
}

/** Gives an entry what the tree's entry that was read last says, and all that is below it. */
export function fillEntry(entry: Entry, depth: i32): void {
  if (entry.kind == SYMLINK) {
    takeTarget(entry, requireObject(entryIdentity, BLOB));
    return;
  }
  entry.id = entryIdentity;
  if (entry.kind == FILE) {
    entry.idKind = BLOB;
    entry.content = requireObject(entryIdentity, BLOB).content;
    entry.executable = (entryMode & MODE_EXECUTABLE) != 0;
    return;
  }
  entry.idKind = KNOWN_TREE;
  if (entryType() == MODE_SUBMODULE) addSubmodule(entry);
  else fillDirectory(entry, depth);
}

/** A directory that a submodule belongs in. */
@unmanaged
class Submodule {
  entry: Entry = changetype<Entry>(0);
  commit: usize = 0;
  next: Submodule | null = null;
}

let submodules: Submodule | null = null;

/** The submodules of all that was filled since the last call. */
export function takeSubmodules(): Submodule | null {
  const taken = submodules;
  submodules = null;
  return taken;
}

function addSubmodule(entry: Entry): void {
  const submodule = changetype<Submodule>(reserve(offsetof<Submodule>()));
  submodule.entry = entry;
  submodule.commit = entry.id;
  submodule.next = submodules;
  submodules = submodule;
  entry.id = 0;
}

/** A directory with a submodule in it is not named: what its tree says is not all that is in it. */
function fillDirectory(entry: Entry, depth: i32): void {
  const known = findObject(entryIdentity);
  if (known != null && known.kind == KNOWN_TREE) {
    entry.content = known.content;
    return;
  }
  if (!addChildren(entry, requireObject(entryIdentity, TREE), depth)) entry.id = 0;
}

/** Answers whether there is no submodule in it. */
function addChildren(directory: Entry, tree: PackObject, depth: i32): bool {
  if (depth > DEPTH_LIMIT) fail(EXIT_LIMIT, 'the tree is too deep');
  const end = tree.data + tree.size;
  let whole = true;
  for (let at = tree.data; at < end;) {
    at = readEntry(at, end);
    checkName(entryName, entryNameLength);
    if (equalsText(entryName, entryNameLength, '.git')) {
      fail(EXIT_FORBIDDEN_ENTRY, 'an entry has the forbidden name', entryName, entryNameLength);
    }
    if (findEntry(directory, entryName, entryNameLength) != null) {
      fail(EXIT_FORBIDDEN_ENTRY, 'a tree has two entries of the name', entryName, entryNameLength);
    }
    const entry = addEntry(directory, kindOfEntry(), entryName, entryNameLength);
    fillEntry(entry, depth + 1);
    if (entry.kind == DIRECTORY && entry.id == 0) whole = false;
  }
  return whole;
}

function kindOfEntry(): u8 {
  const type = entryType();
  if (type == MODE_DIRECTORY || type == MODE_SUBMODULE) return DIRECTORY;
  if (type == MODE_SYMLINK) return SYMLINK;
  if (type != MODE_FILE) corrupt();
  return FILE;
}

/** A link's target is its blob's bytes, which stay in the cache only for now. */
function takeTarget(entry: Entry, blob: PackObject): void {
  const length = blob.content!.size;
  if (length > TARGET_LIMIT) fail(EXIT_LIMIT, 'the path is too long:', entry.name, entry.nameLength);
  recallBlob(blob, 0);
  setTarget(entry, blob.data, <i32>length);
}
