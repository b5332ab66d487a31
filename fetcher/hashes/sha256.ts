import { beginning, constants } from './sha512.ts';

/**
 * SHA-256 (FIPS 180-4). A state is 104 bytes: eight words, the block that is being filled at 32, and the message's
 * length in bytes at 96.
 */
export const SHA256_STATE: usize = 104;
const BLOCK: usize = 32;
const LENGTH: usize = 96;

const words = memory.data(64 * 4, 16);

export function sha256Begin(state: usize): void {
  for (let i: usize = 0; i < 32; i += 4) store<u32>(state + i, load<u32>(beginning + 2 * i, 4));
  store<u64>(state, 0, LENGTH);
}

export function sha256Update(state: usize, bytes: usize, length: usize): void {
  const filled = (<usize>load<u64>(state, LENGTH)) & 63;
  store<u64>(state, load<u64>(state, LENGTH) + length, LENGTH);
  if (filled > 0) {
    const taken = min(64 - filled, length);
    memory.copy(state + BLOCK + filled, bytes, taken);
    if (filled + taken < 64) return;
    compress(state, state + BLOCK);
    bytes += taken;
    length -= taken;
  }
  for (; length >= 64; length -= 64) {
    compress(state, bytes);
    bytes += 64;
  }
  memory.copy(state + BLOCK, bytes, length);
}

/** Writes the 32 bytes of the digest. */
export function sha256End(state: usize, digest: usize): void {
  const length = load<u64>(state, LENGTH);
  const block = state + BLOCK;
  let filled = (<usize>length) & 63;
  store<u8>(block + filled++, 0x80);
  memory.fill(block + filled, 0, 64 - filled);
  if (filled > 56) {
    compress(state, block);
    memory.fill(block, 0, 64);
  }
  store<u64>(block, bswap<u64>(length << 3), 56);
  compress(state, block);
  for (let i = 0; i < 32; i += 4) store<u32>(digest + i, bswap<u32>(load<u32>(state + i)));
}

function compress(state: usize, block: usize): void {
  for (let i: usize = 0; i < 64; i += 4) store<u32>(words + i, bswap<u32>(load<u32>(block + i)));
  for (let at = words + 64; at < words + 256; at += 4) {
    const early = load<u32>(at - 60);
    const late = load<u32>(at - 8);
    const first = rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >> 3);
    const second = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >> 10);
    store<u32>(at, load<u32>(at - 64) + first + load<u32>(at - 28) + second);
  }
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  let f = load<u32>(state, 20);
  let g = load<u32>(state, 24);
  let h = load<u32>(state, 28);
  for (let i: usize = 0; i < 256; i += 4) {
    const choice = h + (rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25)) + (g ^ (e & (f ^ g)));
    const first = choice + load<u32>(constants + 2 * i, 4) + load<u32>(words + i);
    const second = (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + ((a & b) | (c & (a | b)));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
  store<u32>(state, load<u32>(state, 20) + f, 20);
  store<u32>(state, load<u32>(state, 24) + g, 24);
  store<u32>(state, load<u32>(state, 28) + h, 28);
}
