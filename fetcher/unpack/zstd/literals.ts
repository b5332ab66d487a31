import { corrupt } from '../input.ts';
import { decodeStream, decodeStreams, hasCode, readCode } from './huffman.ts';

/** The literals of a block (RFC 8878, section 3.1.1.3.1). */
const RAW: u32 = 0;
const REPEATED: u32 = 1;
const COMPRESSED: u32 = 2;
/** What may be loaded beyond their end. */
const SLACK: usize = 32;
export const BLOCK_LIMIT: u32 = 1 << 17;

const buffer = memory.data(<i32>(BLOCK_LIMIT + SLACK), 16);
let start: usize = 0;
let count: u32 = 0;

export function literals(): usize {
  return start;
}

export function literalCount(): u32 {
  return count;
}

/** Reads the section, and answers where it ends. */
export function readLiterals(bytes: usize, end: usize): usize {
  if (bytes >= end) corrupt();
  const kind = load<u8>(bytes) & 3;
  return kind <= REPEATED ? readPlain(bytes, end, kind) : readCompressed(bytes, end, kind);
}

function readPlain(bytes: usize, end: usize, kind: u32): usize {
  const head = load<u32>(bytes);
  const format = (head >> 2) & 3;
  const headLength: usize = format == 1 ? 2 : format == 3 ? 3 : 1;
  count = format == 1 ? (head & 0xffff) >> 4 : format == 3 ? (head & 0xffffff) >> 4 : (head & 0xff) >> 3;
  const length: usize = kind == RAW ? count : 1;
  if (count > BLOCK_LIMIT || headLength + length > end - bytes) corrupt();
  start = bytes + headLength;
  if (kind == REPEATED) {
    memory.fill(buffer, load<u8>(start), count);
    start = buffer;
  }
  return bytes + headLength + length;
}

function readCompressed(bytes: usize, end: usize, kind: u32): usize {
  const head = load<u64>(bytes);
  const format = ((<u32>head) >> 2) & 3;
  const headLength: usize = format < 2 ? 3 : 2 + format;
  const width: u64 = format < 2 ? 10 : format == 2 ? 14 : 18;
  const mask: u64 = (1 << width) - 1;
  count = <u32>((head >> 4) & mask);
  const length = <usize>((head >> (4 + width)) & mask);
  if (count > BLOCK_LIMIT || headLength + length > end - bytes) corrupt();
  let from = bytes + headLength;
  const next = from + length;
  if (kind == COMPRESSED) from = readCode(from, next);
  else if (!hasCode()) corrupt();
  start = buffer;
  if (format == 0) decodeStream(from, next - from, buffer, count);
  else decodeStreams(from, next - from, buffer, count);
  return next;
}
