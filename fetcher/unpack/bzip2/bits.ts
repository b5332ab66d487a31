import { cursor, has, moveCursor, refuseOverrun } from '../input.ts';

/** The input as bits, the highest of each byte first. Those that are held are the highest of `held`; the others are zeros. */
let held: u64 = 0;
let heldCount: u32 = 0;

function refill(): void {
  // What the input does not have is refused when it counts as read, and not when it is only held.
  if (!has(4)) refuseBitOverrun();
  held |= (<u64>bswap<u32>(load<u32>(cursor()))) << (32 - heldCount);
  heldCount += 32;
  moveCursor(cursor() + 4);
}

function refuseBitOverrun(): void {
  const end = cursor();
  moveCursor(end - (heldCount >> 3));
  refuseOverrun();
  moveCursor(end);
}

/** The next bits, 32 at most. */
export function takeBits(count: u32): u32 {
  if (count == 0) return 0;
  if (heldCount < count) refill();
  const bits = <u32>(held >> (64 - count));
  held <<= count;
  heldCount -= count;
  return bits;
}

/** Drops what is left of a byte, and gives back what was held beyond it. */
export function alignBits(): void {
  moveCursor(cursor() - (heldCount >> 3));
  held = heldCount = 0;
  refuseOverrun();
}

/** Lets a loop take over that reads many codes: it loads by itself, and gives back what it has. */
export function beginCodes(length: usize): u64 {
  if (!has(length)) refuseBitOverrun();
  return held;
}

export function heldBits(): u32 {
  return heldCount;
}

export function endCodes(bits: u64, count: u32, position: usize): void {
  held = bits;
  heldCount = count;
  moveCursor(position);
}
