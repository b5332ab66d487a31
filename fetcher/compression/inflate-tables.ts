import { EXIT_CORRUPT, fail } from '../host/failure.ts';

/**
 * Decoding tables of DEFLATE (RFC 1951). An entry of 32 bits: the code's length (bits 0 to 7), how many bits
 * follow it (8 to 12), a flag, and from bit 16 the literal, the base of a length or distance, or where the
 * second table begins that the next bits choose from.
 */
export const FLAG_LITERAL: u32 = 1 << 13;
export const FLAG_EXCEPTION: u32 = 1 << 14;
export const FLAG_SUBTABLE: u32 = 1 << 15;
/** With the exception flag: the end of the block. Without it, the code is none. */
export const END_OF_BLOCK: u32 = 1;

export const LITERAL_BITS: u32 = 10;
export const DISTANCE_BITS: u32 = 8;
/**
 * A second table has as many bits as the longest code needs, and serves two symbols at least: so 144 of 32
 * entries for 288 symbols, and 16 of 128 for 32 symbols.
 */
export const literalTable = memory.data((1024 + 144 * 32) * 4, 4);
export const distanceTable = memory.data((256 + 16 * 128) * 4, 4);

/** For each length first how many codes there are, then the next code. */
const nextCodes = memory.data(16 * 4, 4);

export const CODE_LENGTHS: i32 = 0;
export const LITERALS: i32 = 1;
export const DISTANCES: i32 = 2;

function corrupt(): void {
  fail(EXIT_CORRUPT, 'compressed data is corrupt');
}

/** What a symbol means, without the length of its code. */
function meaning(symbol: u32, kind: i32): u32 {
  if (kind == CODE_LENGTHS) return symbol << 16;
  if (kind == DISTANCES) return symbol > 29 ? FLAG_EXCEPTION : range(symbol, 1) + (1 << 16);
  if (symbol < 256) return (symbol << 16) | FLAG_LITERAL;
  if (symbol == 256) return FLAG_EXCEPTION | (END_OF_BLOCK << 16);
  if (symbol > 285) return FLAG_EXCEPTION;
  return symbol == 285 ? 258 << 16 : range(symbol - 257, 2) + (3 << 16);
}

/** The range of numbers that the symbol at an index stands for: with each group of symbols, a power of two, they double. */
function range(index: u32, groupBits: u32): u32 {
  const group = index >> groupBits;
  if (group == 0) return index << 16;
  const base = index - ((group - 1) << groupBits);
  return (base << (group + 15)) | ((group - 1) << 8);
}

function reverse(code: u32, length: u32): u32 {
  let reversed: u32 = 0;
  for (; length > 0; length--) {
    reversed = (reversed << 1) | (code & 1);
    code >>= 1;
  }
  return reversed;
}

/** The next code of this length, or the number of such codes until now. */
function takeCode(length: u32): u32 {
  const at = nextCodes + (length << 2);
  const code = load<u32>(at);
  store<u32>(at, code + 1);
  return code;
}

/** Counts the codes of each length and refuses what is no prefix code; answers the longest. */
function measure(codeLengths: usize, symbols: u32, kind: i32): u32 {
  memory.fill(nextCodes, 0, 64);
  for (let i: u32 = 0; i < symbols; i++) takeCode(load<u8>(codeLengths + i));
  let longest: u32 = 0;
  let left: i32 = 1;
  let code: u32 = 0;
  for (let length: u32 = 1; length < 16; length++) {
    const at = nextCodes + (length << 2);
    const count = load<u32>(at);
    code <<= 1;
    store<u32>(at, code);
    code += count;
    left = (left << 1) - <i32>count;
    if (left < 0) corrupt();
    if (count > 0) longest = length;
  }
  // A single code of one bit, and no distance at all, are the two incomplete codes that encoders make.
  if (left > 0 && (kind == CODE_LENGTHS || longest > 1 || (longest == 0 && kind == LITERALS))) corrupt();
  return longest;
}

/** Writes an entry at each place whose low bits are the code. */
function repeatEntry(table: usize, code: u32, length: u32, size: u32, entry: u32): void {
  for (let i = code; i < size; i += 1 << length) store<u32>(table + (i << 2), entry);
}

/** Builds the table for codes of these lengths, one byte for each symbol. */
export function buildTable(table: usize, rootBits: u32, codeLengths: usize, symbols: u32, kind: i32): void {
  const longest = measure(codeLengths, symbols, kind);
  const rootSize: u32 = 1 << rootBits;
  for (let i: u32 = 0; i < rootSize; i++) store<u32>(table + (i << 2), FLAG_EXCEPTION);
  let used = rootSize;
  const subtableBits = longest > rootBits ? longest - rootBits : 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = <u32>load<u8>(codeLengths + symbol);
    if (length == 0) continue;
    const code = reverse(takeCode(length), length);
    if (length <= rootBits) {
      repeatEntry(table, code, length, rootSize, meaning(symbol, kind) | length);
      continue;
    }
    const root = table + ((code & (rootSize - 1)) << 2);
    if ((load<u32>(root) & FLAG_SUBTABLE) == 0) {
      store<u32>(root, FLAG_SUBTABLE | (subtableBits << 8) | (used << 16) | rootBits);
      used += 1 << subtableBits;
    }
    const subtable = table + ((load<u32>(root) >> 16) << 2);
    const rest = length - rootBits;
    repeatEntry(subtable, code >> rootBits, rest, 1 << subtableBits, meaning(symbol, kind) | rest);
  }
}
