import { equalsText, indexOf, startsWith } from '../text/bytes.ts';
import { EXIT_CORRUPT, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { addNumber, forgetSparse, setFileSize } from './sparse.ts';

/** What extended headers of pax, or GNU's long names, say of entries in place of their own headers. */
const PATH: usize = 0;
const LINK: usize = 8;
const SIZE: usize = 16;
const OVERRIDES: usize = 24;

/** Those of the next entry, and those of all entries: each a pointer and a length twice, and a size one too high (0: none). */
const overrides = memory.data(24, 8);
const globals = memory.data(24, 8);
let named: bool = false;
let mapInContent: bool = false;

/** The next entry has its own values again, but for those of global headers. */
export function forgetOverrides(): void {
  memory.copy(overrides, globals, OVERRIDES);
  named = mapInContent = false;
  forgetSparse();
}

/** What was read last holds for all entries that follow. */
export function makeGlobal(): void {
  memory.copy(globals, overrides, OVERRIDES);
}

export function overriddenPath(): usize {
  return load<usize>(overrides);
}

export function overriddenPathLength(): i32 {
  return load<i32>(overrides, PATH + 4);
}

export function overriddenLink(): usize {
  return load<usize>(overrides, LINK);
}

export function overriddenLinkLength(): i32 {
  return load<i32>(overrides, LINK + 4);
}

/** The size, if one was given in place of this one. */
export function overriddenSize(size: u64): u64 {
  const given = load<u64>(overrides, SIZE);
  return given == 0 ? size : given - 1;
}

/** Whether the content begins with the list of a sparse file's pieces. */
export function hasMapInContent(): bool {
  return mapInContent;
}

/** The text stays where it is until the entry has been read. An empty one takes an earlier one back. */
export function overridePath(text: usize, length: i32): void {
  if (!named) setOverride(PATH, text, length);
}

export function overrideLink(text: usize, length: i32): void {
  setOverride(LINK, text, length);
}

function setOverride(field: usize, text: usize, length: i32): void {
  store<usize>(field, length == 0 ? 0 : text, overrides);
  store<i32>(field + 4, length, overrides);
}

function malformed(): void {
  fail(EXIT_CORRUPT, 'an extended header in the archive is malformed');
}

/** Reads records `<length> <key>=<value>\n`, each length counting the whole record. */
export function readRecords(records: usize, total: i32): void {
  for (let at = 0; at < total;) {
    const record = records + at;
    const available = total - at;
    const digits = indexOf(record, available, 0x20);
    const stated = decimal(record, digits);
    const length = <i32>stated;
    if (stated > <u64>available || length < digits + 3) malformed();
    const body = digits + 1;
    const key = indexOf(record + body, length - body, 0x3d);
    const value = body + key + 1;
    if (value >= length || load<u8>(record + length - 1) != 0x0a) malformed();
    readRecord(record + body, key, record + value, length - 1 - value);
    at += length;
  }
}

function readRecord(key: usize, keyLength: i32, value: usize, length: i32): void {
  if (equalsText(key, keyLength, 'path')) overridePath(value, length);
  else if (equalsText(key, keyLength, 'linkpath')) overrideLink(value, length);
  else if (equalsText(key, keyLength, 'size')) {
    store<u64>(overrides, length == 0 ? 0 : decimal(value, length) + 1, SIZE);
  } else if (startsWith(key, keyLength, 'GNU.sparse.')) {
    readSparseRecord(key + 11, keyLength - 11, value, length);
  }
}

/** GNU tar's sparse files, formats 0.0, 0.1 and 1.0. */
function readSparseRecord(key: usize, keyLength: i32, value: usize, length: i32): void {
  if (equalsText(key, keyLength, 'name')) {
    setOverride(PATH, value, length);
    named = true;
  } else if (equalsText(key, keyLength, 'size') || equalsText(key, keyLength, 'realsize')) {
    setFileSize(decimal(value, length));
  } else if (equalsText(key, keyLength, 'offset') || equalsText(key, keyLength, 'numbytes')) {
    addNumber(decimal(value, length));
  } else if (equalsText(key, keyLength, 'map')) {
    for (let at = 0; at < length;) {
      const digits = indexOf(value + at, length - at, 0x2c);
      addNumber(decimal(value + at, digits));
      at += digits + 1;
    }
  } else if (equalsText(key, keyLength, 'major')) {
    const version = decimal(value, length);
    if (version > 1) fail(EXIT_UNSUPPORTED, 'the archive has a sparse file of an unknown format');
    mapInContent = version == 1;
  }
}

function decimal(text: usize, length: i32): u64 {
  if (length <= 0 || length > 15) malformed();
  let number: u64 = 0;
  for (let i = 0; i < length; i++) {
    const digit = <u32>load<u8>(text + i) - 0x30;
    if (digit > 9) malformed();
    number = number * 10 + digit;
  }
  return number;
}
