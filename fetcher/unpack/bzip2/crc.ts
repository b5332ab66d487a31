/** CRC-32 as bzip2 has it: the polynomial of gzip's, the highest bit first. */
const table = memory.data(1024, 4);
const POLYNOMIAL: u32 = 0x04c11db7;

function buildTable(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let value = i << 24;
    for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value >> 31 ? POLYNOMIAL : 0);
    store<u32>(table + (i << 2), value);
  }
}

/** Continues a checksum; the first one begins with all bits set, and the last one is inverted. */
export function continueCrc(checksum: u32, bytes: usize, length: usize): u32 {
  if (load<u32>(table, 4) == 0) buildTable();
  for (const end = bytes + length; bytes < end; bytes++) {
    checksum = (checksum << 8) ^ load<u32>(table + (((checksum >> 24) ^ load<u8>(bytes)) << 2));
  }
  return checksum;
}
