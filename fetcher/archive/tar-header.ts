import { indexOf, startsWith } from '../text/bytes.ts';
import { EXIT_CORRUPT, fail } from '../host/failure.ts';

/** The header block of a tar archive (POSIX ustar, and GNU's variant of it). */
export const BLOCK: usize = 512;

const NAME: usize = 0;
const MODE: usize = 100;
const SIZE: usize = 124;
const CHECKSUM: usize = 148;
const TYPE: usize = 156;
const LINK_NAME: usize = 157;
const MAGIC: usize = 257;
const PREFIX: usize = 345;
/** GNU's old sparse files: four offsets and lengths, whether more follow, and the file's size. */
export const SPARSE_NUMBERS: usize = 386;
const SPARSE_SIZE: usize = 483;

export const NAME_LENGTH: i32 = 100;
const PREFIX_LENGTH: i32 = 155;
const OWNER_MAY_EXECUTE: u64 = 0o100;

const fullName = memory.data(260);

/** A number field: octal digits, or with the highest bit set a number of base 256. */
export function numberAt(field: usize, length: i32): u64 {
  if (load<u8>(field) & 0x80) return binaryNumberAt(field, length);
  let number: u64 = 0;
  let at = 0;
  while (at < length && load<u8>(field + at) == 0x20) at++;
  for (; at < length; at++) {
    const digit = <u32>load<u8>(field + at) - 0x30;
    if (digit > 7) break;
    number = (number << 3) | digit;
  }
  if (at < length && load<u8>(field + at) != 0 && load<u8>(field + at) != 0x20) {
    fail(EXIT_CORRUPT, 'a number in the archive is malformed');
  }
  return number;
}

function binaryNumberAt(field: usize, length: i32): u64 {
  let number = <u64>(load<u8>(field) & 0x7f);
  for (let i = 1; i < length; i++) {
    if (number >> 48) fail(EXIT_CORRUPT, 'a number in the archive is too large');
    number = (number << 8) | load<u8>(field + i);
  }
  return number;
}

export function isZeroBlock(block: usize): bool {
  for (let i: usize = 0; i < BLOCK; i += 8) if (load<u64>(block + i) != 0) return false;
  return true;
}

/** Whether the block's checksum holds; some old programs added up signed bytes. */
export function isTarHeader(block: usize): bool {
  if (load<u8>(block + CHECKSUM) & 0x80) return false;
  let stated: u32 = 0;
  let digits = 0;
  for (let i: usize = 0; i < 8; i++) {
    const digit = <u32>load<u8>(block + CHECKSUM + i) - 0x30;
    if (digit > 7) continue;
    stated = (stated << 3) | digit;
    digits++;
  }
  let unsigned: u32 = 8 * 0x20;
  let signed: u32 = 8 * 0x20;
  for (let i: usize = 0; i < BLOCK; i++) {
    if (i >= CHECKSUM && i < CHECKSUM + 8) continue;
    unsigned += load<u8>(block + i);
    signed += load<i8>(block + i);
  }
  return digits > 0 && (stated == unsigned || stated == signed);
}

export function headerType(block: usize): u8 {
  return load<u8>(block + TYPE);
}

export function headerSize(block: usize): u64 {
  return numberAt(block + SIZE, 12);
}

export function headerSparseSize(block: usize): u64 {
  return numberAt(block + SPARSE_SIZE, 12);
}

export function headerExecutable(block: usize): bool {
  return (numberAt(block + MODE, 8) & OWNER_MAY_EXECUTE) != 0;
}

export function headerLinkName(block: usize): usize {
  return block + LINK_NAME;
}

/** The name, with ustar's prefix before it, ended by a zero byte. GNU uses the prefix's place for times. */
export function headerName(block: usize): usize {
  let end = fullName;
  if (
    startsWith(block + MAGIC, 6, 'ustar') &&
    load<u8>(block + MAGIC + 5) == 0 &&
    load<u8>(block + PREFIX) != 0
  ) {
    const length = indexOf(block + PREFIX, PREFIX_LENGTH, 0);
    memory.copy(end, block + PREFIX, length);
    end += length;
    store<u8>(end++, 0x2f);
  }
  memory.copy(end, block + NAME, NAME_LENGTH);
  store<u8>(end + NAME_LENGTH, 0);
  return fullName;
}
