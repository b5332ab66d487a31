import { EXIT_CORRUPT, fail } from '../host/failure.ts';
import {
  CODE_LENGTHS,
  DISTANCES,
  DISTANCE_BITS,
  END_OF_BLOCK,
  FLAG_EXCEPTION,
  FLAG_LITERAL,
  FLAG_SUBTABLE,
  LITERALS,
  LITERAL_BITS,
  buildTable,
  distanceTable,
  literalTable,
} from './inflate-tables.ts';
import { advance, cursor, hasMore, limit, nextByte } from '../stream/input.ts';
import { deliver } from '../stream/sink.ts';

/**
 * DEFLATE (RFC 1951), from the input either into memory of known size or through a window to the sink.
 *
 * Between symbols fewer than eight bits are held, so that a stream ends at a byte of the input's window. The
 * fast loop holds more, and gives whole bytes back when it ends.
 */

/** What the fast loop may write beyond the size of a destination. */
export const INFLATE_SLACK: usize = 320;

const HISTORY: usize = 32768;
const WINDOW: usize = 131072;
const window = memory.data(WINDOW + INFLATE_SLACK, 16);

let held: u64 = 0;
let heldBits: u32 = 0;
/** Output goes to `out`; when it reaches `outLimit`, the window is passed on. Distances reach back to `history`. */
let out: usize = 0;
let outLimit: usize = 0;
let history: usize = 0;
let pending: usize = 0;
let streaming: bool = false;

const codeLengths = memory.data(320);
const codeLengthTable = memory.data(128 * 4, 4);
const codeLengthOrder = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
const CODE_LENGTH_BITS: u32 = 7;

function corrupt(): void {
  fail(EXIT_CORRUPT, 'compressed data is corrupt');
}

/** Inflates exactly `size` bytes; the destination must have room for `INFLATE_SLACK` more. */
export function inflateTo(destination: usize, size: usize): void {
  streaming = false;
  history = out = destination;
  outLimit = destination + size + 1;
  inflateBlocks();
  if (out != destination + size) corrupt();
}

/** Inflates to the sink, in pieces. */
export function inflateToSink(): void {
  streaming = true;
  history = out = pending = window;
  outLimit = window + WINDOW;
  inflateBlocks();
  deliver(pending, out - pending);
}

function inflateBlocks(): void {
  held = 0;
  heldBits = 0;
  let last: u32;
  do {
    last = takeBits(1);
    const kind = takeBits(2);
    if (kind == 0) copyStored();
    else {
      if (kind == 1) fixedTables();
      else if (kind == 2) readTables();
      else corrupt();
      inflateBlock();
    }
  } while (last == 0);
}

/** Passes the window on, and keeps as much of it as a distance may reach back. */
function flush(): void {
  if (!streaming) corrupt();
  deliver(pending, out - pending);
  memory.copy(window, out - HISTORY, HISTORY);
  out = pending = window + HISTORY;
}

function hold(): void {
  held |= (<u64>nextByte()) << heldBits;
  heldBits += 8;
}

function takeBits(count: u32): u32 {
  while (heldBits < count) hold();
  const bits = (<u32>held) & ((1 << count) - 1);
  held >>= count;
  heldBits -= count;
  return bits;
}

/** Decodes one code bit by bit where it must be, at the edges of the input's windows. Answers its entry. */
function takeCode(table: usize, rootBits: u32): u32 {
  while (true) {
    let entry = load<u32>(table + (((<u32>held) & ((1 << rootBits) - 1)) << 2));
    let length = entry & 0xff;
    if (entry & FLAG_SUBTABLE) {
      const rest = (<u32>(held >> rootBits)) & ((1 << ((entry >> 8) & 31)) - 1);
      entry = load<u32>(table + (((entry >> 16) + rest) << 2));
      length += entry & 0xff;
    }
    if (length > 0 && length <= heldBits) {
      held >>= length;
      heldBits -= length;
      return entry;
    }
    if (heldBits > 15) corrupt();
    hold();
  }
}

function copyStored(): void {
  held = 0;
  heldBits = 0;
  let length = takeBits(16);
  if (takeBits(16) != (length ^ 0xffff)) corrupt();
  while (length > 0) {
    if (!hasMore()) fail(EXIT_CORRUPT, 'compressed data is truncated');
    if (out >= outLimit) flush();
    const piece = min(length, min(<u32>(limit() - cursor()), <u32>(outLimit - out)));
    memory.copy(out, cursor(), piece);
    out += piece;
    advance(cursor() + piece);
    length -= piece;
  }
}

function fixedTables(): void {
  memory.fill(codeLengths, 8, 144);
  memory.fill(codeLengths + 144, 9, 112);
  memory.fill(codeLengths + 256, 7, 24);
  memory.fill(codeLengths + 280, 8, 8);
  buildTable(literalTable, LITERAL_BITS, codeLengths, 288, LITERALS);
  memory.fill(codeLengths, 5, 32);
  buildTable(distanceTable, DISTANCE_BITS, codeLengths, 32, DISTANCES);
}

function readTables(): void {
  const literals = takeBits(5) + 257;
  const distances = takeBits(5) + 1;
  const codes = takeBits(4) + 4;
  if (literals > 286 || distances > 30) corrupt();
  memory.fill(codeLengths, 0, 19);
  for (let i: u32 = 0; i < codes; i++) {
    store<u8>(load<u8>(i, codeLengthOrder), <u8>takeBits(3), codeLengths);
  }
  buildTable(codeLengthTable, CODE_LENGTH_BITS, codeLengths, 19, CODE_LENGTHS);
  readCodeLengths(literals + distances);
  if (load<u8>(codeLengths + 256) == 0) corrupt();
  buildTable(literalTable, LITERAL_BITS, codeLengths, literals, LITERALS);
  buildTable(distanceTable, DISTANCE_BITS, codeLengths + literals, distances, DISTANCES);
}

function readCodeLengths(count: u32): void {
  let at: u32 = 0;
  while (at < count) {
    const symbol = takeCode(codeLengthTable, CODE_LENGTH_BITS) >> 16;
    if (symbol < 16) {
      store<u8>(at++, <u8>symbol, codeLengths);
      continue;
    }
    let repeated: u8 = 0;
    if (symbol == 16) {
      if (at == 0) corrupt();
      repeated = load<u8>(codeLengths + at - 1);
    }
    const times = symbol == 16 ? 3 + takeBits(2) : symbol == 17 ? 3 + takeBits(3) : 11 + takeBits(7);
    if (at + times > count) corrupt();
    memory.fill(codeLengths + at, repeated, times);
    at += times;
  }
}

function inflateBlock(): void {
  while (true) {
    if (out >= outLimit) flush();
    if (inflateFast()) return;
    if (out >= outLimit) continue;
    const entry = takeCode(literalTable, LITERAL_BITS);
    if (entry & FLAG_LITERAL) {
      store<u8>(out++, entry >> 16);
      continue;
    }
    if (entry & FLAG_EXCEPTION) {
      if (entry >> 16 != END_OF_BLOCK) corrupt();
      return;
    }
    let length = (entry >> 16) + takeBits((entry >> 8) & 31);
    const far = takeCode(distanceTable, DISTANCE_BITS);
    if (far & FLAG_EXCEPTION) corrupt();
    const distance = (far >> 16) + takeBits((far >> 8) & 31);
    if (distance > out - history) corrupt();
    for (; length > 0; length--) {
      store<u8>(out, load<u8>(out - distance));
      out++;
    }
  }
}

/**
 * Decodes while the input's window has sixteen bytes more and the output has room; answers whether the block
 * has ended. A literal or length with its distance takes 48 bits at most, and 56 are held.
 */
function inflateFast(): bool {
  if (limit() - cursor() < 16) return false;
  const inputLast = limit() - 16;
  const outEnd = outLimit;
  const outStart = history;
  let input = cursor();
  let to = out;
  let bits = held;
  let count = heldBits;
  let ended = false;
  while (input <= inputLast && to < outEnd) {
    bits |= load<u64>(input) << count;
    input += (63 - count) >> 3;
    count |= 56;
    let entry = load<u32>(((<u32>bits) & ((1 << LITERAL_BITS) - 1)) << 2, literalTable);
    if (entry & FLAG_LITERAL) {
      bits >>= entry;
      count -= entry & 0xff;
      store<u8>(to++, entry >> 16);
      entry = load<u32>(((<u32>bits) & ((1 << LITERAL_BITS) - 1)) << 2, literalTable);
      if (entry & FLAG_LITERAL) {
        bits >>= entry;
        count -= entry & 0xff;
        store<u8>(to++, entry >> 16);
        continue;
      }
      bits |= load<u64>(input) << count;
      input += (63 - count) >> 3;
      count |= 56;
    }
    if (entry & FLAG_SUBTABLE) {
      bits >>= LITERAL_BITS;
      count -= LITERAL_BITS;
      const index = (entry >> 16) + ((<u32>bits) & ((1 << ((entry >> 8) & 31)) - 1));
      entry = load<u32>(index << 2, literalTable);
    }
    bits >>= entry;
    count -= entry & 0xff;
    if (entry & FLAG_LITERAL) {
      store<u8>(to++, entry >> 16);
      continue;
    }
    if (entry & FLAG_EXCEPTION) {
      if (entry >> 16 != END_OF_BLOCK) corrupt();
      ended = true;
      break;
    }
    let extra = (entry >> 8) & 31;
    const length = (entry >> 16) + ((<u32>bits) & ((1 << extra) - 1));
    bits >>= extra;
    count -= extra;
    entry = load<u32>(((<u32>bits) & ((1 << DISTANCE_BITS) - 1)) << 2, distanceTable);
    if (entry & FLAG_SUBTABLE) {
      bits >>= DISTANCE_BITS;
      count -= DISTANCE_BITS;
      const index = (entry >> 16) + ((<u32>bits) & ((1 << ((entry >> 8) & 31)) - 1));
      entry = load<u32>(index << 2, distanceTable);
    }
    if (entry & FLAG_EXCEPTION) corrupt();
    bits >>= entry;
    count -= entry & 0xff;
    extra = (entry >> 8) & 31;
    const distance = (entry >> 16) + ((<u32>bits) & ((1 << extra) - 1));
    bits >>= extra;
    count -= extra;
    if (distance > to - outStart) corrupt();
    copyMatch(to, distance, length);
    to += length;
  }
  advance(input - (count >> 3));
  heldBits = count & 7;
  held = bits & ((1 << heldBits) - 1);
  out = to;
  return ended;
}

/** Copies a match, which may overlap itself; writes up to fifteen bytes beyond its end. */
function copyMatch(to: usize, distance: usize, length: usize): void {
  const end = to + length;
  let from = to - distance;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (to < end);
    return;
  }
  if (distance == 1) {
    memory.fill(to, load<u8>(from), length);
    return;
  }
  while (to < end) store<u8>(to++, load<u8>(from++));
}
