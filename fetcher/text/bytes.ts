/**
 * Comparing, searching and reading plain bytes.
 *
 * A text that is written here, as in `'etag'`, has the type `string` only in these sources: it is compiled to a pointer into the
 * pool of scripts/text-pool.ts, where texts are shorter than they read. So it has no members, and is read through `pointerTo`.
 */

/** The pool's table: for each byte from 128 on, and then for those from 0 on, the two that it stands for. */
const pairs: usize = 8;
const room = memory.data(256);
let roomEnd: usize = room;

/** The text's ASCII bytes, ended by a zero byte, until another text is read. */
export function pointerTo(text: string): usize {
  roomEnd = room;
  for (let at = changetype<usize>(text); load<u8>(at) != 0; at++) spell(load<u8>(at));
  store<u8>(roomEnd, 0);
  return room;
}

function spell(byte: usize): void {
  if (byte - 0x20 < 0x60 || byte == 0x0a) store<u8>(roomEnd++, byte);
  else {
    const pair = pairs + 2 * (byte ^ 128);
    spell(load<u8>(pair));
    spell(load<u8>(pair, 1));
  }
}

export function lengthOf(text: string): i32 {
  const start = pointerTo(text);
  return <i32>(roomEnd - start);
}

export function equal(a: usize, b: usize, length: i32): bool {
  return memory.compare(a, b, length) == 0;
}

export function equalsText(bytes: usize, length: i32, text: string): bool {
  return length == lengthOf(text) && equal(bytes, room, length);
}

/** Whether the bytes begin with the text. */
export function startsWith(bytes: usize, length: i32, text: string): bool {
  const needed = lengthOf(text);
  return length >= needed && equal(bytes, room, needed);
}

/** The index of the first such byte, or the length if there is none. */
export function indexOf(bytes: usize, length: i32, byte: u8): i32 {
  let index = 0;
  while (index < length && load<u8>(bytes + index) != byte) index++;
  return index;
}

/** Whether the text occurs anywhere in the bytes. */
export function contains(bytes: usize, length: i32, text: string): bool {
  for (; length > 0; length--) if (startsWith(bytes++, length, text)) return true;
  return false;
}

/** The value of a hexadecimal digit, or -1. */
export function hexadecimalDigit(character: u8): i32 {
  const digit = <i32>character - 0x30;
  if (<u32>digit < 10) return digit;
  const letter = ((<i32>character) | 0x20) - 0x61;
  return <u32>letter < 6 ? letter + 10 : -1;
}

const word = memory.data(2, 2);

/** The number that four hexadecimal digits are, or -1. */
export function fourDigits(text: usize): i32 {
  return fromHexadecimal(text, word, 2) ? bswap<u16>(load<u16>(word)) : -1;
}

/** Reads `count` bytes from hexadecimal text twice as long; answers whether all of it was hexadecimal. */
export function fromHexadecimal(text: usize, bytes: usize, count: i32): bool {
  for (let i = 0; i < count; i++) {
    const high = hexadecimalDigit(load<u8>(text + 2 * i));
    const low = hexadecimalDigit(load<u8>(text + 2 * i + 1));
    if ((high | low) < 0) return false;
    store<u8>(bytes + i, (high << 4) | low);
  }
  return true;
}
