import { EXIT_CORRUPT, EXIT_UNSUPPORTED, fail } from '../../host/failure.ts';
import { corrupt, cursor, has, take, takeByte } from '../input.ts';
import { TO_CONTENT_HASH, TO_OUTPUT, aimOutput } from '../output.ts';
import {
  ROOM_LIMIT,
  advanceWindow,
  beginWindow,
  flushWindow,
  makeRoom,
  reach,
  writtenLength,
} from '../window.ts';
import { beginContentHash, contentHash } from './content-hash.ts';
import { forgetCode } from './huffman.ts';
import { BLOCK_LIMIT, readLiterals } from './literals.ts';
import { forgetTables } from './sequence-tables.ts';
import { resetOffsets, runSequences } from './sequences.ts';

/** The format of zstd (RFC 8878): frames of blocks, and others that are to be skipped. */
const MAGIC: u32 = 0xfd2fb528;
const SKIPPABLE: u32 = 0x184d2a50;
const HAS_CHECKSUM: u32 = 4;
const RESERVED: u32 = 8;
const IS_SINGLE: u32 = 32;
const UNKNOWN: u64 = u64.MAX_VALUE;
const WINDOW_LIMIT: u64 = u32.MAX_VALUE - 2 * ROOM_LIMIT;

const BLOCK_RAW: u32 = 0;
const BLOCK_REPEATED: u32 = 1;
const BLOCK_COMPRESSED: u32 = 2;

let hasChecksum: bool = false;
let contentLength: u64 = UNKNOWN;
let windowSize: usize = 0;
let blockLimit: u32 = 0;

export function isZstd(): bool {
  if (!has(4)) return false;
  const magic = load<u32>(cursor());
  return magic == MAGIC || (magic & ~15) == SKIPPABLE;
}

export function unpackZstd(): void {
  do {
    if (!isZstd()) corrupt();
    if (load<u32>(take(4)) == MAGIC) unpackFrame();
    else skip(load<u32>(take(4)));
  } while (has(1));
}

function skip(length: usize): void {
  while (length > 0) {
    const piece = min(length, 1 << 16);
    take(piece);
    length -= piece;
  }
}

function unpackFrame(): void {
  readHeader();
  beginWindow(windowSize);
  aimOutput(hasChecksum ? TO_CONTENT_HASH : TO_OUTPUT);
  beginContentHash();
  forgetCode();
  forgetTables();
  resetOffsets();
  while (!unpackBlock());
  flushWindow();
  if (contentLength != UNKNOWN && contentLength != writtenLength()) corrupt();
  if (hasChecksum && load<u32>(take(4)) != <u32>contentHash())
    fail(EXIT_CORRUPT, 'the content differs from its check');
}

function readHeader(): void {
  const descriptor = takeByte();
  if (descriptor & RESERVED) corrupt();
  hasChecksum = (descriptor & HAS_CHECKSUM) != 0;
  const isSingle = (descriptor & IS_SINGLE) != 0;
  let size: u64 = 0;
  if (!isSingle) {
    const window = takeByte();
    const base = (<u64>1) << (10 + (window >> 3));
    size = base + (base >> 3) * (window & 7);
  }
  if (takeNumber((1 << (descriptor & 3)) >> 1) != 0)
    fail(EXIT_UNSUPPORTED, 'the zstd data needs a dictionary, which is not supported');
  const width: u32 = descriptor >> 6;
  contentLength = width == 0 && !isSingle ? UNKNOWN : takeNumber(1 << width) + (width == 1 ? 256 : 0);
  if (isSingle) size = contentLength;
  windowSize = <usize>min(size, WINDOW_LIMIT);
  blockLimit = <u32>min(size, <u64>BLOCK_LIMIT);
}

function takeNumber(length: u32): u64 {
  let number: u64 = 0;
  for (let i: u32 = 0; i < length; i++) number |= (<u64>takeByte()) << (i << 3);
  return number;
}

/** Answers whether it was the last one. */
function unpackBlock(): bool {
  const header = takeByte() | (takeByte() << 8) | (takeByte() << 16);
  const kind = (header >> 1) & 3;
  const length = header >> 3;
  if (length > blockLimit || kind > BLOCK_COMPRESSED) corrupt();
  const to = makeRoom(blockLimit);
  if (kind == BLOCK_RAW) {
    memory.copy(to, take(length), length);
    advanceWindow(to + length);
  } else if (kind == BLOCK_REPEATED) {
    memory.fill(to, load<u8>(take(1)), length);
    advanceWindow(to + length);
  } else {
    const bytes = take(length);
    const end = bytes + length;
    advanceWindow(runSequences(readLiterals(bytes, end), end, to, to + blockLimit, reach(), windowSize));
  }
  return (header & 1) != 0;
}
