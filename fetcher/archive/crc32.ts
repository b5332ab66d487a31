/** CRC-32 as gzip has it (RFC 1952, section 8), eight bytes at a time. */
const tables = memory.data(8 * 1024, 4);
const POLYNOMIAL: u32 = 0xedb88320;

function buildTables(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? POLYNOMIAL : 0);
    store<u32>(i << 2, value, tables);
  }
  for (let at: usize = tables + 1024; at < tables + 8192; at += 4) {
    const value = load<u32>(at - 1024);
    store<u32>(at, (value >> 8) ^ load<u32>((value & 0xff) << 2, tables));
  }
}

/** Continues a checksum; the first one begins with 0. */
export function crc32(checksum: u32, bytes: usize, length: usize): u32 {
  if (load<u32>(tables, 4) == 0) buildTables();
  let value = ~checksum;
  for (; length >= 8; length -= 8) {
    const low = load<u32>(bytes) ^ value;
    const high = load<u32>(bytes, 4);
    value =
      load<u32>((low & 0xff) << 2, tables + 7168) ^
      load<u32>((low >> 6) & 0x3fc, tables + 6144) ^
      load<u32>((low >> 14) & 0x3fc, tables + 5120) ^
      load<u32>((low >> 22) & 0x3fc, tables + 4096) ^
      load<u32>((high & 0xff) << 2, tables + 3072) ^
      load<u32>((high >> 6) & 0x3fc, tables + 2048) ^
      load<u32>((high >> 14) & 0x3fc, tables + 1024) ^
      load<u32>((high >> 22) & 0x3fc, tables);
    bytes += 8;
  }
  for (; length > 0; length--) {
    value = (value >> 8) ^ load<u32>(((value ^ load<u8>(bytes++)) & 0xff) << 2, tables);
  }
  return ~value;
}
