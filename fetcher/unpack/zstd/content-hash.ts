/** XXH64 without a seed, of which a frame ends with the lower half. */
const PRIME_1: u64 = 0x9e3779b185ebca87;
const PRIME_2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME_3: u64 = 0x165667b19e3779f9;
const PRIME_4: u64 = 0x85ebca77c2b2ae63;
const PRIME_5: u64 = 0x27d4eb2f165667c5;

/** Four lanes, and the stripe that is being filled. */
const lanes = memory.data(32, 8);
const stripe = memory.data(32, 8);
let length: u64 = 0;

export function beginContentHash(): void {
  store<u64>(lanes, PRIME_1 + PRIME_2);
  store<u64>(lanes, PRIME_2, 8);
  store<u64>(lanes, 0, 16);
  store<u64>(lanes, 0 - PRIME_1, 24);
  length = 0;
}

export function updateContentHash(bytes: usize, count: usize): void {
  const filled = (<usize>length) & 31;
  length += count;
  if (filled > 0) {
    const taken = min(32 - filled, count);
    memory.copy(stripe + filled, bytes, taken);
    if (filled + taken < 32) return;
    addStripes(stripe, 1);
    bytes += taken;
    count -= taken;
  }
  addStripes(bytes, count >> 5);
  memory.copy(stripe, bytes + (count & ~31), count & 31);
}

export function contentHash(): u64 {
  let hash = length >= 32 ? mergedLanes() : PRIME_5;
  hash += length;
  let at = stripe;
  let left = (<usize>length) & 31;
  for (; left >= 8; left -= 8) {
    hash = rotl<u64>(hash ^ round(0, load<u64>(at)), 27) * PRIME_1 + PRIME_4;
    at += 8;
  }
  if (left >= 4) {
    hash = rotl<u64>(hash ^ (<u64>load<u32>(at) * PRIME_1), 23) * PRIME_2 + PRIME_3;
    at += 4;
    left -= 4;
  }
  for (; left > 0; left--) hash = rotl<u64>(hash ^ (<u64>load<u8>(at++) * PRIME_5), 11) * PRIME_1;
  hash = (hash ^ (hash >> 33)) * PRIME_2;
  hash = (hash ^ (hash >> 29)) * PRIME_3;
  return hash ^ (hash >> 32);
}

function round(lane: u64, input: u64): u64 {
  return rotl<u64>(lane + input * PRIME_2, 31) * PRIME_1;
}

function addStripes(bytes: usize, count: usize): void {
  let first = load<u64>(lanes);
  let second = load<u64>(lanes, 8);
  let third = load<u64>(lanes, 16);
  let fourth = load<u64>(lanes, 24);
  for (; count > 0; count--) {
    first = round(first, load<u64>(bytes));
    second = round(second, load<u64>(bytes, 8));
    third = round(third, load<u64>(bytes, 16));
    fourth = round(fourth, load<u64>(bytes, 24));
    bytes += 32;
  }
  store<u64>(lanes, first);
  store<u64>(lanes, second, 8);
  store<u64>(lanes, third, 16);
  store<u64>(lanes, fourth, 24);
}

function mergedLanes(): u64 {
  let hash: u64 = 0;
  for (let i = 0; i < 4; i++)
    hash += rotl<u64>(load<u64>(lanes + (i << 3)), i == 0 ? 1 : i == 1 ? 7 : i == 2 ? 12 : 18);
  for (let i = 0; i < 4; i++) hash = (hash ^ round(0, load<u64>(lanes + (i << 3)))) * PRIME_1 + PRIME_4;
  return hash;
}
