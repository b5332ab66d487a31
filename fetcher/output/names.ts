import { equalsText, indexOf } from '../text/bytes.ts';
import { EXIT_FORBIDDEN_ENTRY, fail } from '../host/failure.ts';

/** Refuses what cannot be a name in a directory, or must not be one. */
export function checkName(name: usize, length: i32): void {
  if (length == 0) fail(EXIT_FORBIDDEN_ENTRY, 'an entry has no name');
  if (equalsText(name, length, '.') || equalsText(name, length, '..')) {
    fail(EXIT_FORBIDDEN_ENTRY, 'an entry has the forbidden name', name, length);
  }
  checkText(name, length);
  if (indexOf(name, length, 0x2f) < length) fail(EXIT_FORBIDDEN_ENTRY, 'a name has a slash:', name, length);
}

/** Refuses a zero byte and whatever is not UTF-8: a tree's canonical encoding has no room for it. */
export function checkText(text: usize, length: i32): void {
  let at = 0;
  while (at < length) {
    const size = characterSize(text + at, length - at);
    if (size == 0) fail(EXIT_FORBIDDEN_ENTRY, 'a name or link is not in UTF-8:', text, length);
    at += size;
  }
}

/** The bytes of the character that begins here (RFC 3629), 0 if it is none. */
function characterSize(text: usize, available: i32): i32 {
  const first = <u32>load<u8>(text);
  if (first < 0x80) return first == 0 ? 0 : 1;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || size > available) return 0;
  let code = first & (0x7f >> size);
  for (let i = 1; i < size; i++) {
    const next = <u32>load<u8>(text + i);
    if ((next & 0xc0) != 0x80) return 0;
    code = (code << 6) | (next & 0x3f);
  }
  // With fewer bits it would have a shorter form, and surrogates are no characters.
  return code >> (5 * size - 4) == 0 || code > 0x10ffff || code >> 11 == 0x1b ? 0 : size;
}
