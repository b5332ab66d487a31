import { corrupt, cursor } from '../input.ts';
import { beginCodes, endCodes, heldBits } from './bits.ts';
import { CODE_SIZE, LONGEST, ROOT_BITS, codes, longEntry } from './codes.ts';
import { selectorAt } from './selectors.ts';

/**
 * The symbols of a block: two are digits of how often the last byte is repeated, the last one is the end, and the others are
 * places in the list of bytes by when they were last used.
 */
const GROUP: u32 = 50;
/** What the codes of a group may take at most, and what is loaded ahead. */
const GROUP_LENGTH: usize = (50 * 20) / 8 + 8;

/** The bytes, the one used last first. */
export const order = memory.data(256 + 16, 16);
const counts = memory.data(1024, 4);

/** Where it is counted how often a byte occurs. */
export function countOf(byte: usize): usize {
  return counts + (byte << 2);
}

/** Writes each byte as a word, and answers how many there are: no more than the limit. */
export function readSymbols(words: usize, limit: u32, last: u32): u32 {
  memory.fill(counts, 0, 1024);
  const end = words + (limit << 2);
  let to = words;
  let run: u32 = 0;
  let weight: u32 = 1;
  let group: u32 = 0;
  while (true) {
    const code = codes + selectorAt(group++) * CODE_SIZE;
    let bits = beginCodes(GROUP_LENGTH);
    let held = heldBits();
    let from = cursor();
    for (let left = GROUP; left > 0; left--) {
      if (held < LONGEST) {
        bits |= (<u64>bswap<u32>(load<u32>(from))) << (32 - held);
        held += 32;
        from += 4;
      }
      let entry = <u32>load<u16>(code + ((<usize>(bits >> (64 - ROOT_BITS))) << 1));
      if (entry == 0) entry = longEntry(code, <u32>(bits >> (64 - LONGEST)));
      bits <<= entry & 31;
      held -= entry & 31;
      const symbol = entry >> 5;
      if (entry == 0 || run > (<u32>(end - to)) >> 2) {
        endCodes(bits, held, from);
        corrupt();
      }
      if (symbol < 2) {
        run += weight << symbol;
        weight <<= 1;
        continue;
      }
      if (run > 0) {
        to = repeat(to, run);
        run = 0;
        weight = 1;
      }
      if (symbol == last) {
        endCodes(bits, held, from);
        return (<u32>(to - words)) >> 2;
      }
      if (to == end) {
        endCodes(bits, held, from);
        corrupt();
      }
      const byte = moveToFront(symbol - 1);
      const count = countOf(byte);
      store<u32>(count, load<u32>(count) + 1);
      store<u32>(to, byte);
      to += 4;
    }
    endCodes(bits, held, from);
  }
}

function repeat(to: usize, run: u32): usize {
  const byte = <u32>load<u8>(order);
  store<u32>(countOf(byte), load<u32>(countOf(byte)) + run);
  for (const end = to + (run << 2); to < end; to += 4) store<u32>(to, byte);
  return to;
}

function moveToFront(place: usize): u32 {
  const byte = load<u8>(order + place);
  if (place >= 16) memory.copy(order + 1, order, place);
  else for (let at = order + place; at > order; at--) store<u8>(at, load<u8>(at - 1));
  store<u8>(order, byte);
  return byte;
}
