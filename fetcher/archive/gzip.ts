import { EXIT_CORRUPT, fail } from '../host/failure.ts';
import { inflateToSink } from '../compression/inflate.ts';
import { hasMore, nextByte, nextWord } from '../stream/input.ts';
import { TO_ARCHIVE, aimSink, deliveredLength } from '../stream/sink.ts';
import { archiveBytes } from './archive.ts';
import { crc32 } from './crc32.ts';

/** gzip (RFC 1952): any number of members, each with its checksum and length. */
const FIRST: u32 = 0x1f;
const SECOND: u32 = 0x8b;

const METHOD_DEFLATE: u32 = 8;
const FLAG_HEADER_CHECKSUM: u32 = 2;
const FLAG_EXTRA: u32 = 4;
const FLAG_NAME: u32 = 8;
const FLAG_COMMENT: u32 = 16;
const FLAGS_RESERVED: u32 = 0xe0;

let checksum: u32 = 0;

function corrupt(): void {
  fail(EXIT_CORRUPT, 'the gzip data is corrupt');
}

/** Unpacks the input. */
export function gunzip(): void {
  while (hasMore()) {
    const byte = nextByte();
    // Tapes and careless tools pad with zeros.
    if (byte == 0) continue;
    if (byte != FIRST || nextByte() != SECOND) corrupt();
    readMember();
  }
}

function readMember(): void {
  if (nextByte() != METHOD_DEFLATE) corrupt();
  const flags = nextByte();
  if (flags & FLAGS_RESERVED) corrupt();
  for (let i = 0; i < 6; i++) nextByte();
  if (flags & FLAG_EXTRA) {
    const low = nextByte();
    for (let left = low | (nextByte() << 8); left > 0; left--) nextByte();
  }
  if (flags & FLAG_NAME) skipText();
  if (flags & FLAG_COMMENT) skipText();
  if (flags & FLAG_HEADER_CHECKSUM) {
    nextByte();
    nextByte();
  }
  checksum = 0;
  aimSink(TO_ARCHIVE);
  inflateToSink();
  if (bswap<u32>(nextWord()) != checksum) corrupt();
  if (bswap<u32>(nextWord()) != <u32>deliveredLength()) corrupt();
}

function skipText(): void {
  while (nextByte() != 0) {}
}

/** Takes what was inflated. */
export function gunzipped(bytes: usize, length: usize): void {
  checksum = crc32(checksum, bytes, length);
  archiveBytes(bytes, length);
}
