import { crc32 } from '../../archive/crc32.ts';
import { corrupt, take } from '../input.ts';

/** What is read between the contents, all of which is under a CRC-32. */
let checksum: u32 = 0;

export function beginHeader(): void {
  checksum = 0;
}

export function headerByte(): u32 {
  const byte = take(1);
  checksum = crc32(checksum, byte, 1);
  return load<u8>(byte);
}

/** A number in groups of seven bits, the lowest first. */
export function headerNumber(): u64 {
  let number: u64 = 0;
  for (let shift: u64 = 0; shift < 63; shift += 7) {
    const byte = <u64>headerByte();
    if (byte == 0 && shift > 0) corrupt();
    number |= (byte & 0x7f) << shift;
    if (byte < 0x80) return number;
  }
  corrupt();
  return 0;
}

/** Compares with the checksum that comes next. */
export function endHeader(): void {
  if (load<u32>(take(4)) != checksum) corrupt();
}
