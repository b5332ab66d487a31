import { EXIT_CORRUPT, fail } from '../host/failure.ts';
import { equal, pointerTo } from '../text/bytes.ts';
import { appendByte, lengthSince, mark, rewind } from '../text/text.ts';

/**
 * Git's configuration syntax (git-config, "Syntax"), of which `.gitmodules` is written: sections with a name in quotation marks,
 * and settings in them. Names and values are put together in the text, and are gone when the next is read.
 */
const NEWLINE: u8 = 0x0a;
const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;

let position: usize = 0;
let end: usize = 0;
/** The section's name, as it is written. */
let section: usize = 0;
let sectionLength: i32 = 0;

/** Whether the setting that was come to is in a section of this name. */
export function isInSection(name: usize, length: i32): bool {
  return sectionLength == length && equal(section, name, length);
}

export function sectionName(): usize {
  return section;
}

export function sectionNameLength(): i32 {
  return sectionLength;
}

export function beginSettings(text: usize, length: i32): void {
  position = text;
  end = text + length;
  sectionLength = 0;
}

function peek(): u8 {
  return position < end ? load<u8>(position) : NEWLINE;
}

function isSpace(byte: u8): bool {
  return byte == 0x20 || byte == 0x09 || byte == 0x0d;
}

function skipSpace(): void {
  while (isSpace(peek())) position++;
}

function skipLine(): void {
  while (peek() != NEWLINE) position++;
}

/** Goes over letters, digits, hyphens and dots, and answers where they begin. */
function skipWord(): usize {
  const start = position;
  for (let byte = peek(); byte - 0x2d < 2 || isLetterOrDigit(byte); byte = peek()) position++;
  return start;
}

/** Appends the value of the next setting of this key, and answers where it begins; 0 if there is none more. */
export function nextSetting(key: string): usize {
  while (position < end) {
    skipSpace();
    const byte = peek();
    if (byte == NEWLINE) position++;
    else if (byte == 0x23 || byte == 0x3b) skipLine();
    else if (byte == 0x5b) readSection();
    else {
      const value = mark();
      if (readSetting(key)) return value;
      rewind(value);
    }
  }
  return 0;
}

/** Reads `[submodule "name"]`; a section of another form has no name. */
function readSection(): void {
  position++;
  const isSubmodule = isWord(skipWord(), 'submodule');
  sectionLength = 0;
  skipSpace();
  if (peek() == QUOTE) {
    section = ++position;
    for (; peek() != QUOTE; position++) {
      if (peek() == NEWLINE) corrupt();
      if (peek() == BACKSLASH) position++;
    }
    if (isSubmodule) sectionLength = <i32>(position - section);
    position++;
  }
  if (peek() != 0x5d) corrupt();
  position++;
}

/** Reads a setting, and answers whether it is a wanted one. */
function readSetting(wanted: string): bool {
  const key = skipWord();
  if (position == key) corrupt();
  const isWanted = sectionLength > 0 && isWord(key, wanted);
  skipSpace();
  if (peek() != 0x3d) {
    skipLine();
    return false;
  }
  position++;
  readValue();
  return isWanted;
}

/** Whether the word that ends here is this one, whatever the case of its letters. */
function isWord(start: usize, word: string): bool {
  const letters = pointerTo(word) - start;
  for (let at = start; at < position; at++) {
    if ((load<u8>(at) | 0x20) != load<u8>(at + letters)) return false;
  }
  return load<u8>(position + letters) == 0;
}

function isLetterOrDigit(byte: u8): bool {
  return <u32>byte - 0x30 < 10 || <u32>(byte | 0x20) - 0x61 < 26;
}

/** Appends the value to the text. */
function readValue(): void {
  skipSpace();
  const start = mark();
  let kept = lengthSince(start);
  let quoted = false;
  for (let byte = peek(); byte != NEWLINE; byte = peek()) {
    position++;
    if (byte == QUOTE) {
      quoted = !quoted;
      continue;
    }
    if (!quoted && (byte == 0x23 || byte == 0x3b)) {
      skipLine();
      break;
    }
    if (byte == BACKSLASH) {
      byte = peek();
      if (position++ >= end) corrupt();
      if (byte == NEWLINE) continue;
      if (byte == 0x6e) byte = NEWLINE;
      else if (byte == 0x74) byte = 0x09;
      else if (byte != QUOTE && byte != BACKSLASH) corrupt();
    }
    appendByte(byte);
    // Space at the end counts only in quotation marks.
    if (quoted || !isSpace(byte)) kept = lengthSince(start);
  }
  if (quoted) corrupt();
  rewind(start + kept);
}

function corrupt(): void {
  fail(EXIT_CORRUPT, 'the file .gitmodules is malformed');
}
