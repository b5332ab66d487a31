import { writeContent } from '../output/content.ts';
import { EXIT_CORRUPT, fail } from '../host/failure.ts';
import { nextPackBytes, packBytes } from '../git/packets.ts';
import { receive, received, receivedLength, take } from './response.ts';
import { HASH_STATE, hashBegin, hashEnd, hashUpdate } from '../git/ids.ts';

/**
 * The bytes that are being parsed, as a window on what was received: a parser reads from `cursor` to `limit`,
 * tells by `advance` how far it came, and asks for the next window with `refill` when it has used this one up.
 */
const FROM_BODY: i32 = 0;
const FROM_PACK: i32 = 1;

const packHash = memory.data(HASH_STATE, 8);
let source: i32 = FROM_BODY;
let copying: bool = false;
let hashing: bool = false;
let start: usize = 0;
let position: usize = 0;
let end: usize = 0;
let passed: u64 = 0;

/** Reads the response's body, and copies all that comes into the content being written. */
export function beginBody(): void {
  source = FROM_BODY;
  copying = true;
  start = position = end = 0;
}

export function stopCopying(): void {
  copying = false;
}

/** Reads the pack in the packets of git's answer, and hashes it. */
export function beginPack(): void {
  source = FROM_PACK;
  copying = false;
  hashing = true;
  passed = 0;
  start = position = end = 0;
  hashBegin(packHash);
}

export function packPosition(): u64 {
  return passed + (position - start);
}

/** Ends the hash at the cursor, which stands before the pack's trailer. */
export function endPackHash(digest: usize): void {
  hashUpdate(packHash, start, position - start);
  hashEnd(packHash, digest);
  hashing = false;
}

export function cursor(): usize {
  return position;
}

export function limit(): usize {
  return end;
}

export function advance(to: usize): void {
  position = to;
}

/** Goes on to the next window, which is not empty; false at the end of the input. */
export function refill(): bool {
  if (source == FROM_PACK) {
    if (hashing) hashUpdate(packHash, start, position - start);
    passed += position - start;
    const length = nextPackBytes();
    start = position = packBytes();
    end = start + length;
    return length > 0;
  }
  const more = receive();
  start = position = received();
  end = start + receivedLength();
  take(receivedLength());
  if (more && copying) writeContent(start, end - start);
  return more;
}

export function nextByte(): u32 {
  if (position == end && !refill()) fail(EXIT_CORRUPT, 'the data is truncated');
  return load<u8>(position++);
}
