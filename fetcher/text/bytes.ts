/**
 * Comparing, searching and reading plain bytes.
 *
 * A text that is written here, as in `'etag'`, has the type `string` only in these sources: it is compiled to a pointer to
 * ASCII bytes that end with a zero byte (scripts/text-pool.ts). So it has no members, and is read through `pointerTo`.
 */

export function pointerTo(text: string): usize {
  return changetype<usize>(text);
}

export function lengthOf(text: string): i32 {
  let end = pointerTo(text);
  while (load<u8>(end) != 0) end++;
  return <i32>(end - pointerTo(text));
}

export function equal(a: usize, b: usize, length: i32): bool {
  return memory.compare(a, b, length) == 0;
}

export function equalsText(bytes: usize, length: i32, text: string): bool {
  return length == lengthOf(text) && startsWith(bytes, length, text);
}

/** Whether the bytes begin with the text. */
export function startsWith(bytes: usize, length: i32, text: string): bool {
  const end = bytes + length;
  for (let at = pointerTo(text); load<u8>(at) != 0; at++, bytes++) {
    if (bytes == end || load<u8>(bytes) != load<u8>(at)) return false;
  }
  return true;
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
