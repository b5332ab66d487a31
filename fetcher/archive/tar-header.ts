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
  for (const end = field + length; field < end; field++) {
    const byte = <u32>load<u8>(field);
    if (byte - 0x30 < 8) number = (number << 3) | (byte - 0x30);
    else if (byte != 0 && byte != 0x20) fail(EXIT_CORRUPT, 'a number in the archive is malformed');
    // Spaces may come before it; what comes after it does not count.
    else if (byte == 0 || number != 0) break;
  }
  return number;
}

function binaryNumberAt(field: usize, length: i32): u64 {
  let number = <u64>(load<u8>(field) & 0x7f);
  for (let i = 1; i < length; i++) {
    if (number >> 48) fail(EXIT_CORRUPT, 'a number in the archive is malformed');
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
  let stated: u32 = 0;
  let unsigned: u32 = 0;
  let signed: u32 = 0;
  for (let i: usize = 0; i < BLOCK; i++) {
    let byte: i32 = load<i8>(block + i);
    if (i - CHECKSUM < 8) {
      const digit = <u32>byte - 0x30;
      if (digit < 8) stated = (stated << 3) | digit;
      // The sum is of a header with spaces in place of it, so it is never zero.
      byte = 0x20;
    }
    unsigned += byte & 0xff;
    signed += byte;
  }
  return stated == unsigned || stated == signed;
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
