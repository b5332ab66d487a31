import { equalsText, indexOf, startsWith } from '../text/bytes.ts';
import { ABSENT, DIRECTORY, Entry, SYMLINK, addEntry, findEntry, newEntry } from '../output/entries.ts';
import { EXIT_FORBIDDEN_ENTRY, EXIT_LIMIT, fail } from '../host/failure.ts';
import { reserve } from '../host/memory.ts';
import { checkName, checkText } from '../output/names.ts';

/** Where an archive's entries go: its paths, read strictly, in the tree held in memory. */
export const archiveRoot: Entry = newEntry(DIRECTORY, 0, 0);

const PATH_LIMIT: i32 = 4096;
const LINK_LIMIT: i32 = 40;

let stripped: i32 = 0;
/** The layer of a container image that is being read; 0 for other archives. */
let layer: u8 = 0;
let linksFollowed: i32 = 0;

/** How many names at the beginning of each path are left out. What then has no name left is left out too. */
export function stripNames(count: i32): void {
  stripped = count;
}

export function beginLayer(): void {
  if (++layer == 0) fail(EXIT_LIMIT, 'the image has too many layers');
}

export function inLayer(): bool {
  return layer > 0;
}

function refuse(path: usize, length: i32): void {
  fail(EXIT_FORBIDDEN_ENTRY, 'the archive has an entry at a forbidden place:', path, length);
}

/** Copies bytes that the archive gave into memory that stays. */
export function keep(bytes: usize, length: i32): usize {
  const copy = reserve(length + 1);
  memory.copy(copy, bytes, length);
  return copy;
}

/** Gives a symbolic link its target, which is copied. */
export function setTarget(link: Entry, target: usize, length: i32): void {
  if (length == 0) fail(EXIT_FORBIDDEN_ENTRY, 'a symbolic link has no target:', link.name, link.nameLength);
  checkText(target, length);
  link.target = keep(target, length);
  link.targetLength = length;
}

/** The entry at a path, which becomes one of this kind; what is there already gives way. Missing directories are made. */
export function place(path: usize, length: i32, kind: u8): Entry {
  const entry = walk(path, length, true)!;
  if (kind != DIRECTORY && entry.kind == DIRECTORY) {
    if (entry == archiveRoot) {
      if (stripped == 0) refuse(path, length);
      return newEntry(kind, 0, 0);
    }
    removeChildren(entry, false);
  }
  entry.kind = kind;
  entry.content = null;
  return entry;
}

/** The entry at a path, if there is one. */
export function existingEntryAt(path: usize, length: i32): Entry | null {
  const entry = walk(path, length, false);
  return entry == null || entry.kind == ABSENT ? null : entry;
}

function walk(path: usize, length: i32, making: bool): Entry | null {
  if (length > PATH_LIMIT || (load<u8>(path) == 0x2f && layer == 0)) refuse(path, length);
  checkText(path, length);
  linksFollowed = 0;
  return descend(archiveRoot, path, length, making);
}

function descend(start: Entry, path: usize, length: i32, making: bool): Entry | null {
  let entry = start;
  let left = linksFollowed > 0 ? 0 : stripped;
  for (let at = 0; at < length;) {
    const nameLength = indexOf(path + at, length - at, 0x2f);
    const name = path + at;
    at += nameLength + 1;
    if (nameLength == 0 || equalsText(name, nameLength, '.')) continue;
    if (layer > 0) {
      const target = behindLinks(entry, making);
      if (target == null) return null;
      entry = target;
      if (linksFollowed > 0 && equalsText(name, nameLength, '..')) {
        if (entry.parent != 0) entry = changetype<Entry>(entry.parent);
        continue;
      }
    }
    checkName(name, nameLength);
    if (--left >= 0) continue;
    if (entry.kind == ABSENT && making) entry.kind = DIRECTORY;
    if (entry.kind != DIRECTORY) {
      if (making) refuse(path, length);
      return null;
    }
    let child = findEntry(entry, name, nameLength);
    if (child == null) {
      if (!making) return null;
      child = addEntry(entry, ABSENT, keep(name, nameLength), nameLength);
    }
    if (making) child.layer = layer;
    entry = child;
  }
  return entry;
}

/** Image layers may have entries below a directory's symbolic link, which is followed within the tree. */
function behindLinks(entry: Entry, making: bool): Entry | null {
  let found: Entry | null = entry;
  while (found != null && found.kind == SYMLINK) {
    if (++linksFollowed > LINK_LIMIT) refuse(found.name, found.nameLength);
    const start = load<u8>(found.target) == 0x2f ? archiveRoot : changetype<Entry>(found.parent);
    found = descend(start, found.target, found.targetLength, making);
  }
  return found;
}

/** Removes what is in a directory: all, or only what is of lower layers. */
function removeChildren(directory: Entry, lowerOnly: bool): void {
  let child = directory.children;
  while (child != null) {
    remove(child, lowerOnly);
    child = child.next;
  }
}

function remove(entry: Entry, lowerOnly: bool): void {
  if (entry.kind == DIRECTORY) removeChildren(entry, lowerOnly);
  if (!lowerOnly || entry.layer != layer) entry.kind = ABSENT;
}

/** Whether the path is a whiteout of an image's layer (OCI image specification); what it hides is removed. */
export function whiteOut(path: usize, length: i32): bool {
  let base = length;
  while (base > 0 && load<u8>(path + base - 1) != 0x2f) base--;
  const name = path + base;
  if (layer == 0 || !startsWith(name, length - base, '.wh.')) return false;
  const opaque = equalsText(name, length - base, '.wh..wh..opq');
  if (!opaque) memory.copy(name, name + 4, length - base - 4);
  const hidden = existingEntryAt(path, opaque ? base : length - 4);
  if (hidden == null) return true;
  if (opaque) removeChildren(hidden, true);
  else if (hidden != archiveRoot) remove(hidden, true);
  return true;
}
