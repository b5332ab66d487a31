import { EXIT_CORRUPT, fail } from '../host/failure.ts';
import { equal, fourDigits } from '../text/bytes.ts';
import { append, appendByte, lengthSince, mark, rewind } from '../text/text.ts';

/**
 * JSON (RFC 8259) that lies in memory and ends with a zero byte. A value is known by where it begins, 0 being none; nothing is
 * made of it but what is asked for, and no depth of it makes a call deeper.
 */
const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const BACKSLASH: u8 = 0x5c;

function malformed(): void {
  fail(EXIT_CORRUPT, 'the registry answers with malformed JSON');
}

function skipSpace(at: usize): usize {
  while (load<u8>(at) - 1 < 0x20) at++;
  return at;
}

/** Goes over a mark that must stand here, and the space around it. */
function skipMark(at: usize, expected: u8): usize {
  at = skipSpace(at);
  if (load<u8>(at) != expected) malformed();
  return skipSpace(at + 1);
}

function skipText(at: usize): usize {
  if (load<u8>(at++) != QUOTE) malformed();
  while (load<u8>(at) != QUOTE) {
    if (load<u8>(at) == BACKSLASH) at++;
    if (load<u8>(at++) == 0) malformed();
  }
  return at + 1;
}

function skipValue(at: usize): usize {
  let depth = 0;
  do {
    at = skipSpace(at);
    const byte = load<u8>(at);
    if (byte == QUOTE) at = skipText(at);
    else {
      if (byte == 0) malformed();
      // Brackets and braces differ in one bit only, and so do capital and small letters.
      const kind = byte & 0xdf;
      if (kind == 0x5b) depth++;
      else if (kind == 0x5d) depth--;
      at++;
      if (depth == 0 && kind != 0x5d) while (isOfWord(load<u8>(at))) at++;
    }
  } while (depth > 0);
  return at;
}

/** Whether it may be within a number, true, false or null. */
function isOfWord(byte: u8): bool {
  return byte > 0x2a && byte != COMMA && byte != COLON && (byte & 0xdf) != 0x5d;
}

/** The value of a key in an object; 0 if it has none, or is no object. */
export function member(object: usize, key: string): usize {
  const start = mark();
  append(key);
  const value = memberOf(object, start, lengthSince(start));
  rewind(start);
  return value;
}

export function memberOf(object: usize, key: usize, keyLength: i32): usize {
  if (object == 0 || load<u8>(object) != 0x7b) return 0;
  let at = skipSpace(object + 1);
  while (load<u8>(at) != 0x7d) {
    const value = skipMark(skipText(at), COLON);
    if (equalsJson(at, key, keyLength)) return value;
    at = skipSpace(skipValue(value));
    if (load<u8>(at) != 0x7d) at = skipMark(at, COMMA);
  }
  return 0;
}

/** The first element of an array; 0 if it has none, or is no array. */
export function firstElement(array: usize): usize {
  if (array == 0 || load<u8>(array) != 0x5b) return 0;
  const at = skipSpace(array + 1);
  return load<u8>(at) == 0x5d ? 0 : at;
}

/** The element that follows; 0 if this was the last. */
export function nextElement(element: usize): usize {
  const at = skipSpace(skipValue(element));
  return load<u8>(at) == 0x5d ? 0 : skipMark(at, COMMA);
}

export function isText(value: usize): bool {
  return value != 0 && load<u8>(value) == QUOTE;
}

/** Whether the value is this text. */
export function equalsJson(value: usize, bytes: usize, length: i32): bool {
  if (!isText(value)) return false;
  const start = mark();
  appendJson(value);
  const same = lengthSince(start) == length && equal(start, bytes, length);
  rewind(start);
  return same;
}

/** Appends what a text stands for; of anything else, nothing. */
export function appendJson(value: usize): void {
  if (!isText(value)) return;
  const end = skipText(value) - 1;
  for (let at = value + 1; at < end; at++) {
    const byte = load<u8>(at);
    if (byte != BACKSLASH) {
      appendByte(byte);
      continue;
    }
    const escape = load<u8>(++at);
    if (escape == 0x75) {
      const code = unit(at + 1);
      at += 4;
      // The second half of a pair follows, as another escape of six characters.
      if ((code & 0xfc00) == 0xd800) {
        appendCharacter(0x10000 + ((code & 0x3ff) << 10) + (unit(at + 3) & 0x3ff));
        at += 6;
      } else {
        appendCharacter(code);
      }
    } else if (escape == 0x6e) appendByte(0x0a);
    else if (escape == 0x74) appendByte(0x09);
    else appendByte(escape);
  }
}

function unit(at: usize): u32 {
  const code = fourDigits(at);
  if (code < 0) malformed();
  return code;
}

/** Appends a character in UTF-8. */
function appendCharacter(code: u32): void {
  let following: u32 = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const first = code >> (6 * following);
  // The first byte says with as many bits, and one more, how many follow.
  appendByte(<u8>(following == 0 ? first : (0xf80 >> following) | first));
  while (following-- > 0) appendByte(<u8>(0x80 | ((code >> (6 * following)) & 0x3f)));
}
