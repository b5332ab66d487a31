import { INFLATE_SLACK, inflateTo, inflateToSink } from '../compression/inflate.ts';
import { EXIT_CORRUPT, EXIT_LIMIT, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { close, readAt } from '../host/files.ts';
import { reserve } from '../host/memory.ts';
import { Content, beginContent, endContent, openContent, writeContent } from '../output/content.ts';
import { beginPack, endPackHash, hasMore, nextByte, nextWord, packPosition } from '../stream/input.ts';
import { TO_BLOB, TO_DELTA, aimSink, deliveredLength, objectHash } from '../stream/sink.ts';
import { equal } from '../text/bytes.ts';
import { isSearching, keepHistory } from './abbreviation.ts';
import { CACHED_SIZE, cacheBlob, roomInCache } from './cache.ts';
import { beginDelta, deltaBytes, deltaResult, endDelta } from './delta.ts';
import { LONGEST_ID, idLength } from './ids.ts';
import { updateHash } from '../hashes/message.ts';
import {
  BLOB,
  ID_DELTA,
  KNOWN_TREE,
  OFFSET_DELTA,
  PackObject,
  beginId,
  beginObjects,
  countObjects,
  endId,
  findObject,
  firstOfPack,
  idOf,
  isDelta,
  newObject,
  objectAt,
  objectAtOffset,
} from './objects.ts';

/** Reading a pack (gitformat-pack) in one pass, as it comes. */
const SIGNATURE: u32 = 0x5041434b;
/** Trees and commits lie in memory. */
const TEXT_LIMIT: u64 = 1 << 28;
/** Deltas may come before their base; chains of such may be this long. */
const LONGEST_WAIT: i32 = 64;

const trailer = memory.data(2 * LONGEST_ID);
const piece = memory.data(4096);
/** Whether commits and trees are kept as files too, as blobs are. */
let keepsTexts: bool = false;

export function keepTexts(): void {
  keepsTexts = true;
}

function corrupt(reason: string): void {
  fail(EXIT_CORRUPT, reason);
}

function readId(to: usize): void {
  for (let i = 0; i < idLength(); i++) store<u8>(to + i, nextByte());
}

/** Reads a pack, checks all that it says of itself, and answers the number of its objects. */
export function readPack(): u32 {
  beginPack();
  if (nextWord() != SIGNATURE) corrupt('the pack has no signature');
  const version = nextWord();
  if (version != 2) fail(EXIT_UNSUPPORTED, 'the pack has the version', 0, 0, version);
  const count = nextWord();
  beginObjects(count);
  for (let i: u32 = 0; i < count; i++) readObject();
  endPackHash(trailer);
  readId(trailer + LONGEST_ID);
  if (!equal(trailer, trailer + LONGEST_ID, idLength())) corrupt('the pack has another hash than it says');
  if (hasMore()) corrupt('the pack is followed by something else');
  resolveWaiting();
  return count;
}

function readObject(): void {
  const offset = packPosition();
  const header = nextByte();
  const kind = <u8>((header >> 4) & 7);
  let size: u64 = header & 15;
  let more = header & 0x80;
  for (let shift: u64 = 4; more; shift += 7) {
    const byte = nextByte();
    if (shift > 46) corrupt('an object in the pack is corrupt');
    size |= (<u64>(byte & 0x7f)) << shift;
    more = byte & 0x80;
  }
  if (kind == 0 || kind == 5) corrupt('the pack has an object of an unknown kind');
  const base = kind == OFFSET_DELTA ? readBaseOffset(offset) : null;
  const object = newObject();
  object.offset = offset;
  object.kind = kind;
  object.link = base;
  if (kind == ID_DELTA) readId(idOf(object));
  readZlibHeader();
  if (isDelta(object)) readDelta(object, size);
  else if (kind == BLOB && size > CACHED_SIZE) readStreamed(object, size);
  else readWhole(object, size);
  // The checksum of zlib says nothing that the object's id does not say better.
  nextWord();
}

/** How far back the base of an offset delta begins. */
function readBaseOffset(offset: u64): PackObject {
  let byte = nextByte();
  let back = <u64>(byte & 0x7f);
  for (let count = 0; byte & 0x80; count++) {
    if (count > 7) corrupt('a delta in the pack has no base');
    byte = nextByte();
    back = ((back + 1) << 7) | (byte & 0x7f);
  }
  const base = back <= offset ? objectAtOffset(offset - back) : null;
  if (base == null) corrupt('a delta in the pack has no base');
  return base!;
}

function readZlibHeader(): void {
  const method = nextByte();
  const flags = nextByte();
  if ((method & 15) != 8 || ((method << 8) | flags) % 31 != 0 || flags & 0x20) {
    corrupt('an object in the pack is corrupt');
  }
}

function inflateSized(size: u64, target: i32): void {
  aimSink(target);
  inflateToSink();
  if (deliveredLength() != size) corrupt('an object in the pack has another size than it says');
}

function readStreamed(object: PackObject, size: u64): void {
  beginId(object.kind, size);
  beginContent();
  inflateSized(size, TO_BLOB);
  object.content = endContent();
  endId(object);
}

function readWhole(object: PackObject, size: u64): void {
  if (size > TEXT_LIMIT) fail(EXIT_LIMIT, 'a tree or commit is too large');
  const room = size > CACHED_SIZE ? reserve(<usize>size + INFLATE_SLACK) : roomInCache(<usize>size);
  inflateTo(room, <usize>size);
  finishObject(object, room, <u32>size);
}

/** The whole object is there, in the cache's room, or in memory that stays if it has more bytes than fit there. */
function finishObject(object: PackObject, data: usize, size: u32): void {
  beginId(object.kind, size);
  updateHash(objectHash, data, size);
  if (isSearching()) {
    if (size > CACHED_SIZE) fail(EXIT_LIMIT, 'a tree or commit is too large');
    cacheBlob(object, size);
    endId(object);
    keepHistory(object, data, size);
    return;
  }
  if ((object.kind == BLOB || keepsTexts) && object.content == null) {
    beginContent();
    writeContent(data, size);
    object.content = endContent();
  }
  object.link = null;
  if (object.kind == BLOB) cacheBlob(object, size);
  else {
    object.size = size;
    object.data = data;
    if (size <= CACHED_SIZE) {
      object.data = reserve(size + 1);
      memory.copy(object.data, data, size);
    }
  }
  endId(object);
}

/** The base of a delta, if it is there. */
function baseOf(object: PackObject): PackObject | null {
  const base = object.kind == OFFSET_DELTA ? object.link : findObject(idOf(object));
  return base == null || isDelta(base) || base.kind == KNOWN_TREE ? null : base;
}

/** A delta whose base is to come is kept as a file. */
function readDelta(object: PackObject, size: u64): void {
  const base = baseOf(object);
  if (base == null) {
    beginContent();
    inflateSized(size, TO_BLOB);
    object.content = endContent();
    return;
  }
  beginDelta(base);
  inflateSized(size, TO_DELTA);
  finishDelta(object, base);
}

function finishDelta(object: PackObject, base: PackObject): void {
  const size = endDelta();
  object.kind = base.kind;
  object.content = null;
  if (deltaResult() != 0) {
    finishObject(object, deltaResult(), <u32>size);
    return;
  }
  object.link = null;
  object.content = endContent();
  endId(object);
}

/** Applies a delta that was kept, if its base is there now; answers whether it was. */
function resolveDelta(object: PackObject): bool {
  const base = baseOf(object);
  if (base == null) return false;
  const file = openContent(object.content as Content);
  beginDelta(base);
  let offset: u64 = 0;
  for (let length: usize; (length = readAt(file, piece, 4096, offset)) > 0; offset += length) {
    deltaBytes(piece, length);
  }
  close(file);
  finishDelta(object, base);
  return true;
}

/** Resolves the deltas that came before their bases. */
function resolveWaiting(): void {
  for (let round = 0; round < LONGEST_WAIT; round++) {
    let waiting = false;
    for (let i = firstOfPack(); i < countObjects(); i++) {
      const object = objectAt(i);
      if (isDelta(object) && !resolveDelta(object)) waiting = true;
    }
    if (!waiting) return;
  }
  corrupt('a delta in the pack has no base');
}
