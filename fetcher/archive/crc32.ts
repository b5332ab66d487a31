/** CRC-32 as gzip has it (RFC 1952, section 8), eight bytes at a time. */
const tables = memory.data(8 * 1024, 4);
const POLYNOMIAL: u32 = 0xedb88320;

function buildTables(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? POLYNOMIAL : 0);
    store<u32>(tables + (i << 2), value);
  }
  for (let at: usize = tables + 1024; at < tables + 8192; at += 4) {
    const value = load<u32>(at - 1024);
    store<u32>(at, (value >> 8) ^ load<u32>(tables + ((value & 0xff) << 2)));
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
      load<u32>(tables + 7168 + ((low & 0xff) << 2)) ^
      load<u32>(tables + 6144 + (((low >> 8) & 0xff) << 2)) ^
      load<u32>(tables + 5120 + (((low >> 16) & 0xff) << 2)) ^
      load<u32>(tables + 4096 + ((low >> 24) << 2)) ^
      load<u32>(tables + 3072 + ((high & 0xff) << 2)) ^
      load<u32>(tables + 2048 + (((high >> 8) & 0xff) << 2)) ^
      load<u32>(tables + 1024 + (((high >> 16) & 0xff) << 2)) ^
      load<u32>(tables + ((high >> 24) << 2));
    bytes += 8;
  }
  for (; length > 0; length--) {
    value = (value >> 8) ^ load<u32>(tables + (((value ^ load<u8>(bytes++)) & 0xff) << 2));
  }
  return ~value;
}
