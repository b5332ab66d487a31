import { indexOf } from '../text/bytes.ts';
import { beginContent, endContent, writeContent } from '../output/content.ts';
import { DIRECTORY, Entry, FILE, SYMLINK } from '../output/entries.ts';
import { textLength } from '../host/environment.ts';
import {
  EXIT_CORRUPT,
  EXIT_FORBIDDEN_ENTRY,
  EXIT_LIMIT,
  EXIT_UNSUPPORTED,
  fail,
  say,
} from '../host/failure.ts';
import { reserve } from '../host/memory.ts';
import { existingEntryAt, inLayer, place, setTarget, whiteOut } from './paths.ts';
import {
  forgetOverrides,
  hasMapInContent,
  makeGlobal,
  overrideLink,
  overridePath,
  overriddenLink,
  overriddenLinkLength,
  overriddenPath,
  overriddenPathLength,
  overriddenSize,
  readRecords,
} from './pax.ts';
import { addNumber, beginMap, endPieces, isSparse, readMap, setFileSize, writePieces } from './sparse.ts';
import {
  BLOCK,
  NAME_LENGTH,
  SPARSE_NUMBERS,
  headerExecutable,
  headerLinkName,
  headerName,
  headerSize,
  headerSparseSize,
  headerType,
  isTarHeader,
  isZeroBlock,
  numberAt,
} from './tar-header.ts';

/** Reads a tar archive as it comes, in pieces of any size. */
const TYPE_OLD_FILE: u8 = 0;
const TYPE_FILE: u8 = 0x30;
const TYPE_HARD_LINK: u8 = 0x31;
const TYPE_SYMLINK: u8 = 0x32;
const TYPE_DIRECTORY: u8 = 0x35;
const TYPE_CONTIGUOUS_FILE: u8 = 0x37;
const TYPE_DUMPED_DIRECTORY: u8 = 0x44;
const TYPE_SPARSE_FILE: u8 = 0x53;
const TYPE_VOLUME: u8 = 0x56;
const TYPE_PAX: u8 = 0x78;
const TYPE_PAX_GLOBAL: u8 = 0x67;
const TYPE_LONG_NAME: u8 = 0x4c;
const TYPE_LONG_LINK: u8 = 0x4b;

/** What the bytes that come are: the first three come as whole blocks. */
const HEADER: i32 = 0;
const SPARSE_HEADER: i32 = 1;
const SPARSE_MAP: i32 = 2;
const CONTENT: i32 = 3;
const EXTENSION: i32 = 4;
const SKIPPED: i32 = 5;
const PADDING: i32 = 6;
const AFTER_END: i32 = 7;

/** Where in a block of more of GNU's old sparse numbers it says whether yet more follow. */
const MORE_NUMBERS: usize = 504;

const EXTENSIONS: usize = 1 << 20;
const SIZE_LIMIT: u64 = 1 << 45;

const block = memory.data(512, 8);
/** The texts of the headers that extend the next entry's, after those of all entries. */
let extensions: usize = 0;
let globalsLength: usize = 0;
let extensionsLength: usize = 0;
let extensionType: u8 = 0;
let filled: usize = 0;
let state: i32 = HEADER;
let remaining: u64 = 0;
let padding: u64 = 0;
let openEntry: Entry | null = null;

export function beginTar(): void {
  state = HEADER;
  filled = 0;
}

export function tarBytes(bytes: usize, length: usize): void {
  while (length > 0 && state != AFTER_END) {
    const taken = state < CONTENT ? min(BLOCK - filled, length) : <usize>min(remaining, <u64>length);
    if (state < CONTENT) memory.copy(block + filled, bytes, taken);
    else if (state == EXTENSION) memory.copy(extensions + extensionsLength + filled, bytes, taken);
    else if (state == CONTENT && isSparse()) writePieces(bytes, taken);
    else if (state == CONTENT) writeContent(bytes, taken);
    bytes += taken;
    length -= taken;
    filled += taken;
    if (state >= CONTENT) {
      remaining -= taken;
      if (remaining == 0) endPart();
    } else if (filled == BLOCK) {
      readBlock();
    }
  }
}

/** Some writers leave out the blocks of zeros at the end. */
export function endTar(): void {
  if (state != AFTER_END && (state != HEADER || filled != 0)) fail(EXIT_CORRUPT, 'the archive is truncated');
}

/** Begins the part after a header; one without bytes ends at once. */
function beginPart(kind: i32, size: u64): void {
  state = kind;
  remaining = size;
  filled = 0;
  if (size == 0) endPart();
}

function endPart(): void {
  if (state == CONTENT) {
    if (isSparse()) endPieces();
    openEntry!.content = endContent();
  }
  if (state == EXTENSION) readExtension();
  else if (state != PADDING) forgetExtensions();
  state = HEADER;
  filled = 0;
  if (padding == 0) return;
  state = PADDING;
  remaining = padding;
  padding = 0;
}

function forgetExtensions(): void {
  forgetOverrides();
  extensionsLength = globalsLength;
}

function readBlock(): void {
  filled = 0;
  if (state == HEADER) readHeader();
  else if (state == SPARSE_HEADER) {
    if (!readSparseNumbers(block, MORE_NUMBERS)) beginPart(CONTENT, remaining);
  } else {
    if (remaining < BLOCK) fail(EXIT_CORRUPT, 'the archive is truncated');
    remaining -= BLOCK;
    if (readMap(block, BLOCK)) beginPart(CONTENT, remaining);
  }
}

function readHeader(): void {
  if (isZeroBlock(block)) {
    state = AFTER_END;
    return;
  }
  if (!isTarHeader(block)) fail(EXIT_CORRUPT, 'a header in the archive has a wrong checksum');
  const type = headerType(block);
  const size = headerSize(block);
  if (type == TYPE_PAX_GLOBAL) forgetExtensions();
  if (type == TYPE_PAX_GLOBAL || type == TYPE_PAX || type == TYPE_LONG_NAME || type == TYPE_LONG_LINK) {
    beginExtension(type, size);
  } else {
    readEntry(type, overriddenSize(size));
  }
}

function pad(size: u64): void {
  padding = -size & (BLOCK - 1);
}

function beginExtension(type: u8, size: u64): void {
  if (extensions == 0) extensions = reserve(EXTENSIONS);
  if (size > EXTENSIONS - extensionsLength) fail(EXIT_LIMIT, 'names in the archive are too long');
  extensionType = type;
  pad(size);
  beginPart(EXTENSION, size);
}

function readExtension(): void {
  const text = extensions + extensionsLength;
  const length = <i32>filled;
  extensionsLength += length;
  if (extensionType == TYPE_LONG_NAME) overridePath(text, indexOf(text, length, 0));
  else if (extensionType == TYPE_LONG_LINK) overrideLink(text, indexOf(text, length, 0));
  else readRecords(text, length);
  if (extensionType != TYPE_PAX_GLOBAL) return;
  makeGlobal();
  globalsLength = extensionsLength;
  forgetExtensions();
}

function readEntry(type: u8, size: u64): void {
  if (size > SIZE_LIMIT) fail(EXIT_LIMIT, 'a file in the archive is too large');
  let path = overriddenPath();
  let length = overriddenPathLength();
  if (path == 0) {
    path = headerName(block);
    length = textLength(path);
  }
  const isFile =
    type == TYPE_FILE || type == TYPE_OLD_FILE || type == TYPE_CONTIGUOUS_FILE || type == TYPE_SPARSE_FILE;
  const isDirectory = type == TYPE_DIRECTORY || type == TYPE_DUMPED_DIRECTORY;
  // Before there was a type for directories, a slash told them from files. Links have nothing in the archive.
  const slash = isFile && length > 0 && load<u8>(path + length - 1) == 0x2f;
  if (slash || type == TYPE_HARD_LINK) size = 0;
  pad(size);
  if (!whiteOut(path, length) && type != TYPE_VOLUME) {
    if (isDirectory || slash) place(path, length, DIRECTORY);
    else if (!isFile) readLink(type, path, length);
    else {
      openEntry = place(path, length, FILE);
      openEntry!.executable = headerExecutable(block);
      beginContent();
      beginFile(type, size);
      return;
    }
  }
  beginPart(SKIPPED, size);
}

function beginFile(type: u8, size: u64): void {
  remaining = size;
  if (type == TYPE_SPARSE_FILE && !isSparse()) {
    setFileSize(headerSparseSize(block));
    state = SPARSE_HEADER;
    if (readSparseNumbers(block + SPARSE_NUMBERS, 96)) return;
  } else if (isSparse() && hasMapInContent()) {
    state = SPARSE_MAP;
    beginMap();
    return;
  }
  beginPart(CONTENT, size);
}

/** Reads the numbers of GNU's old sparse files; answers whether another block of them follows. */
function readSparseNumbers(numbers: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at += 24) {
    if (load<u8>(numbers + at + 12) == 0) return false;
    addNumber(numberAt(numbers + at, 12));
    addNumber(numberAt(numbers + at + 12, 12));
  }
  return load<u8>(numbers + length) != 0;
}

function readLink(type: u8, path: usize, length: i32): void {
  let target = overriddenLink();
  let targetLength = overriddenLinkLength();
  if (target == 0) {
    target = headerLinkName(block);
    targetLength = indexOf(target, NAME_LENGTH, 0);
  }
  if (type == TYPE_HARD_LINK) linkTo(existingEntryAt(target, targetLength), path, length);
  else if (type == TYPE_SYMLINK) setTarget(place(path, length, SYMLINK), target, targetLength);
  else if (inLayer()) say('this is no file, directory or link, and is left out:', path, length);
  else fail(EXIT_UNSUPPORTED, 'the archive has an entry that is no file, directory or link:', path, length);
}

function linkTo(original: Entry | null, path: usize, length: i32): void {
  if (original == null || original.kind == DIRECTORY) {
    fail(EXIT_FORBIDDEN_ENTRY, 'a hard link in the archive leads to no earlier file:', path, length);
  }
  // It may lie where the link comes to lie.
  const content = original!.content;
  const entry = place(path, length, original!.kind);
  entry.content = content;
  entry.executable = original!.executable;
  entry.target = original!.target;
  entry.targetLength = original!.targetLength;
}
