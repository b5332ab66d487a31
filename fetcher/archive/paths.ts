import { equalsText, indexOf } from '../text/bytes.ts';
import { DIRECTORY, Entry, addEntry, findEntry, newEntry } from '../output/entries.ts';
import { EXIT_FORBIDDEN_ENTRY, fail } from '../host/failure.ts';
import { reserve } from '../host/memory.ts';
import { checkName, checkText } from '../output/names.ts';

/** Where an archive's entries go: its paths, read strictly, in the tree held in memory. */
export const archiveRoot: Entry = newEntry(DIRECTORY, 0, 0);

const PATH_LIMIT: i32 = 4096;

function refuse(path: usize, length: i32): void {
  fail(EXIT_FORBIDDEN_ENTRY, 'the archive has an entry at a forbidden place:', path, length);
}

/** Copies bytes that the archive gave into memory that stays. */
export function keep(bytes: usize, length: i32): usize {
  const copy = reserve(length + 1);
  memory.copy(copy, bytes, length);
  return copy;
}

/** The entry at a path, made of this kind if it is new. Missing directories on the way are made. */
export function entryAt(path: usize, length: i32, kind: u8): Entry {
  return walk(path, length, kind)!;
}

/** The entry at a path, if there is one. */
export function existingEntryAt(path: usize, length: i32): Entry | null {
  return walk(path, length, 0);
}

function walk(path: usize, length: i32, kind: u8): Entry | null {
  if (length == 0 || length > PATH_LIMIT || load<u8>(path) == 0x2f) refuse(path, length);
  checkText(path, length);
  let entry: Entry | null = archiveRoot;
  for (let at = 0; at < length;) {
    const nameLength = indexOf(path + at, length - at, 0x2f);
    const name = path + at;
    at += nameLength + 1;
    if (nameLength == 0 || equalsText(name, nameLength, '.')) continue;
    checkName(name, nameLength);
    if (entry.kind != DIRECTORY) refuse(path, length);
    const found = findEntry(entry, name, nameLength);
    if (found != null) entry = found;
    else if (kind == 0) return null;
    else {
      const last = isLast(path + at, length - at);
      entry = addEntry(entry, last ? kind : DIRECTORY, keep(name, nameLength), nameLength);
    }
  }
  return entry;
}

/** Whether no further name follows. */
function isLast(rest: usize, length: i32): bool {
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(rest + i);
    if (byte != 0x2f && byte != 0x2e) return false;
    if (byte == 0x2e && i + 1 < length && load<u8>(rest + i + 1) != 0x2f) return false;
  }
  return true;
}
