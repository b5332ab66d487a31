import { corrupt } from '../input.ts';
import { ENTRY_BITS, bitsOfStates, endOfDescription, presetTable, readTable, singleTable } from './fse.ts';

/** The three tables that sequences are decoded by (RFC 8878, section 3.1.1.3.2.1), and how they are given. */
export const LENGTHS: u32 = 0;
export const OFFSETS: u32 = 1;
export const MATCHES: u32 = 2;

const PRESET: u32 = 0;
const SINGLE: u32 = 1;
const DESCRIBED: u32 = 2;

const SIZE: usize = 8 * 512;
const tables = memory.data(3 * 8 * 512, 8);
/** Of each table the logarithm of its number of states; 0xff where there is no table. */
const stateBits = memory.data(4);

const lengthPreset = memory.data<i8>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1,
  -1,
]);
const offsetPreset = memory.data<i8>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]);
const matchPreset = memory.data<i8>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]);

/** How many bits each code adds, from the first one on that adds any. Each code begins where the one before it ends. */
const lengthBits = memory.data<u8>([1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const matchBits = memory.data<u8>([1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
/** What each code stands for: the number where it begins, and how many bits it adds. */
const meanings = memory.data(3 * 64 * 8, 8);

export function tableOf(kind: u32): usize {
  return tables + kind * SIZE;
}

export function stateBitsOf(kind: u32): u32 {
  return load<u8>(stateBits + kind);
}

export function forgetTables(): void {
  store<u32>(stateBits, 0xffffffff);
}

/** Makes a table as the mode says, and answers where its description ends. */
export function chooseTable(kind: u32, mode: u32, bytes: usize, end: usize): usize {
  const table = tableOf(kind);
  if (mode == PRESET) {
    if (kind == LENGTHS) presetTable(table, 6, lengthPreset, 36);
    else if (kind == OFFSETS) presetTable(table, 5, offsetPreset, 29);
    else presetTable(table, 6, matchPreset, 53);
  } else if (mode == SINGLE) {
    if (bytes >= end || load<u8>(bytes) >= symbolsOf(kind)) corrupt();
    singleTable(table, load<u8>(bytes++));
  } else if (mode == DESCRIBED) {
    readTable(table, bytes, end, kind == OFFSETS ? 8 : 9, symbolsOf(kind));
    bytes = endOfDescription();
  } else {
    if (stateBitsOf(kind) == 0xff) corrupt();
    return bytes;
  }
  store<u8>(stateBits + kind, bitsOfStates());
  addMeanings(kind, table);
  return bytes;
}

function symbolsOf(kind: u32): u32 {
  return kind == LENGTHS ? 36 : kind == OFFSETS ? 32 : 53;
}

/** Puts what each state's code stands for in the place of the code. */
function addMeanings(kind: u32, table: usize): void {
  if (load<u32>(meanings, 8) == 0) makeMeanings();
  for (const end = table + ((<usize>1) << (bitsOfStates() + ENTRY_BITS)); table < end; table += 8) {
    const meaning = meanings + (((kind << 6) + load<u8>(table, 3)) << 3);
    store<u32>(table, load<u32>(meaning), 4);
    store<u8>(table, load<u8>(meaning, 4), 3);
  }
}

function makeMeanings(): void {
  for (let code: u32 = 0; code < 32; code++) {
    store<u32>(meanings + ((64 + code) << 3), 1 << code);
    store<u32>(meanings + ((64 + code) << 3), code, 4);
  }
  makeMeaningsOf(meanings, 0, 16, 36, lengthBits);
  makeMeaningsOf(meanings + 128 * 8, 3, 32, 53, matchBits);
}

function makeMeaningsOf(to: usize, first: u32, plain: u32, codes: u32, bits: usize): void {
  for (let code: u32 = 0; code < codes; code++) {
    const added: u32 = code < plain ? 0 : load<u8>(bits + code - plain);
    store<u32>(to + (code << 3), first);
    store<u32>(to + (code << 3), added, 4);
    first += 1 << added;
  }
}
