import { corrupt } from '../input.ts';

/**
 * Tables of finite state entropy (RFC 8878, section 4.1). An entry is eight bytes: where the next state begins (16 bits), how many bits
 * are added to that (8 bits), the symbol (8 bits), and four bytes for what the symbol stands for.
 */
export const ENTRY_BITS: usize = 3;

const SYMBOL_LIMIT: u32 = 64;
/** What share of the states each symbol has; -1 is less than one. */
const shares = memory.data(<i32>SYMBOL_LIMIT * 2, 2);
/** The next number of each symbol. */
const numbers = memory.data(<i32>SYMBOL_LIMIT * 2, 2);

/** The place behind the description that was read last. */
let descriptionEnd: usize = 0;
/** The logarithm of the number of states of the table that was made last. */
let stateBits: u32 = 0;

export function endOfDescription(): usize {
  return descriptionEnd;
}

export function bitsOfStates(): u32 {
  return stateBits;
}

function shareOf(symbol: u32): i32 {
  return load<i16>(shares + (symbol << 1));
}

/** Makes a table from its description in the bytes up to `end`. */
export function readTable(table: usize, bytes: usize, end: usize, bitsLimit: u32, symbolLimit: u32): void {
  if (bytes >= end) corrupt();
  const states = (load<u8>(bytes) & 15) + 5;
  if (states > bitsLimit) corrupt();
  let left: i32 = (1 << states) + 1;
  let threshold: i32 = 1 << states;
  let width = states + 1;
  let position: u32 = 4;
  let symbol: u32 = 0;
  while (left > 1) {
    if (symbol >= symbolLimit || bytes + (position >> 3) >= end) corrupt();
    const bits = load<u32>(bytes + (position >> 3)) >> (position & 7);
    const spare = 2 * threshold - 1 - left;
    let share = (<i32>bits) & (threshold - 1);
    position += width - 1;
    if (share >= spare) {
      share = (<i32>bits) & (2 * threshold - 1);
      if (share >= threshold) share -= spare;
      position++;
    }
    share--;
    left -= abs(share);
    if (left < 1) corrupt();
    store<i16>(shares + (symbol++ << 1), share);
    while (left < threshold) {
      width--;
      threshold >>= 1;
    }
    if (share != 0) continue;
    let repeated: u32 = 3;
    while (repeated == 3) {
      if (bytes + (position >> 3) >= end) corrupt();
      repeated = ((<u32>load<u16>(bytes + (position >> 3))) >> (position & 7)) & 3;
      position += 2;
      if (symbol + repeated > symbolLimit) corrupt();
      for (let i = repeated; i > 0; i--) store<i16>(shares + (symbol++ << 1), 0);
    }
  }
  descriptionEnd = bytes + ((position + 7) >> 3);
  if (descriptionEnd > end) corrupt();
  buildTable(table, states, symbol);
}

/** Makes a table from shares of a byte each. */
export function presetTable(table: usize, states: u32, preset: usize, symbols: u32): void {
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    store<i16>(shares + (symbol << 1), load<i8>(preset + symbol));
  }
  buildTable(table, states, symbols);
}

/** Makes a table that knows one symbol, which takes no bits. */
export function singleTable(table: usize, symbol: u32): void {
  stateBits = 0;
  store<u32>(table, symbol << 24);
}

function buildTable(table: usize, states: u32, symbols: u32): void {
  const size: u32 = 1 << states;
  stateBits = states;
  spread(table, size, symbols);
  for (let state: u32 = 0; state < size; state++) {
    const entry = table + (state << ENTRY_BITS);
    const number = numbers + ((<usize>load<u8>(entry, 3)) << 1);
    const next = <u32>load<u16>(number);
    store<u16>(number, next + 1);
    const added = states + clz<u32>(next) - 31;
    store<u16>(entry, (next << added) - size);
    store<u8>(entry, added, 2);
  }
}

/** Gives each symbol its states. */
function spread(table: usize, size: u32, symbols: u32): void {
  let last = size;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const share = shareOf(symbol);
    store<u16>(numbers + (symbol << 1), abs(share));
    if (share < 0) store<u8>(table + (--last << ENTRY_BITS), symbol, 3);
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let state: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    for (let left = shareOf(symbol); left > 0; left--) {
      store<u8>(table + (state << ENTRY_BITS), symbol, 3);
      do state = (state + step) & (size - 1);
      while (state >= last);
    }
  }
}
