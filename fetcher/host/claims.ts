import { OPEN_EXISTING, WORKING_DIRECTORY, openToWrite, write } from './files.ts';
import { append, appendByte, lengthSince, mark, rewind } from '../text/text.ts';

const UNOPENED: i32 = -2;
let descriptor: i32 = UNOPENED;

/**
 * Writes what was appended to the text since `start` as one line of the file `fix`, in one call, and takes it
 * off the text. Where the realizer made no such file, nobody asked for claims.
 */
export function claim(start: usize): void {
  appendByte(0x0a);
  const length = lengthSince(start);
  if (descriptor == UNOPENED) {
    const name = mark();
    append('fix');
    descriptor = openToWrite(WORKING_DIRECTORY, name, lengthSince(name), OPEN_EXISTING);
  }
  if (descriptor >= 0) write(descriptor, start, length);
  rewind(start);
}
