import { equalsText, indexOf, startsWith } from '../text/bytes.ts';
import { EXIT_CORRUPT, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';

/** What the extended header of pax, or GNU's long names, say of the next entry in place of its own header. */
export const NO_SIZE: u64 = u64.MAX_VALUE;

let path: usize = 0;
let pathLength: i32 = 0;
let link: usize = 0;
let linkLength: i32 = 0;
let size: u64 = NO_SIZE;

/** The next entry has its own values again. */
export function forgetOverrides(): void {
  path = link = 0;
  size = NO_SIZE;
}

export function overriddenPath(): usize {
  return path;
}

export function overriddenPathLength(): i32 {
  return pathLength;
}

export function overriddenLink(): usize {
  return link;
}

export function overriddenLinkLength(): i32 {
  return linkLength;
}

export function overriddenSize(): u64 {
  return size;
}

/** The text stays where it is until the entry has been read. */
export function overridePath(text: usize, length: i32): void {
  path = text;
  pathLength = length;
}

export function overrideLink(text: usize, length: i32): void {
  link = text;
  linkLength = length;
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
    const length = <i32>decimal(record, digits);
    if (length > available || length < digits + 3) malformed();
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
  else if (equalsText(key, keyLength, 'size')) size = decimal(value, length);
  else if (startsWith(key, keyLength, 'GNU.sparse')) fail(EXIT_UNSUPPORTED, 'the archive has a sparse file');
}

function decimal(text: usize, length: i32): u64 {
  if (length == 0 || length > 15) malformed();
  let number: u64 = 0;
  for (let i = 0; i < length; i++) {
    const digit = <u32>load<u8>(text + i) - 0x30;
    if (digit > 9) malformed();
    number = number * 10 + digit;
  }
  return number;
}
