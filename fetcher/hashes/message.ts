import { compressSha1, sha1Start } from './sha1-compress.ts';
import { beginSha2, compressSha2 } from './sha2-compress.ts';

/**
 * The hashes of FIPS 180-4 over whole messages: they chop a message into blocks, and end it with its length. A state says of
 * which hash it is, and any number of states may be under way.
 */
export const SHA1: u32 = 0;
export const SHA256: u32 = 1;
export const SHA512: u32 = 2;

/** At most eight words of 64 bits, the message's length in bytes, the hash, and the block that is being filled. */
export const HASH_STATE: usize = 208;
const LENGTH: usize = 64;
const KIND: usize = 72;
const BLOCK: usize = 80;

export function beginHash(state: usize, kind: u32): void {
  memory.fill(state, 0, HASH_STATE);
  store<u32>(state, kind, KIND);
  if (kind == SHA1) memory.copy(state, sha1Start, 20);
  else beginSha2(state, kind == SHA512);
}

export function updateHash(state: usize, bytes: usize, length: usize): void {
  const size = blockSize(state);
  const block = state + BLOCK;
  const filled = (<usize>load<u64>(state, LENGTH)) & (size - 1);
  store<u64>(state, load<u64>(state, LENGTH) + length, LENGTH);
  if (filled > 0) {
    const taken = min(size - filled, length);
    memory.copy(block + filled, bytes, taken);
    if (filled + taken < size) return;
    compress(state, block);
    bytes += taken;
    length -= taken;
  }
  for (; length >= size; length -= size) {
    compress(state, bytes);
    bytes += size;
  }
  memory.copy(block, bytes, length);
}

/** Writes the digest: 20, 32 or 64 bytes. */
export function endHash(state: usize, digest: usize): void {
  const size = blockSize(state);
  const length = load<u64>(state, LENGTH);
  const block = state + BLOCK;
  let filled = (<usize>length) & (size - 1);
  store<u8>(block + filled++, 0x80);
  memory.fill(block + filled, 0, size - filled);
  // The length takes the last eighth of a block.
  if (filled > size - (size >> 3)) {
    compress(state, block);
    memory.fill(block, 0, size);
  }
  store<u64>(block + size - 8, bswap<u64>(length << 3));
  compress(state, block);
  const kind = load<u32>(state, KIND);
  // The words are written with their highest byte first.
  const turned: usize = kind == SHA512 ? 7 : 3;
  for (let i: usize = 0; i < digestLength(kind); i++) store<u8>(digest + i, load<u8>(state + (i ^ turned)));
}

/** How many bytes a digest has. */
export function digestLength(kind: u32): usize {
  return kind == SHA512 ? 64 : kind == SHA256 ? 32 : 20;
}

function blockSize(state: usize): usize {
  return load<u32>(state, KIND) == SHA512 ? 128 : 64;
}

function compress(state: usize, block: usize): void {
  const kind = load<u32>(state, KIND);
  if (kind == SHA1) compressSha1(state, block);
  else if (kind == SHA256) compressSha2<u32>(state, block);
  else compressSha2<u64>(state, block);
}
