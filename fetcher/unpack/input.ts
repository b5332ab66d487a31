import { EXIT_CORRUPT, fail } from '../host/failure.ts';
import { read } from '../host/files.ts';

/**
 * Standard input as a window of bytes that lie one after another: a decoder asks for as many as it wants to see at once. Some
 * bytes beyond the end can be loaded too, whatever they are: `refuseOverrun` tells of those that have counted.
 */
const CAPACITY: usize = 1 << 18;
const SLACK: usize = 256;
const buffer = memory.data(CAPACITY + SLACK, 16);
let position: usize = buffer;
let end: usize = buffer;
let ended: bool = false;
let dropped: u64 = 0;

/** Whether the input has so many bytes more, which then lie at the cursor. At most half of what the buffer holds. */
export function has(count: usize): bool {
  while (position + count > end) {
    if (ended) return false;
    if (buffer + CAPACITY - position < count || position == end) toFront();
    const length = read(0, end, buffer + CAPACITY - end);
    end += length;
    ended = length == 0;
  }
  return true;
}

function toFront(): void {
  memory.copy(buffer, position, end - position);
  dropped += position - buffer;
  end -= position - buffer;
  position = buffer;
}

export function truncated(): void {
  fail(EXIT_CORRUPT, 'the compressed data is truncated');
}

export function corrupt(): void {
  fail(EXIT_CORRUPT, 'the compressed data is corrupt');
}

/** The next bytes, which count as read. */
export function take(count: usize): usize {
  if (!has(count)) truncated();
  const start = position;
  position += count;
  return start;
}

export function takeByte(): u32 {
  return load<u8>(take(1));
}

/** The next byte that is not read yet; what lies behind it is there as far as `has` has said so. */
export function cursor(): usize {
  return position;
}

export function moveCursor(to: usize): void {
  position = to;
}

/** Fails where bytes have counted as read that the input does not have. */
export function refuseOverrun(): void {
  if (position > end) truncated();
}

/** How many bytes of the input have been read. */
export function consumed(): u64 {
  return dropped + (position - buffer);
}
