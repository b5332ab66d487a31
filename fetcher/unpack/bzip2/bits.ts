import { cursor, has, moveCursor, refuseOverrun } from '../input.ts';

/** The input as bits, the highest of each byte first. Those that are held are the highest of `held`; the others are zeros. */
let held: u64 = 0;
let heldCount: u32 = 0;

/** Whether the input has no more than what is held. */
let isLast: bool = false;

function refill(): void {
  isLast = !has(4);
  held |= (<u64>bswap<u32>(load<u32>(cursor()))) << (32 - heldCount);
  heldCount += 32;
  moveCursor(cursor() + 4);
}

/** Fails where bits have been taken that the input does not have; such as are only held harm nobody. */
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
  if (isLast) refuseBitOverrun();
  return bits;
}

/** Drops what is left of a byte, and gives back what was held beyond it. */
export function alignBits(): void {
  moveCursor(cursor() - (heldCount >> 3));
  held = heldCount = 0;
  refuseOverrun();
}

/** Lets a loop take over that reads so many bytes of codes at most, and loads them by itself. */
export function beginCodes(length: usize): u64 {
  isLast = !has(length);
  return held;
}

export function heldBits(): u32 {
  return heldCount;
}

export function endCodes(bits: u64, count: u32, position: usize): void {
  held = bits;
  heldCount = count;
  moveCursor(position);
  if (isLast) refuseBitOverrun();
}
