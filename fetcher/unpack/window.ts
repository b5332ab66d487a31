import { reserve } from '../host/memory.ts';
import { deliver } from './output.ts';

/**
 * What has been decompressed, as far as matches may reach back. It lies in two runs: the one that is being written, and
 * behind its end what is left of the one before. Memory is taken only as it is filled, so that a window larger than the
 * content costs nothing.
 */

/** The most that can be asked for at once. */
export const ROOM_LIMIT: usize = 1 << 21;
/** What a copy may write beyond its end. */
const SLACK: usize = 64;
const STEP: usize = 1 << 22;
/** How much is passed on in one piece, unless the data ends. */
const DELIVERY: usize = 1 << 16;

let start: usize = 0;
let capacityEnd: usize = 0;
let out: usize = 0;
let pending: usize = 0;
/** Where the run before ended, or 0 if there is none. */
let earlierEnd: usize = 0;
let size: usize = 0;
/** How many bytes there are since the beginning. */
let total: u64 = 0;

/** Begins with nothing to reach back to. What was written before has been passed on. */
export function beginWindow(windowSize: usize): void {
  flushWindow();
  if (start == 0) capacityEnd = start = reserve(0);
  size = windowSize;
  out = pending = start;
  earlierEnd = 0;
  total = 0;
}

/** Makes room for so many bytes in one run, and answers where they are to be written. */
export function makeRoom(length: usize): usize {
  if (out - pending >= DELIVERY) flushWindow();
  if (out + length + SLACK <= capacityEnd) return out;
  flushWindow();
  if (out - start >= size + ROOM_LIMIT + SLACK) {
    earlierEnd = out;
    out = pending = start;
    return out;
  }
  reserve(STEP);
  capacityEnd += STEP;
  return out;
}

/** Counts what has been written up to there. */
export function advanceWindow(to: usize): void {
  total += to - out;
  out = to;
}

export function flushWindow(): void {
  if (out > pending) deliver(pending, out - pending);
  pending = out;
}

export function writtenLength(): u64 {
  return total;
}

/** How far a match at the end of what is written may reach back. */
export function reach(): usize {
  return <usize>min(total, <u64>size);
}

/** The byte so far back from a place in the run; the caller has made sure that there is one. */
export function byteBack(at: usize, distance: usize): u8 {
  const here = at - start;
  return load<u8>(distance <= here ? at - distance : earlierEnd - (distance - here));
}

/** Copies a match to a place in the run, and may write some bytes beyond its end. */
export function copyMatch(to: usize, distance: usize, length: usize): void {
  const here = to - start;
  if (distance > here) {
    const earlier = distance - here;
    const piece = min(length, earlier);
    memory.copy(to, earlierEnd - earlier, piece);
    length -= piece;
    if (length == 0) return;
    to += piece;
  }
  copyNear(to, to - distance, length);
}

/** Copies within the run, where what is copied may be what this copy writes. */
function copyNear(to: usize, from: usize, length: usize): void {
  const end = to + length;
  if (to - from >= 16) {
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (to < end);
    return;
  }
  if (to - from == 1) {
    memory.fill(to, load<u8>(from), length);
    return;
  }
  while (to < end) store<u8>(to++, load<u8>(from++));
}
