import { corrupt } from '../input.ts';

/**
 * The range decoder of LZMA. A probability is sixteen bits, of which 2048 would be certainty. Every function that decodes
 * several bits keeps the state in locals meanwhile.
 */
const TOP: u32 = 1 << 24;
const ONE_HALF: u16 = 1024;

let range: u32 = 0;
let code: u32 = 0;
let input: usize = 0;

export function resetProbabilities(at: usize, count: usize): void {
  for (const end = at + (count << 1); at < end; at += 2) store<u16>(at, ONE_HALF);
}

export function beginRange(bytes: usize): void {
  if (load<u8>(bytes) != 0) corrupt();
  range = 0xffffffff;
  code = bswap<u32>(load<u32>(bytes, 1));
  input = bytes + 5;
}

/** The next byte that is not used yet: at the end of a chunk the one behind it. */
export function rangePosition(): usize {
  return input;
}

/** Whether nothing is left over, as an encoder leaves it. */
export function isRangeUsedUp(): bool {
  return code == 0;
}

export function decodeBit(at: usize): bool {
  const probability = <u32>load<u16>(at);
  const bound = (range >> 11) * probability;
  const isOne = code >= bound;
  if (isOne) {
    range -= bound;
    code -= bound;
    store<u16>(at, probability - (probability >> 5));
  } else {
    range = bound;
    store<u16>(at, probability + ((2048 - probability) >> 5));
  }
  if (range < TOP) {
    range <<= 8;
    code = (code << 8) | load<u8>(input++);
  }
  return isOne;
}

/** A number of so many bits, the highest first, each with a probability of its own for every beginning. */
export function decodeTree(at: usize, bits: u32): u32 {
  let left = range;
  let value = code;
  let from = input;
  const end: u32 = 1 << bits;
  let node: u32 = 1;
  do {
    const place = at + (node << 1);
    const probability = <u32>load<u16>(place);
    const bound = (left >> 11) * probability;
    if (value < bound) {
      left = bound;
      store<u16>(place, probability + ((2048 - probability) >> 5));
      node <<= 1;
    } else {
      left -= bound;
      value -= bound;
      store<u16>(place, probability - (probability >> 5));
      node = (node << 1) | 1;
    }
    if (left < TOP) {
      left <<= 8;
      value = (value << 8) | load<u8>(from++);
    }
  } while (node < end);
  range = left;
  code = value;
  input = from;
  return node - end;
}

/** The byte that follows a match, whose probabilities depend on the byte that the match would have gone on with. */
export function decodeMatchedLiteral(at: usize, matched: u32): u32 {
  let left = range;
  let value = code;
  let from = input;
  let node: u32 = 1;
  let half: u32 = 0x100;
  do {
    matched <<= 1;
    const matchedBit = matched & half;
    const place = at + ((half + matchedBit + node) << 1);
    const probability = <u32>load<u16>(place);
    const bound = (left >> 11) * probability;
    if (value < bound) {
      left = bound;
      store<u16>(place, probability + ((2048 - probability) >> 5));
      node <<= 1;
      half &= ~matchedBit;
    } else {
      left -= bound;
      value -= bound;
      store<u16>(place, probability - (probability >> 5));
      node = (node << 1) | 1;
      half &= matchedBit;
    }
    if (left < TOP) {
      left <<= 8;
      value = (value << 8) | load<u8>(from++);
    }
  } while (node < 0x100);
  range = left;
  code = value;
  input = from;
  return node & 0xff;
}

/** A number whose lowest bit comes first. */
export function decodeReverseTree(at: usize, bits: u32): u32 {
  let node: u32 = 1;
  let number: u32 = 0;
  for (let i: u32 = 0; i < bits; i++) {
    const bit = <u32>decodeBit(at + (node << 1));
    node = (node << 1) | bit;
    number |= bit << i;
  }
  return number;
}

/** A number of bits that are as often 1 as 0. */
export function decodeDirectBits(bits: u32): u32 {
  let left = range;
  let value = code;
  let from = input;
  let number: u32 = 0;
  for (; bits > 0; bits--) {
    left >>= 1;
    value -= left;
    const isZero: u32 = 0 - (value >> 31);
    value += left & isZero;
    number = (number << 1) + isZero + 1;
    if (left < TOP) {
      left <<= 8;
      value = (value << 8) | load<u8>(from++);
    }
  }
  range = left;
  code = value;
  input = from;
  return number;
}
