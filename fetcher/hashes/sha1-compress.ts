import { EXIT_CORRUPT, fail } from '../host/failure.ts';
import { isAttack } from './sha1-attack.ts';

/** The compression function of SHA-1 (FIPS 180-4). */

/** The message's eighty words, of which the first sixteen are the block. */
const words = memory.data(320, 16);
/** The same with the rounds' constants added; and after it, beside every fifth word, the state before its step. */
const schedule = memory.data(2 * 320, 16);
const STATES: usize = 320;
export const sha1Constants = memory.data<u32>([0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6]);

/** What a state begins with: the digits in order and back again. */
export const sha1Start = memory.data<u8>([
  0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10, 0xf0, 0xe1,
  0xd2, 0xc3,
]);

function rotateLeft(words: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(words, bits), i32x4.shr_u(words, 32 - bits));
}

/** Makes the schedule of a block, four words at a time. */
function extend(block: usize): void {
  for (let i: usize = 0; i < 64; i += 16) {
    const part = v128.load(block + i);
    v128.store(i, v128.shuffle<u8>(part, part, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12), words);
  }
  let before = v128.load(words + 48);
  for (let at = words + 64; at < words + 128; at += 16) {
    // The last of the four depends on the first, and so is completed after it.
    const first = v128.load(at - 64);
    let mixed = v128.shuffle<u32>(before, i32x4.splat(0), 1, 2, 3, 4);
    mixed = v128.xor(v128.xor(mixed, v128.load(at - 32)), first);
    mixed = rotateLeft(v128.xor(mixed, v128.shuffle<u32>(first, v128.load(at - 48), 2, 3, 4, 5)), 1);
    before = v128.xor(mixed, v128.shuffle<u32>(i32x4.splat(0), rotateLeft(mixed, 1), 0, 0, 0, 4));
    v128.store(at, before);
  }
  // The rule applied to its own result: a word depends on those that are 6, 16, 28 and 32 places before it.
  for (let at = words + 128; at < words + 320; at += 16) {
    let mixed = v128.shuffle<u32>(v128.load(at - 32), before, 2, 3, 4, 5);
    mixed = v128.xor(v128.xor(mixed, v128.load(at - 64)), v128.load(at - 112));
    before = rotateLeft(v128.xor(mixed, v128.load(at - 128)), 2);
    v128.store(at, before);
  }
  for (let i: usize = 0; i < 320; i += 80) {
    const constant = v128.load32_splat(i / 20, sha1Constants);
    for (let at = i; at < i + 80; at += 16) {
      v128.store(at, i32x4.add(v128.load(at, words), constant), schedule);
    }
  }
}

/** Ends the program if the block ends a collision attack. */
export function compressSha1(state: usize, block: usize): void {
  extend(block);
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  let word = schedule;
  // Five rounds at a time, so that the five words need no moving. The value that comes last out of the round
  // before stands last in each sum: what does not depend on it is then added first.
  for (; word < schedule + 80; word += 20) {
    e = e + load<u32>(word) + (d ^ (b & (c ^ d))) + rotl<u32>(a, 5);
    b = rotl<u32>(b, 30);
    d = d + load<u32>(word, 4) + (c ^ (a & (b ^ c))) + rotl<u32>(e, 5);
    a = rotl<u32>(a, 30);
    c = c + load<u32>(word, 8) + (b ^ (e & (a ^ b))) + rotl<u32>(d, 5);
    e = rotl<u32>(e, 30);
    b = b + load<u32>(word, 12) + (a ^ (d & (e ^ a))) + rotl<u32>(c, 5);
    d = rotl<u32>(d, 30);
    a = a + load<u32>(word, 16) + (e ^ (c & (d ^ e))) + rotl<u32>(b, 5);
    c = rotl<u32>(c, 30);
  }
  for (; word < schedule + 320; word += 20) {
    store<u32>(word, a, STATES);
    store<u32>(word, b, STATES + 4);
    store<u32>(word, c, STATES + 8);
    store<u32>(word, d, STATES + 12);
    store<u32>(word, e, STATES + 16);
    const middle = word >= schedule + 160 && word < schedule + 240;
    if (middle) {
      e = e + load<u32>(word) + ((b & c) | (d & (b | c))) + rotl<u32>(a, 5);
      b = rotl<u32>(b, 30);
      d = d + load<u32>(word, 4) + ((a & b) | (c & (a | b))) + rotl<u32>(e, 5);
      a = rotl<u32>(a, 30);
      c = c + load<u32>(word, 8) + ((e & a) | (b & (e | a))) + rotl<u32>(d, 5);
      e = rotl<u32>(e, 30);
      b = b + load<u32>(word, 12) + ((d & e) | (a & (d | e))) + rotl<u32>(c, 5);
      d = rotl<u32>(d, 30);
      a = a + load<u32>(word, 16) + ((c & d) | (e & (c | d))) + rotl<u32>(b, 5);
      c = rotl<u32>(c, 30);
      continue;
    }
    e = e + load<u32>(word) + (b ^ c ^ d) + rotl<u32>(a, 5);
    b = rotl<u32>(b, 30);
    d = d + load<u32>(word, 4) + (a ^ b ^ c) + rotl<u32>(e, 5);
    a = rotl<u32>(a, 30);
    c = c + load<u32>(word, 8) + (e ^ a ^ b) + rotl<u32>(d, 5);
    e = rotl<u32>(e, 30);
    b = b + load<u32>(word, 12) + (d ^ e ^ a) + rotl<u32>(c, 5);
    d = rotl<u32>(d, 30);
    a = a + load<u32>(word, 16) + (c ^ d ^ e) + rotl<u32>(b, 5);
    c = rotl<u32>(c, 30);
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
  if (isAttack(words, schedule + STATES, state))
    fail(EXIT_CORRUPT, 'the SHA-1 is that of a collision attack');
}
