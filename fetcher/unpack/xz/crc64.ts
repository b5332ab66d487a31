/** CRC-64 as xz has it (ECMA-182, reflected), eight bytes at a time. */
const tables = memory.data(8 * 2048, 8);
const POLYNOMIAL: u64 = 0xc96c5795d7870f42;

function buildTables(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let value: u64 = i;
    for (let bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? POLYNOMIAL : 0);
    store<u64>(tables + (i << 3), value);
  }
  for (let at: usize = tables + 2048; at < tables + 16384; at += 8) {
    const value = load<u64>(at - 2048);
    store<u64>(at, (value >> 8) ^ load<u64>(tables + (((<usize>value) & 0xff) << 3)));
  }
}

/** Continues a checksum; the first one begins with 0. */
export function crc64(checksum: u64, bytes: usize, length: usize): u64 {
  if (load<u64>(tables, 8) == 0) buildTables();
  let value = ~checksum;
  for (; length >= 8; length -= 8) {
    const word = load<u64>(bytes) ^ value;
    value = 0;
    for (let i: usize = 0; i < 8; i++) {
      value ^= load<u64>(tables + 14336 - (i << 11) + (((<usize>(word >> (i << 3))) & 0xff) << 3));
    }
    bytes += 8;
  }
  for (; length > 0; length--) {
    value = (value >> 8) ^ load<u64>(tables + ((((<usize>value) ^ load<u8>(bytes++)) & 0xff) << 3));
  }
  return ~value;
}
