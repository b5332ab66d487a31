import { OPEN_EXISTING, WORKING_DIRECTORY, openToWrite, write } from './files.ts';
import { append, appendByte, lengthSince, mark, rewind } from '../text/text.ts';

const UNOPENED: i32 = -2;
let descriptor: i32 = UNOPENED;

/** What a line of claims may be long. */
const LIMIT: i32 = 4096;

/**
 * Writes what was appended to the text since `start` as one line of the file `fix`, in one call, and takes it
 * off the text. Where the realizer made no such file, nobody asked for claims. What an origin says that cannot be in a claim,
 * such as an entity tag with a space, or no value at all, is not claimed.
 */
export function claim(start: usize): void {
  if (isClaim(start)) writeClaim(start);
  rewind(start);
}

function isClaim(start: usize): bool {
  const length = lengthSince(start);
  for (let i = 0; i < length; i++) if (load<u8>(start + i) - 0x21 > 0x7e - 0x21) return false;
  return length <= LIMIT && load<u8>(start + length - 1) != 0x3a;
}

function writeClaim(start: usize): void {
  appendByte(0x0a);
  const length = lengthSince(start);
  if (descriptor == UNOPENED) {
    const name = mark();
    append('fix');
    descriptor = openToWrite(WORKING_DIRECTORY, name, lengthSince(name), OPEN_EXISTING);
  }
  if (descriptor >= 0) write(descriptor, start, length);
}
