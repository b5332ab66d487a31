import { indexOf } from '../text/bytes.ts';
import { beginContent, endContent, writeContent } from '../output/content.ts';
import { DIRECTORY, Entry, FILE, SYMLINK } from '../output/entries.ts';
import { textLength } from '../host/environment.ts';
import { EXIT_CORRUPT, EXIT_FORBIDDEN_ENTRY, EXIT_LIMIT, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { reserve } from '../host/memory.ts';
import { checkText } from '../output/names.ts';
import { archiveRoot, entryAt, existingEntryAt, keep } from './paths.ts';
import {
  NO_SIZE,
  forgetOverrides,
  overrideLink,
  overridePath,
  overriddenLink,
  overriddenLinkLength,
  overriddenPath,
  overriddenPathLength,
  overriddenSize,
  readRecords,
} from './pax.ts';
import {
  BLOCK,
  NAME_LENGTH,
  headerExecutable,
  headerLinkName,
  headerName,
  headerSize,
  headerType,
  isTarHeader,
  isZeroBlock,
} from './tar-header.ts';

/** Reads a tar archive as it comes, in pieces of any size. */
const TYPE_OLD_FILE: u8 = 0;
const TYPE_FILE: u8 = 0x30;
const TYPE_HARD_LINK: u8 = 0x31;
const TYPE_SYMLINK: u8 = 0x32;
const TYPE_DIRECTORY: u8 = 0x35;
const TYPE_CONTIGUOUS_FILE: u8 = 0x37;
const TYPE_PAX: u8 = 0x78;
const TYPE_PAX_GLOBAL: u8 = 0x67;
const TYPE_LONG_NAME: u8 = 0x4c;
const TYPE_LONG_LINK: u8 = 0x4b;

/** What the bytes that come are. */
const HEADER: i32 = 0;
const CONTENT: i32 = 1;
const EXTENSION: i32 = 2;
const SKIPPED: i32 = 3;
const PADDING: i32 = 4;
const AFTER_END: i32 = 5;

const EXTENSION_LIMIT: u64 = 1 << 20;
const SIZE_LIMIT: u64 = 1 << 45;

const block = memory.data(512, 8);
/** The text of the last pax header, long name and long link: each may be followed by another kind. */
let extension: usize = 0;
let extensionType: u8 = 0;
let filled: usize = 0;
let state: i32 = HEADER;
let remaining: u64 = 0;
let padding: u64 = 0;
let openEntry: Entry | null = null;

export function tarBytes(bytes: usize, length: usize): void {
  while (length > 0) {
    if (state == AFTER_END) return;
    const taken = state == HEADER ? min(BLOCK - filled, length) : <usize>min(remaining, <u64>length);
    if (state == HEADER) {
      memory.copy(block + filled, bytes, taken);
      filled += taken;
      if (filled == BLOCK) readHeader();
    } else {
      if (state == CONTENT) writeContent(bytes, taken);
      else if (state == EXTENSION) memory.copy(extension + filled, bytes, taken);
      filled += taken;
      remaining -= taken;
      if (remaining == 0) endPart();
    }
    bytes += taken;
    length -= taken;
  }
}

/** The archive's tree, once all its bytes have come. */
export function endTar(): Entry {
  if (state != AFTER_END) fail(EXIT_CORRUPT, 'the archive is truncated');
  return archiveRoot;
}

/** Begins the part after a header; one without bytes ends at once. */
function beginPart(kind: i32, size: u64): void {
  state = kind;
  remaining = size;
  filled = 0;
  padding = (BLOCK - (size & (BLOCK - 1))) & (BLOCK - 1);
  if (size == 0) endPart();
}

function endPart(): void {
  if (state == CONTENT) openEntry!.content = endContent();
  else if (state == EXTENSION) readExtension();
  filled = 0;
  if (state != PADDING && padding > 0) {
    state = PADDING;
    remaining = padding;
    return;
  }
  state = HEADER;
}

function readHeader(): void {
  filled = 0;
  if (isZeroBlock(block)) {
    state = AFTER_END;
    return;
  }
  if (!isTarHeader(block)) fail(EXIT_CORRUPT, 'a header in the archive has a wrong checksum');
  const type = headerType(block);
  const size = headerSize(block);
  if (type == TYPE_PAX_GLOBAL) beginPart(SKIPPED, size);
  else if (type == TYPE_PAX || type == TYPE_LONG_NAME || type == TYPE_LONG_LINK) beginExtension(type, size);
  else {
    const overridden = overriddenSize();
    readEntry(type, overridden == NO_SIZE ? size : overridden);
  }
}

function beginExtension(type: u8, size: u64): void {
  if (size > EXTENSION_LIMIT) fail(EXIT_LIMIT, 'a name in the archive has more than a mebibyte');
  extension = reserve(<usize>size + 1);
  extensionType = type;
  beginPart(EXTENSION, size);
}

function readExtension(): void {
  const length = <i32>filled;
  if (extensionType == TYPE_PAX) readRecords(extension, length);
  else if (extensionType == TYPE_LONG_NAME) overridePath(extension, indexOf(extension, length, 0));
  else overrideLink(extension, indexOf(extension, length, 0));
}

function readEntry(type: u8, size: u64): void {
  if (size > SIZE_LIMIT) fail(EXIT_LIMIT, 'a file in the archive is too large');
  let path = overriddenPath();
  let length = overriddenPathLength();
  if (path == 0) {
    path = headerName(block);
    length = textLength(path);
  }
  const named = length > 0 && load<u8>(path + length - 1) == 0x2f;
  if (type == TYPE_DIRECTORY || (isFileType(type) && named)) {
    place(path, length, DIRECTORY);
    beginPart(SKIPPED, type == TYPE_DIRECTORY ? size : 0);
  } else if (isFileType(type)) {
    openEntry = place(path, length, FILE);
    openEntry!.executable = headerExecutable(block);
    beginContent();
    beginPart(CONTENT, size);
  } else {
    readLink(type, path, length);
    // A hard link may state the size of what it links to.
    beginPart(SKIPPED, type == TYPE_HARD_LINK ? 0 : size);
  }
  forgetOverrides();
}

function isFileType(type: u8): bool {
  return type == TYPE_FILE || type == TYPE_OLD_FILE || type == TYPE_CONTIGUOUS_FILE;
}

/** The entry at the path; a later file or link takes the place of an earlier one, but of no directory. */
function place(path: usize, length: i32, kind: u8): Entry {
  const entry = entryAt(path, length, kind);
  if ((entry.kind == DIRECTORY) != (kind == DIRECTORY)) {
    fail(EXIT_FORBIDDEN_ENTRY, 'the archive has both a directory and something else at', path, length);
  }
  entry.kind = kind;
  return entry;
}

function readLink(type: u8, path: usize, length: i32): void {
  let target = overriddenLink();
  let targetLength = overriddenLinkLength();
  if (target == 0) {
    target = headerLinkName(block);
    targetLength = indexOf(target, NAME_LENGTH, 0);
  }
  if (type == TYPE_HARD_LINK) {
    linkTo(existingEntryAt(target, targetLength), path, length);
    return;
  }
  if (type != TYPE_SYMLINK)
    fail(EXIT_UNSUPPORTED, 'the archive has an entry that is no file, directory or link:', path, length);
  if (targetLength == 0) fail(EXIT_FORBIDDEN_ENTRY, 'a symbolic link has no target:', path, length);
  checkText(target, targetLength);
  const entry = place(path, length, SYMLINK);
  entry.target = keep(target, targetLength);
  entry.targetLength = targetLength;
}

function linkTo(original: Entry | null, path: usize, length: i32): void {
  if (original == null || original.kind == DIRECTORY) {
    fail(EXIT_FORBIDDEN_ENTRY, 'a hard link in the archive leads to no earlier file:', path, length);
  }
  const entry = place(path, length, original!.kind);
  entry.content = original!.content;
  entry.executable = original!.executable;
  entry.target = original!.target;
  entry.targetLength = original!.targetLength;
}
