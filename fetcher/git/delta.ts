import { INFLATE_SLACK } from '../compression/inflate.ts';
import { EXIT_CORRUPT, EXIT_FILES, EXIT_LIMIT, fail } from '../host/failure.ts';
import { close, readAt } from '../host/files.ts';
import { reserve } from '../host/memory.ts';
import { Content, beginContent, openContent } from '../output/content.ts';
import { deliverBlob } from '../stream/sink.ts';
import { isSearching } from './abbreviation.ts';
import { CACHED_SIZE, recallBlob, roomInCache } from './cache.ts';
import { BLOB, PackObject, beginId } from './objects.ts';

/**
 * Deltas between objects (gitformat-pack, "Deltified representation"), applied while they come, in pieces cut anywhere.
 * A small result is made in memory; a large blob goes from file to file.
 */
const TEXT_LIMIT: u64 = 1 << 28;
const WINDOW: usize = 65536;
const window = memory.data(WINDOW);

/** What a byte of the delta belongs to; between these two comes the result's size. */
const IN_BASE_SIZE: i32 = 0;
const IN_INSTRUCTIONS: i32 = 2;

let base: PackObject = changetype<PackObject>(0);
/** The base's bytes; 0 if they are read from its file. */
let baseBytes: usize = 0;
let baseSize: u64 = 0;
let baseFile: i32 = -1;
let windowStart: u64 = 0;
let windowLength: usize = 0;

let stage: i32 = IN_BASE_SIZE;
let size: u64 = 0;
let shift: u64 = 0;
/** Of a copy the bytes of offset and length, and which of them are still to come. */
let parameters: u64 = 0;
let awaited: u32 = 0;
let inserted: usize = 0;

let result: usize = 0;
let made: u64 = 0;

function corrupt(): void {
  fail(EXIT_CORRUPT, 'a delta in the pack is corrupt');
}

export function beginDelta(object: PackObject): void {
  base = object;
  baseSize = object.kind == BLOB ? (object.content as Content).size : object.size;
  stage = IN_BASE_SIZE;
  size = shift = made = 0;
  awaited = 0;
  inserted = 0;
}

/** Where the result lies in memory; 0 if it became the content being written. */
export function deltaResult(): usize {
  return result;
}

/** Ends the delta and answers the result's size. */
export function endDelta(): u64 {
  if (stage != IN_INSTRUCTIONS || awaited != 0 || inserted != 0 || made != size) corrupt();
  if (baseFile >= 0) close(baseFile);
  baseFile = -1;
  return size;
}

export function deltaBytes(bytes: usize, length: usize): void {
  const end = bytes + length;
  while (bytes < end) {
    if (inserted > 0) {
      const piece = min(inserted, end - bytes);
      put(bytes, piece);
      bytes += piece;
      inserted -= piece;
      continue;
    }
    const byte = <u32>load<u8>(bytes++);
    if (stage != IN_INSTRUCTIONS) readSize(byte);
    else if (awaited != 0) takeParameter(byte);
    else if (byte & 0x80) {
      parameters = 0;
      awaited = byte & 0x7f;
      if (awaited == 0) copy();
    } else if (byte == 0) corrupt();
    else inserted = byte;
  }
}

function readSize(byte: u32): void {
  if (shift > 56) corrupt();
  size |= (<u64>(byte & 0x7f)) << shift;
  shift += 7;
  if (byte & 0x80) return;
  if (stage++ == IN_BASE_SIZE) {
    if (size != baseSize) corrupt();
    size = shift = 0;
  } else beginResult();
}

/** Says where the result goes, and sees to it that the base can be read. */
function beginResult(): void {
  const isBlob = base.kind == BLOB;
  result = 0;
  if (isBlob && (size > CACHED_SIZE || baseSize > CACHED_SIZE)) {
    beginId(BLOB, size);
    beginContent();
  } else if (size > TEXT_LIMIT) fail(EXIT_LIMIT, 'a tree or commit is too large');
  if (isBlob && baseSize > CACHED_SIZE) {
    baseBytes = 0;
    baseFile = openContent(base.content as Content);
    windowLength = 0;
    return;
  }
  const small = size <= CACHED_SIZE;
  if (isBlob || isSearching()) recallBlob(base, small ? <usize>size : 0);
  baseBytes = base.data;
  if (small) result = roomInCache(<usize>size);
  else if (!isBlob) result = reserve(<usize>size + INFLATE_SLACK);
}

/** The lowest bytes are the offset's, the highest three the length's. */
function takeParameter(byte: u32): void {
  const place: u64 = ctz(awaited) * 8;
  parameters |= (<u64>byte) << place;
  awaited &= awaited - 1;
  if (awaited == 0) copy();
}

function copy(): void {
  let offset = parameters & 0xffffffff;
  let length = <usize>(parameters >> 32);
  if (length == 0) length = 0x10000;
  if (offset + length > baseSize) corrupt();
  if (baseBytes != 0) {
    put(baseBytes + <usize>offset, length);
    return;
  }
  while (length > 0) {
    if (offset < windowStart || offset - windowStart >= windowLength) {
      windowStart = offset;
      windowLength = readAt(baseFile, window, WINDOW, offset);
      if (windowLength == 0) fail(EXIT_FILES, 'a scratch file is too short');
    }
    const skipped = <usize>(offset - windowStart);
    const piece = min(length, windowLength - skipped);
    put(window + skipped, piece);
    offset += piece;
    length -= piece;
  }
}

function put(bytes: usize, length: usize): void {
  if (length > size - made) corrupt();
  if (result != 0) memory.copy(result + <usize>made, bytes, length);
  else deliverBlob(bytes, length);
  made += length;
}
