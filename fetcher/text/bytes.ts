/** Comparing, searching and reading plain bytes. */

export function equal(a: usize, b: usize, length: i32): bool {
  return memory.compare(a, b, length) == 0;
}

export function equalsText(bytes: usize, length: i32, text: string): bool {
  return length == text.length && startsWith(bytes, length, text);
}

/** Whether the bytes begin with a text of ASCII characters. */
export function startsWith(bytes: usize, length: i32, text: string): bool {
  if (length < text.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (load<u8>(bytes + i) != <u8>text.charCodeAt(i)) return false;
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
  for (let i = 0; i + text.length <= length; i++) {
    if (startsWith(bytes + i, length - i, text)) return true;
  }
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
