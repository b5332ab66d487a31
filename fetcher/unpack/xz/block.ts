import { consumed, corrupt, takeByte } from '../input.ts';
import { beginCheck, checkedLength, lengthOfCheck, verifyCheck } from './check.ts';
import { addFilter, beginFilters, endFilters } from './filters.ts';
import { endHeader, headerByte, headerNumber } from './header.ts';
import { setDictionarySize, unpackLzma2 } from './lzma2.ts';
import { addBlock } from './records.ts';

/** A block of an xz stream: its header, its content in LZMA2, padding, and a check. */
const FILTERS: u32 = 3;
const RESERVED: u32 = 0x3c;
const HAS_PACKED_LENGTH: u32 = 0x40;
const HAS_LENGTH: u32 = 0x80;
const LZMA2: u64 = 0x21;
const UNKNOWN: u64 = u64.MAX_VALUE;
const PROPERTIES_LIMIT: u64 = 4;

const properties = memory.data(<i32>PROPERTIES_LIMIT, 4);
let packedLength: u64 = UNKNOWN;
let contentLength: u64 = UNKNOWN;

/** Unpacks a block whose header has begun: with its own size in words, less by one. */
export function unpackBlock(words: u32): void {
  const start = consumed() - 1;
  readHeader(start + (words << 2));
  const packedStart = consumed();
  beginCheck();
  unpackLzma2();
  endFilters();
  const packed = consumed() - packedStart;
  if (packedLength != UNKNOWN && packedLength != packed) corrupt();
  if (contentLength != UNKNOWN && contentLength != checkedLength()) corrupt();
  for (let padding = (0 - packed) & 3; padding > 0; padding--) if (takeByte() != 0) corrupt();
  verifyCheck();
  addBlock(packedStart - start + packed + lengthOfCheck(), checkedLength());
}

function readHeader(end: u64): void {
  const flags = headerByte();
  if (flags & RESERVED) corrupt();
  packedLength = flags & HAS_PACKED_LENGTH ? headerNumber() : UNKNOWN;
  contentLength = flags & HAS_LENGTH ? headerNumber() : UNKNOWN;
  beginFilters();
  for (let left = flags & FILTERS; left > 0; left--) {
    const id = headerNumber();
    addFilter(id, properties, readProperties());
  }
  if (headerNumber() != LZMA2 || readProperties() != 1) corrupt();
  setDictionarySize(load<u8>(properties));
  while (consumed() < end) if (headerByte() != 0) corrupt();
  if (consumed() != end) corrupt();
  endHeader();
}

function readProperties(): u32 {
  const length = headerNumber();
  if (length > PROPERTIES_LIMIT) corrupt();
  for (let i: u32 = 0; i < <u32>length; i++) store<u8>(properties + i, headerByte());
  return <u32>length;
}
