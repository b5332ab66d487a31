import { equal } from '../text/bytes.ts';
import { Content } from '../output/content.ts';
import { EXIT_CORRUPT, EXIT_LIMIT, fail } from '../host/failure.ts';
import { reserve } from '../host/memory.ts';
import { objectHash } from '../stream/sink.ts';
import { sha1Begin, sha1End, sha1Update } from '../hashes/sha1.ts';
import {
  append,
  appendByte,
  appendHexadecimal,
  appendNumber,
  lengthSince,
  mark,
  rewind,
} from '../text/text.ts';

/** The objects of one pack, in its order, and the index of their ids. */
export const ID_LENGTH: i32 = 20;

/** Kinds, as numbered in a pack (gitformat-pack). */
export const COMMIT: u8 = 1;
export const TREE: u8 = 2;
export const BLOB: u8 = 3;
export const TAG: u8 = 4;
export const OFFSET_DELTA: u8 = 6;
export const ID_DELTA: u8 = 7;

const OBJECT_LIMIT: u32 = 4_000_000;

@unmanaged
export class PackObject {
  offset: u64 = 0;
  /** Of a commit or tree its text, of a blob its bytes while they are cached, of a waiting delta the delta. */
  data: usize = 0;
  size: u32 = 0;
  /** Of a blob that is kept. */
  content: Content | null = null;
  /** What an offset delta waits for; one that waits for an id has that id as its own until it is resolved. */
  base: PackObject | null = null;
  nextCached: PackObject | null = null;
  kind: u8 = 0;
}

const ID: usize = 32;
const OBJECT_SIZE: usize = 56;

let objects: usize = 0;
let objectCount: u32 = 0;
let slots: usize = 0;
let slotMask: u32 = 0;

/** Makes room for a pack's objects and forgets those of another pack. */
export function beginObjects(count: u32): void {
  if (count > OBJECT_LIMIT) fail(EXIT_LIMIT, 'the pack has more than four million objects');
  objectCount = count;
  objects = reserve(<usize>count * OBJECT_SIZE);
  slotMask = 15;
  while (slotMask < count * 2) slotMask = slotMask * 2 + 1;
  slots = reserve((<usize>slotMask + 1) << 2);
}

export function countObjects(): u32 {
  return objectCount;
}

export function objectAt(index: u32): PackObject {
  return changetype<PackObject>(objects + <usize>index * OBJECT_SIZE);
}

export function idOf(object: PackObject): usize {
  return changetype<usize>(object) + ID;
}

export function isDelta(object: PackObject): bool {
  return object.kind >= OFFSET_DELTA;
}

/** The object that begins at this offset, among the first `count`; null if none does. */
export function objectAtOffset(offset: u64, count: u32): PackObject | null {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (objectAt(middle).offset < offset) low = middle + 1;
    else high = middle;
  }
  return low < count && objectAt(low).offset == offset ? objectAt(low) : null;
}

/** Where the object of this id is in the index, or would be. An id is already as good as a hash of itself. */
function slotOf(id: usize): usize {
  let hash = load<u32>(id);
  while (true) {
    const slot = slots + (((<usize>hash) & slotMask) << 2);
    const found = load<usize>(slot);
    if (found == 0 || equal(idOf(changetype<PackObject>(found)), id, ID_LENGTH)) return slot;
    hash++;
  }
}

export function findObject(id: usize): PackObject | null {
  return changetype<PackObject | null>(load<usize>(slotOf(id)));
}

function indexObject(object: PackObject): void {
  const slot = slotOf(idOf(object));
  if (load<usize>(slot) == 0) store<usize>(slot, changetype<usize>(object));
}

/** Begins the id of an object: the SHA-1 of its kind and size, a zero byte, and its bytes. */
export function beginId(kind: u8, size: u64): void {
  const header = mark();
  if (kind == COMMIT) append('commit ');
  else if (kind == TREE) append('tree ');
  else if (kind == BLOB) append('blob ');
  else append('tag ');
  appendNumber(size);
  appendByte(0);
  sha1Begin(objectHash);
  sha1Update(objectHash, header, lengthSince(header));
  rewind(header);
}

/** The hash is known: the object can be found from now on. */
export function endId(object: PackObject): void {
  sha1End(objectHash, idOf(object));
  indexObject(object);
}

/** The object of this kind that must be in the pack. */
export function requireObject(id: usize, kind: u8): PackObject {
  const object = findObject(id);
  if (object == null || object.kind != kind) missing(id);
  return object!;
}

function missing(id: usize): void {
  const text = mark();
  appendHexadecimal(id, ID_LENGTH);
  fail(EXIT_CORRUPT, 'the pack lacks the object', text, lengthSince(text));
}
