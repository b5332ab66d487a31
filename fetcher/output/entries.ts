import { equal } from '../text/bytes.ts';
import { Content } from './content.ts';
import { EXIT_LIMIT, fail } from '../host/failure.ts';
import { allocate, release, reserve } from '../host/memory.ts';

/**
 * The tree that the output will be, held in memory until it is complete: nothing is written through a name
 * that came from outside before the whole is known.
 */
/** Not there, or not any more. */
export const ABSENT: u8 = 0;
/** As the lists of a directory's canonical encoding are numbered. */
export const FILE: u8 = 1;
export const DIRECTORY: u8 = 2;
export const SYMLINK: u8 = 3;

const ENTRY_LIMIT: u32 = 4_000_000;
const PROBE_LIMIT: i32 = 4096;

@unmanaged
export class Entry {
  /** The size of a directory's canonical encoding. */
  size: u64 = 0;
  parent: usize = 0;
  next: Entry | null = null;
  /** Of a directory. */
  children: Entry | null = null;
  /** Of a file; of a directory if the store has it as it is. */
  content: Content | null = null;
  /** Of a symbolic link. */
  target: usize = 0;
  targetLength: i32 = 0;
  name: usize = 0;
  nameLength: i32 = 0;
  kind: u8 = 0;
  executable: bool = false;
  /** Of which kind the id below is; 0 if it is not to be named. */
  idKind: u8 = 0;
  /** Which layer of a container image it is of. */
  layer: u8 = 0;
  /** The id that the origin has for it. */
  id: usize = 0;
}

const NEXT: usize = 12;
const DIGEST: usize = 48;
const ENTRY_SIZE: usize = 80;

let entryCount: u32 = 0;
/** Open addressing over (parent, name); grown at half full. */
let slots: usize = 0;
let slotCount: u32 = 0;

/** The digest of a directory's canonical encoding. */
export function directoryDigest(entry: Entry): usize {
  return changetype<usize>(entry) + DIGEST;
}

/** An entry that is in no directory: a root. The name is not copied. */
export function newEntry(kind: u8, name: usize, nameLength: i32): Entry {
  if (++entryCount > ENTRY_LIMIT) fail(EXIT_LIMIT, 'the tree has more than four million entries');
  const entry = changetype<Entry>(reserve(ENTRY_SIZE));
  entry.kind = kind;
  entry.name = name;
  entry.nameLength = nameLength;
  return entry;
}

/** A new entry in a directory that has none of this name. The name is not copied. */
export function addEntry(parent: Entry, kind: u8, name: usize, nameLength: i32): Entry {
  if (entryCount * 2 >= slotCount) growSlots();
  const entry = newEntry(kind, name, nameLength);
  entry.parent = changetype<usize>(parent);
  entry.next = parent.children;
  parent.children = entry;
  store<usize>(slotOf(entry.parent, name, nameLength), changetype<usize>(entry));
  return entry;
}

export function findEntry(parent: Entry, name: usize, nameLength: i32): Entry | null {
  if (slotCount == 0) return null;
  return changetype<Entry | null>(load<usize>(slotOf(changetype<usize>(parent), name, nameLength)));
}

/** Where the entry of this name is, or would be. */
function slotOf(parent: usize, name: usize, nameLength: i32): usize {
  let hash: u32 = <u32>parent * 0x9e3779b1;
  for (let i = 0; i < nameLength; i++) hash = (hash ^ load<u8>(name + i)) * 0x01000193;
  hash ^= hash >> 15;
  let probes = 0;
  while (true) {
    // Names that were chosen to collide would make this as slow as their number.
    if (++probes > PROBE_LIMIT) fail(EXIT_LIMIT, 'the tree has too many names of one hash');
    const slot = slots + ((hash & (slotCount - 1)) << 2);
    const found = load<usize>(slot);
    if (found == 0) return slot;
    const entry = changetype<Entry>(found);
    if (entry.parent == parent && entry.nameLength == nameLength && equal(entry.name, name, nameLength))
      return slot;
    hash++;
  }
}

function growSlots(): void {
  const old = slots;
  const oldCount = slotCount;
  slotCount = oldCount == 0 ? 1024 : oldCount * 2;
  slots = allocate(slotCount << 2);
  memory.fill(slots, 0, slotCount << 2);
  for (let i: u32 = 0; i < oldCount; i++) {
    const found = load<usize>(old + (i << 2));
    if (found == 0) continue;
    const entry = changetype<Entry>(found);
    store<usize>(slotOf(entry.parent, entry.name, entry.nameLength), found);
  }
  if (oldCount > 0) release(old, oldCount << 2);
}

/** The order of two names by their bytes: less than 0, 0, or more. */
function compareNames(a: Entry, b: Entry): i32 {
  const order = memory.compare(a.name, b.name, min(a.nameLength, b.nameLength));
  return order != 0 ? order : a.nameLength - b.nameLength;
}

/** Sorts a directory's children by name, as the canonical encoding has them. */
export function sortChildren(directory: Entry): void {
  let count = 0;
  let child = directory.children;
  while (child != null) {
    count++;
    child = child.next;
  }
  if (count > 1) directory.children = sortList(directory.children!, count);
}

let unsorted: Entry | null = null;

/** Merge sort of the first `count` entries of a list; leaves what follows them in `unsorted`. */
function sortList(first: Entry, count: i32): Entry {
  if (count == 1) {
    unsorted = first.next;
    first.next = null;
    return first;
  }
  const half = count >> 1;
  let left: Entry | null = sortList(first, half);
  let right: Entry | null = sortList(unsorted!, count - half);
  const head = memory.data(4);
  let link = head;
  while (left != null && right != null) {
    const taken: Entry = compareNames(left, right) <= 0 ? left : right;
    if (taken == left) left = taken.next;
    else right = taken.next;
    store<usize>(link, changetype<usize>(taken));
    link = changetype<usize>(taken) + NEXT;
  }
  store<usize>(link, changetype<usize>(left == null ? right : left));
  return changetype<Entry>(load<usize>(head));
}
