import { EXIT_LIMIT, fail } from '../host/failure.ts';
import { lengthOf, pointerTo } from './bytes.ts';

/**
 * The one place where short texts are put together: heads of requests, bodies, claims, paths. A writer notes
 * `mark()`, appends, takes what lies between, and goes back with `rewind`.
 */
const LIMIT: i32 = 1 << 18;
const buffer = memory.data(LIMIT + 32);
let end: usize = buffer;

export function mark(): usize {
  return end;
}

export function rewind(to: usize): void {
  end = to;
}

export function lengthSince(start: usize): i32 {
  return <i32>(end - start);
}

function makeRoom(length: i32): void {
  if (<u32>length > <u32>(<i32>(buffer - end) + LIMIT)) fail(EXIT_LIMIT, 'a name or an address is too long');
}

export function appendByte(byte: u8): void {
  makeRoom(1);
  store<u8>(end++, byte);
}

/** Appends an address without the slashes at its end. */
export function appendBase(address: usize, length: i32): void {
  while (length > 0 && load<u8>(address + length - 1) == 0x2f) length--;
  appendBytes(address, length);
}

/** Appends a text of ASCII characters. */
export function append(text: string): void {
  const length = lengthOf(text);
  appendBytes(pointerTo(text), length);
}

export function appendBytes(bytes: usize, length: i32): void {
  makeRoom(length);
  memory.copy(end, bytes, length);
  end += length;
}

export function appendHexadecimal(bytes: usize, count: i32): void {
  makeRoom(2 * count);
  for (let i = 0; i < 2 * count; i++) {
    const byte = <u32>load<u8>(bytes + (i >> 1));
    const digit = i & 1 ? byte & 15 : byte >> 4;
    store<u8>(end++, digit < 10 ? 0x30 + digit : 0x57 + digit);
  }
}

export function appendNumber(number: u64): void {
  if (number > 9) appendNumber(number / 10);
  appendByte(<u8>(0x30 + (number % 10)));
}

/** RFC 4648 base32, lower case, without padding. */
export function appendBase32(bytes: usize, count: i32): void {
  appendDigits(bytes, count, 5);
}

/** RFC 4648 base64, padded. */
export function appendBase64(bytes: usize, count: i32): void {
  appendDigits(bytes, count, 6);
  for (; count % 3 != 0; count++) appendByte(0x3d);
}

/** Digits of so many bits each; the last is filled up with zeros. */
function appendDigits(bytes: usize, count: i32, width: i32): void {
  let held: u32 = 0;
  let bits = 0;
  for (let i = 0; i < count; i++) {
    held = (held << 8) | load<u8>(bytes + i);
    bits += 8;
    for (; bits >= width; bits -= width) appendDigit(held >> (bits - width), width);
  }
  if (bits > 0) appendDigit(held << (width - bits), width);
}

function appendDigit(held: u32, width: i32): void {
  let digit = held & ((1 << width) - 1);
  if (width == 5) digit += digit < 26 ? 0x61 : 0x18;
  else if (digit < 26) digit += 0x41;
  else if (digit < 52) digit += 0x47;
  else if (digit < 62) digit -= 4;
  else digit = digit == 62 ? 0x2b : 0x2f;
  appendByte(<u8>digit);
}
