import { equal } from '../text/bytes.ts';
import { beginContent, endContent, writeContent } from '../output/content.ts';
import { EXIT_CORRUPT, EXIT_LIMIT, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { INFLATE_SLACK, inflateTo, inflateToSink } from '../compression/inflate.ts';
import { beginPack, cursor, endPackHash, limit, nextByte, packPosition, refill } from '../stream/input.ts';
import { allocate, release, reserve } from '../host/memory.ts';
import { sha1Update } from '../hashes/sha1.ts';
import { TO_BLOB, TO_NOTHING, aimSink, deliveredLength, objectHash } from '../stream/sink.ts';
import { cacheBlob, recallBlob } from './cache.ts';
import { applyDelta, beginDelta } from './delta.ts';
import {
  BLOB,
  ID_DELTA,
  ID_LENGTH,
  OFFSET_DELTA,
  PackObject,
  TAG,
  beginId,
  beginObjects,
  countObjects,
  endId,
  findObject,
  idOf,
  isDelta,
  objectAt,
  objectAtOffset,
} from './objects.ts';
import { claimTreeOnce, treeIsClaimed } from './tree.ts';

/** Reading a pack (gitformat-pack) in one pass, as it comes. */
const SIGNATURE: u32 = 0x5041434b;
/** Blobs of more bytes never lie in memory as a whole, unless a delta has one as its base. */
const STREAMED_SIZE: u64 = 4 << 20;
/** Deltas may come before their base; chains of such may be this long. */
const LONGEST_WAIT: i32 = 64;

const trailer = memory.data(2 * 20);
/** Blobs of a pack that is fetched only for its trees are not kept. */
let keepBlobs: bool = false;

function corrupt(reason: string): void {
  fail(EXIT_CORRUPT, reason);
}

function nextWord(): u32 {
  let word: u32 = 0;
  for (let i = 0; i < 4; i++) word = (word << 8) | nextByte();
  return word;
}

function beginReading(): void {
  beginPack();
  if (nextWord() != SIGNATURE) corrupt('the pack has no signature');
  const version = nextWord();
  if (version != 2) fail(EXIT_UNSUPPORTED, 'the pack has the version', 0, 0, version);
  beginObjects(nextWord());
}

/** Reads a pack just until the commit and the trees on the way to the sub-tree are there, and claims the tree. */
export function readPackForTree(): void {
  keepBlobs = false;
  beginReading();
  for (let i: u32 = 0; i < countObjects() && !treeIsClaimed(); i++) readObject(i);
}

/** Reads a whole pack and checks all that it says of itself. */
export function readPack(): void {
  keepBlobs = true;
  beginReading();
  for (let i: u32 = 0; i < countObjects(); i++) readObject(i);
  endPackHash(trailer);
  for (let i: usize = 0; i < 20; i++) store<u8>(trailer + 20 + i, nextByte());
  if (!equal(trailer, trailer + 20, 20)) corrupt('the pack has another hash than it says');
  if (cursor() < limit() || refill()) corrupt('the pack is followed by something else');
  resolveWaiting();
}

function readObject(index: u32): void {
  const object = objectAt(index);
  object.offset = packPosition();
  const header = nextByte();
  object.kind = <u8>((header >> 4) & 7);
  let size: u64 = header & 15;
  let more = header & 0x80;
  for (let shift: u64 = 4; more; shift += 7) {
    const byte = nextByte();
    if (shift > 46) corrupt('an object in the pack has an impossible size');
    size |= (<u64>(byte & 0x7f)) << shift;
    more = byte & 0x80;
  }
  if (object.kind == 0 || object.kind == 5) corrupt('the pack has an object of an unknown kind');
  if (object.kind == OFFSET_DELTA) object.base = readBaseOffset(object.offset, index);
  else if (object.kind == ID_DELTA)
    for (let i = 0; i < ID_LENGTH; i++) store<u8>(idOf(object) + i, nextByte());
  readZlibHeader();
  if (object.kind == BLOB && (!keepBlobs || size > STREAMED_SIZE)) readStreamed(object, size);
  else readWhole(object, size);
  // The checksum of zlib says nothing that the object's id does not say better.
  nextWord();
}

/** How far back the base of an offset delta begins. */
function readBaseOffset(offset: u64, index: u32): PackObject {
  let byte = nextByte();
  let back = <u64>(byte & 0x7f);
  for (let count = 0; byte & 0x80; count++) {
    if (count > 7) corrupt('a delta in the pack has an impossible base');
    byte = nextByte();
    back = ((back + 1) << 7) | (byte & 0x7f);
  }
  const base = back <= offset ? objectAtOffset(offset - back, index) : null;
  if (base == null) corrupt('a delta in the pack has no base');
  return base!;
}

function readZlibHeader(): void {
  const method = nextByte();
  const flags = nextByte();
  if ((method & 15) != 8 || ((method << 8) | flags) % 31 != 0 || flags & 0x20) {
    corrupt('an object in the pack is not compressed as it should be');
  }
}

function readStreamed(object: PackObject, size: u64): void {
  beginId(BLOB, size);
  if (keepBlobs) beginContent();
  aimSink(keepBlobs ? TO_BLOB : TO_NOTHING);
  inflateToSink();
  if (deliveredLength() != size) corrupt('an object in the pack has another size than it says');
  if (!keepBlobs) return;
  object.content = endContent();
  endId(object);
}

function readWhole(object: PackObject, size: u64): void {
  if (size >= 1 << 30) fail(EXIT_LIMIT, 'an object that must lie in memory has more than 1 GiB');
  const data = allocate(<usize>size + INFLATE_SLACK);
  inflateTo(data, <usize>size);
  if (!isDelta(object)) {
    finishObject(object, data, <u32>size);
    return;
  }
  object.data = data;
  object.size = <u32>size;
  resolveDelta(object);
}

/** The whole object is there, in memory allocated with the slack. */
function finishObject(object: PackObject, data: usize, size: u32): void {
  beginId(object.kind, size);
  sha1Update(objectHash, data, size);
  endId(object);
  if (object.kind == BLOB) {
    beginContent();
    writeContent(data, size);
    object.content = endContent();
    cacheBlob(object, data, size);
    return;
  }
  object.size = size;
  object.data = reserve(size + 1);
  memory.copy(object.data, data, size);
  release(data, size + INFLATE_SLACK);
  if (object.kind != TAG) claimTreeOnce();
}

/** Applies a delta if its base is there; answers whether it was. */
function resolveDelta(object: PackObject): bool {
  const base = object.kind == OFFSET_DELTA ? object.base : findObject(idOf(object));
  if (base == null || isDelta(base)) return false;
  const delta = object.data;
  const deltaSize = object.size;
  object.data = 0;
  object.kind = base.kind;
  if (base.kind == BLOB) {
    if (base.content == null) {
      release(delta, deltaSize + INFLATE_SLACK);
      return true;
    }
    recallBlob(base);
  }
  const size = beginDelta(delta, deltaSize, base.size);
  if (size >= 1 << 30) fail(EXIT_LIMIT, 'an object that must lie in memory has more than 1 GiB');
  const data = allocate(<usize>size + INFLATE_SLACK);
  applyDelta(base.data, base.size, data, <u32>size);
  release(delta, deltaSize + INFLATE_SLACK);
  finishObject(object, data, <u32>size);
  return true;
}

/** Resolves the deltas that came before their bases. */
function resolveWaiting(): void {
  for (let round = 0; round < LONGEST_WAIT; round++) {
    let waiting = false;
    for (let i: u32 = 0; i < countObjects(); i++) {
      const object = objectAt(i);
      if (isDelta(object) && !resolveDelta(object)) waiting = true;
    }
    if (!waiting) return;
  }
  corrupt('a delta in the pack has no base');
}
