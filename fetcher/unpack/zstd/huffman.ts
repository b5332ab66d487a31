import { corrupt } from '../input.ts';
import { beginBits, bitsAt } from './bits.ts';
import { ENTRY_BITS, bitsOfStates, endOfDescription, readTable } from './fse.ts';

/** The Huffman code of literals (RFC 8878, section 4.2): a table by the next bits, of symbols and the lengths of their codes. */
const LONGEST: u32 = 11;
const SYMBOLS: u32 = 256;
const WEIGHT_STATE_BITS: u32 = 6;
const WEIGHT_SYMBOLS: u32 = 12;

const table = memory.data(2 << LONGEST, 2);
const weights = memory.data(<i32>SYMBOLS + 2);
const weightTable = memory.data(8 << WEIGHT_STATE_BITS, 8);
/** The length of the longest code, or 0 where there is no table. */
let longest: u32 = 0;

export function forgetCode(): void {
  longest = 0;
}

export function hasCode(): bool {
  return longest > 0;
}

/** Reads the description of a code, and answers where it ends. */
export function readCode(bytes: usize, end: usize): usize {
  if (bytes >= end) corrupt();
  const head = <u32>load<u8>(bytes++);
  if (head >= 128) {
    const count = head - 127;
    const next = bytes + ((count + 1) >> 1);
    if (next > end) corrupt();
    for (let i: u32 = 0; i < count; i++) {
      store<u8>(weights + i, (load<u8>(bytes + (i >> 1)) >> (i & 1 ? 0 : 4)) & 15);
    }
    buildCode(count);
    return next;
  }
  if (head > end - bytes) corrupt();
  buildCode(readWeights(bytes, bytes + head));
  return bytes + head;
}

/** Reads weights that two states take turns at, until there are no bits for a next one. */
function readWeights(bytes: usize, end: usize): u32 {
  readTable(weightTable, bytes, end, WEIGHT_STATE_BITS, WEIGHT_SYMBOLS + 1);
  const states = bitsOfStates();
  const start = endOfDescription();
  let position = beginBits(start, end - start) - 2 * states;
  if (position < 0) corrupt();
  const both = <u32>bitsAt(start, position);
  let state = (both >> states) & ((1 << states) - 1);
  let other = both & ((1 << states) - 1);
  let count: u32 = 0;
  while (position >= 0) {
    if (count >= SYMBOLS - 2) corrupt();
    const entry = weightTable + (state << ENTRY_BITS);
    store<u8>(weights + count++, load<u8>(entry, 3));
    const added = <u32>load<u8>(entry, 2);
    position -= added;
    state = other;
    other = <u32>load<u16>(entry) + ((<u32>bitsAt(start, position)) & ((1 << added) - 1));
  }
  store<u8>(weights + count++, load<u8>(weightTable + (state << ENTRY_BITS), 3));
  return count;
}

/** Makes the table; the last symbol's weight is what is missing. */
function buildCode(count: u32): void {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const weight = <u32>load<u8>(weights + i);
    if (weight > LONGEST) corrupt();
    sum += (1 << weight) >> 1;
  }
  if (sum == 0) corrupt();
  longest = 32 - clz<u32>(sum);
  if (longest > LONGEST) corrupt();
  const missing: u32 = (1 << longest) - sum;
  if (popcnt<u32>(missing) != 1) corrupt();
  store<u8>(weights + count++, ctz<u32>(missing) + 1);
  let to = table;
  for (let weight: u32 = 1; weight <= longest; weight++) {
    for (let symbol: u32 = 0; symbol < count; symbol++) {
      if (load<u8>(weights + symbol) != weight) continue;
      const entry = symbol | ((longest + 1 - weight) << 8);
      for (const end = to + (1 << weight); to < end; to += 2) store<u16>(to, entry);
    }
  }
}

/** The entry of the code whose first bit is `width` bits above a position. */
function entryAt(bytes: usize, position: i32, mask: u32): u32 {
  const next = load<u32>(bytes + (position >> 3)) >> (position & 7);
  return load<u16>(table + ((next & mask) << 1));
}

/** Decodes one stream. */
export function decodeStream(bytes: usize, length: usize, to: usize, count: usize): void {
  endStream(bytes, beginBits(bytes, length) - longest, to, to + count);
}

/** Decodes what is left of a stream, whose next code begins at the longest one's length above the position. */
function endStream(bytes: usize, position: i32, to: usize, end: usize): void {
  const width = longest;
  const mask: u32 = (1 << width) - 1;
  for (; to < end; to++) {
    const entry = entryAt(bytes, position, mask);
    store<u8>(to, entry);
    position -= entry >> 8;
    if (position + <i32>width < 0) corrupt();
  }
  if (position + width != 0) corrupt();
}

/** Decodes four streams, which lie behind the lengths of the first three: all at once, since each code waits for the one before. */
export function decodeStreams(bytes: usize, length: usize, to: usize, count: usize): void {
  const share = (count + 3) >> 2;
  const length1 = <usize>load<u16>(bytes);
  const length2 = <usize>load<u16>(bytes, 2);
  const length3 = <usize>load<u16>(bytes, 4);
  if (length < 6 || length1 + length2 + length3 > length - 6 || share * 3 > count) corrupt();
  const width = longest;
  const mask: u32 = (1 << width) - 1;
  const stream1 = bytes + 6;
  const stream2 = stream1 + length1;
  const stream3 = stream2 + length2;
  const stream4 = stream3 + length3;
  let position1 = beginBits(stream1, length1) - width;
  let position2 = beginBits(stream2, length2) - width;
  let position3 = beginBits(stream3, length3) - width;
  let position4 = beginBits(stream4, bytes + length - stream4) - width;
  const end = to + count;
  const last = end - 3 * share;
  for (; to < last; to++) {
    const entry1 = entryAt(stream1, position1, mask);
    const entry2 = entryAt(stream2, position2, mask);
    const entry3 = entryAt(stream3, position3, mask);
    const entry4 = entryAt(stream4, position4, mask);
    store<u8>(to, entry1);
    store<u8>(to + share, entry2);
    store<u8>(to + 2 * share, entry3);
    store<u8>(to + 3 * share, entry4);
    position1 -= entry1 >> 8;
    position2 -= entry2 >> 8;
    position3 -= entry3 >> 8;
    position4 -= entry4 >> 8;
    if (min(min(position1, position2), min(position3, position4)) + <i32>width < 0) corrupt();
  }
  const left = share - (last - (end - count));
  endStream(stream1, position1, to, to + left);
  endStream(stream2, position2, to + share, to + share + left);
  endStream(stream3, position3, to + 2 * share, to + 2 * share + left);
  if (position4 + width != 0) corrupt();
}
