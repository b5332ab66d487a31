import { Content } from '../output/content.ts';
import { EXIT_CORRUPT, EXIT_LIMIT, fail } from '../host/failure.ts';
import { allocate, release, reserve } from '../host/memory.ts';
import { objectHash } from '../stream/sink.ts';
import { equal } from '../text/bytes.ts';
import {
  append,
  appendByte,
  appendHexadecimal,
  appendNumber,
  lengthSince,
  mark,
  rewind,
} from '../text/text.ts';
import { beginObjectHash, idLength } from './ids.ts';
import { endHash, updateHash } from '../hashes/message.ts';

/** The objects of all packs, in the order in which they came, and the index of their ids. */

/** Kinds, as numbered in a pack (gitformat-pack). */
export const COMMIT: u8 = 1;
export const TREE: u8 = 2;
export const BLOB: u8 = 3;
export const OFFSET_DELTA: u8 = 6;
export const ID_DELTA: u8 = 7;
/** An object that the server is to be asked for. */
export const UNKNOWN: u8 = 0;
/** A tree that the store has as a directory: its text is not there, nor needed. */
export const KNOWN_TREE: u8 = 8;

@unmanaged
export class PackObject {
  /** Where it begins in its pack. */
  offset: u64 = 0;
  /** Of a commit or tree its text, of a blob its bytes while they are cached. */
  data: usize = 0;
  size: u32 = 0;
  /** Of a text of the history, where it is kept. */
  place: u32 = 0;
  /** Of a blob, or whatever is kept as a file; of a delta that waits for its base, the delta. */
  content: Content | null = null;
  /** What an offset delta waits for; else the next in the list that the object is in. */
  link: PackObject | null = null;
  kind: u8 = 0;
  /** Whether the walk through a commit's parts has met it, and as which kind. */
  met: u8 = 0;
}

/** Objects that are linked, in the order in which they came. */
@unmanaged
export class List {
  first: PackObject | null = null;
  last: PackObject | null = null;
}

export function enqueue(list: List, object: PackObject): void {
  object.link = null;
  if (list.first == null) list.first = object;
  else list.last!.link = object;
  list.last = object;
}

const ID: usize = 36;

const OBJECT_LIMIT: u32 = 4_000_000;
/** Objects lie in blocks, which are made as they come: what a pack says of its number costs nothing. */
const BLOCK_BITS: u32 = 12;
const BLOCK: u32 = 1 << BLOCK_BITS;
const blocks = memory.data(((4_000_000 >> 12) + 1) * 4, 4);

let objectCount: u32 = 0;
let packStart: u32 = 0;
let slots: usize = 0;
let slotCount: u32 = 0;
let indexed: u32 = 0;

/** Begins a pack of so many objects. */
export function beginObjects(count: u32): void {
  if (count > OBJECT_LIMIT) fail(EXIT_LIMIT, 'there are more than four million objects');
  packStart = objectCount;
}

export function firstOfPack(): u32 {
  return packStart;
}

export function countObjects(): u32 {
  return objectCount;
}

function objectSize(): usize {
  return (ID + idLength() + 7) & ~7;
}

export function objectAt(index: u32): PackObject {
  const block = load<usize>((index >> BLOCK_BITS) << 2, blocks);
  return changetype<PackObject>(block + <usize>(index & (BLOCK - 1)) * objectSize());
}

export function newObject(): PackObject {
  if (objectCount == OBJECT_LIMIT) fail(EXIT_LIMIT, 'there are more than four million objects');
  if ((objectCount & (BLOCK - 1)) == 0) {
    const block = blocks + ((objectCount >> BLOCK_BITS) << 2);
    if (load<usize>(block) == 0) store<usize>(block, reserve(BLOCK * objectSize()));
  }
  const object = objectAt(objectCount++);
  memory.fill(changetype<usize>(object), 0, objectSize());
  return object;
}

/** Forgets all objects; what they have beside stays. */
export function forgetObjects(): void {
  objectCount = indexed = 0;
  memory.fill(slots, 0, slotCount << 2);
}

export function idOf(object: PackObject): usize {
  return changetype<usize>(object) + ID;
}

export function isDelta(object: PackObject): bool {
  return object.kind == OFFSET_DELTA || object.kind == ID_DELTA;
}

/** The object of this pack that begins at the offset; null if none does. */
export function objectAtOffset(offset: u64): PackObject | null {
  let low = packStart;
  let high = objectCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (objectAt(middle).offset < offset) low = middle + 1;
    else high = middle;
  }
  return low < objectCount && objectAt(low).offset == offset ? objectAt(low) : null;
}

/** Where the object of this id is in the index, or would be. An id is already as good as a hash of itself. */
function slotOf(id: usize): usize {
  let hash = load<u32>(id);
  while (true) {
    const slot = slots + ((hash & (slotCount - 1)) << 2);
    const found = load<usize>(slot);
    if (found == 0 || equal(found + ID, id, idLength())) return slot;
    hash++;
  }
}

function growSlots(): void {
  const old = slots;
  const oldCount = slotCount;
  slotCount = oldCount == 0 ? 256 : oldCount * 2;
  slots = allocate(slotCount << 2);
  memory.fill(slots, 0, slotCount << 2);
  for (let i: u32 = 0; i < oldCount; i++) {
    const found = load<usize>(old + (i << 2));
    if (found != 0) store<usize>(slotOf(found + ID), found);
  }
  if (oldCount > 0) release(old, oldCount << 2);
}

/** What is known of an id, be it that it is to be asked for; null if it was never met. */
export function lookUp(id: usize): PackObject | null {
  return slotCount == 0 ? null : changetype<PackObject | null>(load<usize>(slotOf(id)));
}

/** The object of this id, if it is there. */
export function findObject(id: usize): PackObject | null {
  const object = lookUp(id);
  return object == null || object.kind == UNKNOWN ? null : object;
}

/** An object of which only the id is known. */
export function addUnknown(id: usize): PackObject {
  const object = newObject();
  memory.copy(idOf(object), id, idLength());
  indexObject(object);
  return object;
}

/** The object can be found from now on. */
function indexObject(object: PackObject): void {
  if (indexed * 2 >= slotCount) growSlots();
  const slot = slotOf(idOf(object));
  const found = load<usize>(slot);
  if (found != 0 && changetype<PackObject>(found).kind != UNKNOWN) return;
  if (found == 0) indexed++;
  store<usize>(slot, changetype<usize>(object));
}

/** Begins the id of an object: the hash of its kind and size, a zero byte, and its bytes. */
export function beginId(kind: u8, size: u64): void {
  const header = mark();
  if (kind == COMMIT) append('commit ');
  else if (kind == TREE) append('tree ');
  else if (kind == BLOB) append('blob ');
  else append('tag ');
  appendNumber(size);
  appendByte(0);
  beginObjectHash(objectHash);
  updateHash(objectHash, header, lengthSince(header));
  rewind(header);
}

export function endId(object: PackObject): void {
  endHash(objectHash, idOf(object));
  indexObject(object);
}

/** The object of this kind that must be there. */
export function requireObject(id: usize, kind: u8): PackObject {
  const object = findObject(id);
  if (object == null || object.kind != kind) missing(id);
  return object!;
}

export function missing(id: usize): void {
  const text = mark();
  appendHexadecimal(id, idLength());
  fail(EXIT_CORRUPT, 'the pack lacks the object', text, lengthSince(text));
}
