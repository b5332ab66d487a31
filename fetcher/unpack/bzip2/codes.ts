import { corrupt } from '../input.ts';
import { takeBits } from './bits.ts';

/**
 * The Huffman codes of a block. Each has a table by its next ten bits, of symbols with the lengths of their codes, and for
 * longer ones the bounds of each length.
 */
export const ROOT_BITS: u32 = 10;
export const LONGEST: u32 = 20;
const SYMBOLS: u32 = 258;
/** Where a code's parts are: the table, for each length the first code beyond it and where its symbols begin, and the symbols. */
const BOUNDS: usize = 2 << ROOT_BITS;
const STARTS: usize = BOUNDS + 4 * 24;
const SORTED: usize = STARTS + 4 * 24;
export const CODE_SIZE: usize = SORTED + 2 * 264;
export const CODE_LIMIT: u32 = 6;
export const codes = memory.data(<i32>(CODE_LIMIT * CODE_SIZE), 8);

const lengths = memory.data(<i32>SYMBOLS, 8);
const counts = memory.data(4 * 24, 4);

/** Reads one code for so many symbols. */
export function readCode(code: usize, symbols: u32): void {
  let length = takeBits(5);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    while (takeBits(1)) {
      length += takeBits(1) ? -1 : 1;
      if (length - 1 >= LONGEST) corrupt();
    }
    if (length - 1 >= LONGEST) corrupt();
    store<u8>(lengths + symbol, length);
  }
  buildCode(code, symbols);
}

function buildCode(code: usize, symbols: u32): void {
  memory.fill(counts, 0, 4 * 24);
  memory.fill(code, 0, BOUNDS);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = counts + ((<usize>load<u8>(lengths + symbol)) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  let next: u32 = 0;
  let index: u32 = 0;
  for (let length: u32 = 1; length <= LONGEST; length++) {
    const step: u32 = 1 << (LONGEST - length);
    store<u32>(code + STARTS + (length << 2), index - (next >> (LONGEST - length)));
    for (let symbol: u32 = 0; symbol < symbols; symbol++) {
      if (load<u8>(lengths + symbol) != length) continue;
      if (next + step > 1 << LONGEST) corrupt();
      store<u16>(code + SORTED + (index++ << 1), symbol);
      if (length <= ROOT_BITS) fillTable(code, next, step, (symbol << 5) | length);
      next += step;
    }
    store<u32>(code + BOUNDS + (length << 2), next);
  }
}

function fillTable(code: usize, first: u32, step: u32, entry: u32): void {
  const end = (first + step) >> (LONGEST - ROOT_BITS);
  for (let at = first >> (LONGEST - ROOT_BITS); at < end; at++) store<u16>(code + (at << 1), entry);
}

/** The entry of a code that is longer than what the table knows, from the next twenty bits; 0 if there is none. */
export function longEntry(code: usize, bits: u32): u32 {
  for (let length: u32 = ROOT_BITS + 1; length <= LONGEST; length++) {
    if (bits >= load<u32>(code + BOUNDS + (length << 2))) continue;
    const index = load<u32>(code + STARTS + (length << 2)) + (bits >> (LONGEST - length));
    return ((<u32>load<u16>(code + SORTED + (index << 1))) << 5) | length;
  }
  return 0;
}
