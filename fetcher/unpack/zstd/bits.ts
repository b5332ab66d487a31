import { corrupt } from '../input.ts';

/**
 * A bit stream is read from its end: its last byte has a mark in front of the first bit. A position is the number of bits that
 * are left, and whoever reads checks that it does not fall below 0.
 */
export function beginBits(bytes: usize, length: usize): i32 {
  if (length == 0) corrupt();
  const last = load<u8>(bytes + length - 1);
  if (last == 0) corrupt();
  return <i32>(length << 3) - 1 - (<i32>clz<u32>(last) - 24);
}

/** The bits from a position on, of which at least 57 count. */
export function bitsAt(bytes: usize, position: i32): u64 {
  return load<u64>(bytes + (position >> 3)) >> (position & 7);
}
