import { HASH_STATE, SHA256, beginHash, endHash, updateHash } from '../hashes/message.ts';
import { allocate } from '../host/memory.ts';
import { Content, beginContent, endContent, openContent, writeContent } from '../output/content.ts';
import { DIRECTORY, Entry, FILE, SYMLINK, directoryDigest, newEntry } from '../output/entries.ts';
import { EXIT_CORRUPT, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { close, readAt, readWhole } from '../host/files.ts';
import { inflateToSink } from '../compression/inflate.ts';
import { advance, beginFile, cursor, hasMore, limit } from '../stream/input.ts';
import { TO_ZIP, aimSink } from '../stream/sink.ts';
import { equal } from '../text/bytes.ts';
import { crc32 } from './crc32.ts';
import { keep, place, setTarget } from './paths.ts';

/** Reads a zip archive (PKWARE's APPNOTE 6.3) from its central directory, which each file's own header must agree with. */
const FILE_HEADER: u32 = 0x04034b50;
const CENTRAL_HEADER: u32 = 0x02014b50;
const END: u32 = 0x06054b50;
const END_64: u32 = 0x06064b50;
const LOCATOR_64: u32 = 0x07064b50;

const END_LENGTH: usize = 22;
const LOCATOR_LENGTH: usize = 20;
const CENTRAL_LENGTH: usize = 46;
const FILE_LENGTH: usize = 30;

/** Encrypted in one way or another, or a patch. */
const FLAGS_REFUSED: u32 = 0x2061;
const FLAG_SIZES_FOLLOW: u32 = 8;
const STORED: u32 = 0;
const DEFLATED: u32 = 8;
const IN_EXTRA: u32 = 0xffffffff;
const EXTRA_64: u32 = 1;

/** What the upper digits of a mode say. */
const KIND_DIRECTORY: u32 = 0o04;
const KIND_FILE: u32 = 0o10;
const KIND_SYMLINK: u32 = 0o12;
const OWNER_MAY_EXECUTE: u32 = 0o100;
const TARGET_LIMIT: u64 = 4096;

const OUT_OF_ORDER_LIMIT: i32 = 1000;

const record = memory.data(66000, 8);
let file: i32 = -1;
/** Where the central directory begins. */
let filesEnd: u64 = 0;
/** Where the parts of the archive that were read lie, as pairs; and how far they reach. */
let ranges: usize = 0;
let rangesEnd: usize = 0;
let reach: u64 = 0;
let outOfOrder: i32 = 0;

let checksum: u32 = 0;
let left: u64 = 0;

/** The files' names with their SHA-256, newest first, if they are asked for. */
export let hashedFiles: Entry | null = null;
let hashing: bool = false;
const hash = memory.data(HASH_STATE, 8);

export function hashZipFiles(): void {
  hashing = true;
}

/** Whether these are the first four bytes of a zip archive, be it an empty one. */
export function isZip(magic: u32): bool {
  return magic == FILE_HEADER || magic == END;
}

function corrupt(): void {
  fail(EXIT_CORRUPT, 'the zip archive is corrupt');
}

function readPart(bytes: usize, length: usize, offset: u64): void {
  if (!readWhole(file, bytes, length, offset)) corrupt();
}

export function readZip(content: Content): void {
  file = openContent(content);
  const size = content.size;
  const tailLength = <usize>min(size, 65535 + END_LENGTH + LOCATOR_LENGTH);
  const tail = allocate(tailLength);
  readPart(tail, tailLength, size - tailLength);
  // A comment follows, and padding by some writers.
  let end = tail + tailLength - END_LENGTH;
  while (end >= tail && load<u32>(end) != END) end--;
  if (end < tail) corrupt();
  let count = load<u16>(end, 10);
  let length = <u64>load<u32>(end, 12);
  filesEnd = load<u32>(end, 16);
  let directoryEnd = size - (tail + tailLength - end);
  const locator = end - LOCATOR_LENGTH;
  if (locator >= tail && load<u32>(locator) == LOCATOR_64) {
    directoryEnd = load<u64>(locator, 8);
    readPart(record, 56, directoryEnd);
    if (load<u32>(record) != END_64) corrupt();
    count = load<u16>(record, 32);
    length = load<u64>(record, 40);
    filesEnd = load<u64>(record, 48);
  }
  if (filesEnd > directoryEnd || directoryEnd - filesEnd != length || length > 1 << 30) corrupt();
  const directory = allocate(<usize>length);
  readPart(directory, <usize>length, filesEnd);
  readDirectory(directory, directory + <usize>length, count);
  close(file);
}

function readDirectory(directory: usize, end: usize, count: u16): void {
  // Two numbers of eight bytes for each of the directory's entries, which have more than that.
  ranges = rangesEnd = allocate(end - directory);
  for (let at = directory; at < end; count--) {
    if (at + CENTRAL_LENGTH > end || load<u32>(at) != CENTRAL_HEADER) corrupt();
    const next = at + CENTRAL_LENGTH + load<u16>(at, 28) + load<u16>(at, 30) + load<u16>(at, 32);
    if (next > end) corrupt();
    readFile(at);
    at = next;
  }
  // Where there are more than 65535, older writers state how many modulo 65536.
  if (count != 0) corrupt();
}

let sizePacked: u64 = 0;
let sizeUnpacked: u64 = 0;
let offset: u64 = 0;

/** Reads sizes and place of a file, those too large for their fields from the extra field. */
function readSizes(header: usize): void {
  sizePacked = load<u32>(header, 20);
  sizeUnpacked = load<u32>(header, 24);
  offset = load<u32>(header, 42);
  const extra = header + CENTRAL_LENGTH + load<u16>(header, 28);
  const end = extra + load<u16>(header, 30);
  for (let at = extra; at + 4 <= end; at += 4 + <usize>load<u16>(at, 2)) {
    if (load<u16>(at) != EXTRA_64) continue;
    wideNumber = at + 4;
    sizeUnpacked = orWide(sizeUnpacked);
    sizePacked = orWide(sizePacked);
    offset = orWide(offset);
    if (wideNumber > at + 4 + load<u16>(at, 2)) corrupt();
  }
}

let wideNumber: usize = 0;

/** The number, or the next one of the extra field if it did not fit. */
function orWide(number: u64): u64 {
  if (number != IN_EXTRA) return number;
  wideNumber += 8;
  return load<u64>(wideNumber - 8);
}

/** Where the file's bytes begin, after its own header, which has to say the same as the directory. */
function findBytes(header: usize): u64 {
  const nameLength = <usize>load<u16>(header, 28);
  if (offset >= filesEnd || filesEnd - offset < FILE_LENGTH + nameLength) corrupt();
  readPart(record, FILE_LENGTH + nameLength, offset);
  const same =
    load<u32>(record) == FILE_HEADER &&
    ((load<u16>(record, 6) ^ load<u16>(header, 8)) & FLAGS_REFUSED) == 0 &&
    load<u16>(record, 8) == load<u16>(header, 10) &&
    load<u16>(record, 26) == <u16>nameLength &&
    equal(record + FILE_LENGTH, header + CENTRAL_LENGTH, <i32>nameLength);
  if (!same) corrupt();
  if ((load<u16>(record, 6) & FLAG_SIZES_FOLLOW) == 0) {
    const packed = load<u32>(record, 18);
    const unpacked = load<u32>(record, 22);
    if (load<u32>(record, 14) != load<u32>(header, 16)) corrupt();
    if (packed != IN_EXTRA && packed != sizePacked) corrupt();
    if (unpacked != IN_EXTRA && unpacked != sizeUnpacked) corrupt();
  }
  const bytes = offset + FILE_LENGTH + nameLength + load<u16>(record, 28);
  if (bytes > filesEnd || sizePacked > filesEnd - bytes) corrupt();
  takeRange(offset, bytes + sizePacked);
  return bytes;
}

/** No byte of the archive may belong to two files. */
function takeRange(start: u64, end: u64): void {
  if (start < reach) {
    if (++outOfOrder > OUT_OF_ORDER_LIMIT) fail(EXIT_UNSUPPORTED, 'the zip archive is in disorder');
    for (let at = ranges; at < rangesEnd; at += 16) {
      if (start < load<u64>(at, 8) && load<u64>(at) < end) corrupt();
    }
  }
  reach = max(reach, end);
  store<u64>(rangesEnd, start);
  store<u64>(rangesEnd, end, 8);
  rangesEnd += 16;
}

function readFile(header: usize): void {
  const name = header + CENTRAL_LENGTH;
  const nameLength = <i32>load<u16>(header, 28);
  const mode = <u32>load<u16>(header, 40);
  const method = <u32>load<u16>(header, 10);
  if (load<u16>(header, 8) & FLAGS_REFUSED)
    refuse('the zip archive has an encrypted file:', name, nameLength);
  if (method != STORED && method != DEFLATED)
    refuse('a file is compressed in an unknown way:', name, nameLength);
  readSizes(header);
  const bytes = findBytes(header);
  const kind = mode >> 12;
  const isLink = kind == KIND_SYMLINK;
  if (kind != 0 && kind != KIND_DIRECTORY && kind != KIND_FILE && !isLink) {
    refuse('the archive has an entry that is no file, directory or link:', name, nameLength);
  }
  const content = unpackFile(header, bytes, method);
  if (hashing) addHash(keep(name, nameLength), nameLength);
  if (isLink) linkTo(content, name, nameLength);
  else if (kind == KIND_DIRECTORY || (nameLength > 0 && load<u8>(name + nameLength - 1) == 0x2f)) {
    place(name, nameLength, DIRECTORY);
  } else {
    const entry = place(name, nameLength, FILE);
    entry.content = content;
    entry.executable = !hashing && (mode & OWNER_MAY_EXECUTE) != 0;
  }
}

function refuse(reason: string, name: usize, length: i32): void {
  fail(EXIT_UNSUPPORTED, reason, name, length);
}

function unpackFile(header: usize, bytes: u64, method: u32): Content {
  checksum = 0;
  left = sizeUnpacked;
  if (hashing) beginHash(hash, SHA256);
  beginContent();
  beginFile(file, bytes, sizePacked);
  aimSink(TO_ZIP);
  if (method == DEFLATED) inflateToSink();
  else {
    while (hasMore()) {
      unzipped(cursor(), limit() - cursor());
      advance(limit());
    }
  }
  if (hasMore() || left > 0 || checksum != load<u32>(header, 16)) corrupt();
  return endContent();
}

/** Takes what was inflated. */
export function unzipped(bytes: usize, length: usize): void {
  if (length > left) corrupt();
  left -= length;
  checksum = crc32(checksum, bytes, length);
  if (hashing) updateHash(hash, bytes, length);
  writeContent(bytes, length);
}

/** A symbolic link's target is what the archive has as its content. */
function linkTo(content: Content, name: usize, nameLength: i32): void {
  if (content.size > TARGET_LIMIT) corrupt();
  const source = openContent(content);
  const length = <i32>readAt(source, record, <usize>TARGET_LIMIT, 0);
  close(source);
  setTarget(place(name, nameLength, SYMLINK), record, length);
}

function addHash(name: usize, nameLength: i32): void {
  const entry = newEntry(FILE, name, nameLength);
  endHash(hash, directoryDigest(entry));
  entry.next = hashedFiles;
  hashedFiles = entry;
}
