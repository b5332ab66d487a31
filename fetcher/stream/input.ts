import { writeContent } from '../output/content.ts';
import { filter_close, filter_open, filter_read, filter_write } from '../host/cab.ts';
import { textLength, value } from '../host/environment.ts';
import { EXIT_CORRUPT, EXIT_FILES, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { ROOT_DIRECTORY, readAt } from '../host/files.ts';
import { digestBytes } from './digest.ts';
import { nextPackBytes, packBytes } from '../git/packets.ts';
import { receive, received, receivedLength, take } from './response.ts';
import { beginObjectHash } from '../git/ids.ts';
import { HASH_STATE, endHash, updateHash } from '../hashes/message.ts';

/**
 * The bytes that are being parsed, as a window on what was received: a parser reads from `cursor` to `limit`,
 * tells by `advance` how far it came, and asks for the next window with `refill` when it has used this one up.
 */
const FROM_BODY: i32 = 0;
const FROM_PACK: i32 = 1;
const FROM_FILE: i32 = 2;
const FROM_FILTER: i32 = 3;

const packHash = memory.data(HASH_STATE, 8);
let source: i32 = FROM_BODY;
let copying: bool = false;
let hashing: bool = false;
let start: usize = 0;
let position: usize = 0;
let end: usize = 0;
let passed: u64 = 0;
/** What of the body came after the bytes that were put back. */
let held: usize = 0;
let heldEnd: usize = 0;

const PIECE: usize = 65536;
/** What was read from a file or a filter. */
const piece = memory.data(65536);
let file: i32 = -1;
let fileOffset: u64 = 0;
let fileEnd: u64 = 0;
let filter: i32 = -1;
let filterEnded: bool = false;
/** What of the body is to go to the filter next. */
let given: usize = 0;
let givenEnd: usize = 0;

/** Makes these bytes the window; answers whether there are any. */
function show(bytes: usize, length: usize): bool {
  start = position = bytes;
  end = bytes + length;
  return length > 0;
}

/** Reads the response's body. */
export function beginBody(): void {
  source = FROM_BODY;
  copying = false;
  held = heldEnd = 0;
  show(0, 0);
}

/** From here on all that comes of the body is copied into the content being written. */
export function startCopying(): void {
  copying = true;
}

/** Puts bytes back that were read last; they may lie elsewhere now. */
export function putBack(bytes: usize, length: usize): void {
  held = position;
  heldEnd = end;
  show(bytes, length);
}

/** Reads a part of a file. */
export function beginFile(descriptor: i32, offset: u64, length: u64): void {
  source = FROM_FILE;
  file = descriptor;
  fileOffset = offset;
  fileEnd = offset + length;
  show(0, 0);
}

/** Sends the body through the second program, which knows more ways of compression. */
export function beginFilter(): void {
  const path = value('CAB_UNPACK');
  if (path == 0) fail(EXIT_UNSUPPORTED, 'the archive is compressed in a way that needs CAB_UNPACK');
  filter = filter_open(ROOT_DIRECTORY, path + 1, textLength(path + 1));
  if (filter < 0) fail(EXIT_FILES, 'the program CAB_UNPACK does not start: error', 0, 0, filter);
  source = FROM_FILTER;
  filterEnded = false;
  given = position;
  givenEnd = end;
  position = end;
}

export function stopCopying(): void {
  copying = false;
}

/** Reads the pack in the packets of git's answer, and hashes it. */
export function beginPack(): void {
  source = FROM_PACK;
  copying = false;
  hashing = true;
  passed = 0;
  show(0, 0);
  beginObjectHash(packHash);
}

export function packPosition(): u64 {
  return passed + (position - start);
}

/** Ends the hash at the cursor, which stands before the pack's trailer. */
export function endPackHash(digest: usize): void {
  updateHash(packHash, start, position - start);
  endHash(packHash, digest);
  hashing = false;
}

export function cursor(): usize {
  return position;
}

export function limit(): usize {
  return end;
}

export function advance(to: usize): void {
  position = to;
}

/** Whether anything more comes, which then lies at the cursor. */
export function hasMore(): bool {
  return position < end || refill();
}

/** Goes on to the next window, which is not empty; false at the end of the input. */
export function refill(): bool {
  if (source == FROM_PACK) {
    if (hashing) updateHash(packHash, start, position - start);
    passed += position - start;
    const length = nextPackBytes();
    return show(packBytes(), length);
  }
  if (source == FROM_FILE) return refillFromFile();
  return source == FROM_BODY ? refillFromBody() : refillFromFilter();
}

function refillFromBody(): bool {
  if (held < heldEnd) {
    const bytes = held;
    held = heldEnd;
    return show(bytes, heldEnd - bytes);
  }
  receive();
  const length = receivedLength();
  const more = show(received(), length);
  take(length);
  digestBytes(start, length);
  if (copying) writeContent(start, length);
  return more;
}

function refillFromFile(): bool {
  const length = readAt(file, piece, <usize>min(<u64>PIECE, fileEnd - fileOffset), fileOffset);
  fileOffset += length;
  return show(piece, length);
}

/** The filter is written to only where it has nothing to be read. */
function refillFromFilter(): bool {
  let length = filter_read(filter, piece, <i32>PIECE);
  while (length == 0 && !filterEnded) {
    if (given == givenEnd) {
      filterEnded = !refillFromBody();
      given = position;
      givenEnd = end;
    }
    const taken = filter_write(filter, given, <i32>(givenEnd - given));
    refuseFilter(taken);
    given += taken;
    length = filter_read(filter, piece, <i32>PIECE);
  }
  refuseFilter(length);
  if (length == 0) filter_close(filter);
  return show(piece, length);
}

function refuseFilter(answer: i32): void {
  if (answer < 0) fail(EXIT_CORRUPT, 'the archive cannot be decompressed: error', 0, 0, answer);
}

/** Four bytes, the highest first. */
export function nextWord(): u32 {
  let word: u32 = 0;
  for (let i = 0; i < 4; i++) word = (word << 8) | nextByte();
  return word;
}

export function nextByte(): u32 {
  if (!hasMore()) fail(EXIT_CORRUPT, 'the data is truncated');
  return load<u8>(position++);
}
