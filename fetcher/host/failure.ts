import { pointerTo } from '../text/bytes.ts';
import { fd_write, proc_exit } from './wasi_snapshot_preview1.ts';

export const EXIT_USAGE: i32 = 2;
/** The server answered with a status that was not expected. */
export const EXIT_STATUS: i32 = 10;
/** There is no such ref or commit. */
export const EXIT_NO_SUCH_REF: i32 = 11;
/** Data is corrupt or truncated, or has another hash than whoever refers to it says. */
export const EXIT_CORRUPT: i32 = 12;
/** An entry has a forbidden name, or lies at a forbidden place. */
export const EXIT_FORBIDDEN_ENTRY: i32 = 13;
export const EXIT_UNSUPPORTED: i32 = 14;
export const EXIT_NO_SUBTREE: i32 = 15;
/** A file could not be made or read back: the realizer's fault, or its disk's. */
export const EXIT_FILES: i32 = 16;
export const EXIT_LIMIT: i32 = 17;
export const EXIT_NETWORK: i32 = 18;
/** The server cannot give parts of a commit. */
export const EXIT_NO_PARTS: i32 = 19;
/** What came has another digest than the one that was published. */
export const EXIT_OTHER_DIGEST: i32 = 20;

const LINE_LIMIT: i32 = 1024;
const line = memory.data(LINE_LIMIT + 512);
const vector = memory.data(12, 4);

/** Ends the program, after one line on standard error. */
export function fail(code: i32, reason: string, value: usize = 0, length: i32 = 0, number: i32 = 0): void {
  say(reason, value, length, number);
  proc_exit(code);
  unreachable();
}

let end: usize = line;

/** Writes one line on standard error: a text, then the value it is about, then a number. */
export function say(reason: string, value: usize = 0, length: i32 = 0, number: i32 = 0): void {
  end = line;
  for (let at = pointerTo(reason); load<u8>(at) != 0; at++) put(load<u8>(at));
  if (length > 0) {
    put(0x20);
    for (const stop = value + min(length, LINE_LIMIT); value < stop; value++) {
      const byte = load<u8>(value);
      put(byte < 0x20 ? 0x3f : byte);
    }
  }
  if (number != 0) {
    put(0x20);
    if (number < 0) put(0x2d);
    putNumber(abs(number));
  }
  put(0x0a);
  store<usize>(vector, line);
  store<usize>(vector, end - line, 4);
  fd_write(2, vector, 1, vector + 8);
}

function put(byte: u32): void {
  store<u8>(end++, byte);
}

function putNumber(number: u32): void {
  if (number > 9) putNumber(number / 10);
  put(0x30 + (number % 10));
}
