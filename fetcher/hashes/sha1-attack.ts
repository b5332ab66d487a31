import { sha1Constants } from './sha1-compress.ts';

/**
 * Tells whether a block of SHA-1 is the last of a collision attack, as M. Stevens found to do ("Counter-cryptanalysis",
 * 2013): all known attacks follow one of 32 disturbance vectors, and each vector says how the other message's block
 * differs, and at which step both messages have the same state. From there the other message is computed; if it ends in the
 * very same value, then two messages have been made to collide.
 *
 * A vector is its type, the step K at which it begins and a rotation by b bits: I(43..52, 0), I(46..51, 2),
 * II(45..56, 0) and II(46 and 49..51, 2). The words' differences are one sequence for each type, moved by K and rotated by b.
 */
const FIRST_STEP: usize = 56;
const SEQUENCE: usize = 96 * 4;
/** For each type the differences from 56 steps before K to 39 after it. */
const differences = memory.data(2 * SEQUENCE, 16);
const TYPE_ONE: usize = differences + FIRST_STEP * 4;
const TYPE_TWO: usize = TYPE_ONE + SEQUENCE;

/** Sixteen words of each sequence fix the others: here are their bits that are set, as `32 * step + bit`. */
const seeds = memory.data<u16>([
  4, 61, 63, 125, 157, 480, 3101, 3135, 3140, 3204, 3229, 3261, 3263, 3325, 3357, 3552,
]);

/** The other message's words; its first state word after each step, from four before the first. */
const words = memory.data(80 * 4, 16);
const values = memory.data(88 * 4, 16) + 16;

function makeDifferences(): void {
  for (let seed = seeds; seed < seeds + 32; seed += 2) {
    const bit = <usize>load<u16>(seed);
    const word = TYPE_ONE + ((bit >> 5) << 2);
    store<u32>(word, load<u32>(word) | (1 << bit));
  }
  for (let at = TYPE_ONE; at <= TYPE_TWO; at += SEQUENCE) {
    for (let word = at + 64; word < at + 160; word += 4) {
      const mixed = load<u32>(word - 12) ^ load<u32>(word - 32) ^ load<u32>(word - 56) ^ load<u32>(word - 64);
      store<u32>(word, rotl<u32>(mixed, 1));
    }
    for (let word = at - 4; word >= at - FIRST_STEP * 4; word -= 4) {
      const mixed = rotl<u32>(load<u32>(word, 64), 31) ^ load<u32>(word, 52);
      store<u32>(word, mixed ^ load<u32>(word, 32) ^ load<u32>(word, 8));
    }
  }
}

/** The bits of steps, of which step 32 has bit 0; so the steps from 44 to 52 are `S53 - S44`. */
const S43: u32 = 1 << 11;
const S44: u32 = 1 << 12;
const S45: u32 = 1 << 13;
const S46: u32 = 1 << 14;
const S47: u32 = 1 << 15;
const S49: u32 = 1 << 17;
const S50: u32 = 1 << 18;
const S51: u32 = 1 << 19;
const S52: u32 = 1 << 20;
const S53: u32 = 1 << 21;
const S55: u32 = 1 << 23;
const S57: u32 = 1 << 25;

/**
 * Whether the block is part of an attack. Given are its eighty words, the state before each fifth step, each of five words,
 * and the state after the block.
 */
export function isAttack(block: usize, states: usize, after: usize): bool {
  // For the message bits at four places, a number with a bit for each of the steps 32 to 63.
  let p1: u32 = 0;
  let p4: u32 = 0;
  let p6: u32 = 0;
  let p29: u32 = 0;
  for (let step: usize = 0; step < 32; step += 4) {
    const four = v128.load(block + (step << 2), 128);
    p1 |= i32x4.bitmask(i32x4.shl(four, 30)) << (<i32>step);
    p4 |= i32x4.bitmask(i32x4.shl(four, 27)) << (<i32>step);
    p6 |= i32x4.bitmask(i32x4.shl(four, 25)) << (<i32>step);
    p29 |= i32x4.bitmask(i32x4.shl(four, 2)) << (<i32>step);
  }
  // No block follows a vector that lacks one of these relations of two of its bits (M. Stevens and D. Shumow, "Speeding up
  // detection of SHA-1 collision attacks using unavoidable attack conditions", 2017). Theirs are more; these leave few.
  const a = p4 ^ (p29 >> 3);
  const b = p29 ^ (p29 >> 1);
  const c = ~(p29 ^ (p29 >> 2));
  const oneLacks =
    a |
    (a << 2) |
    (a << 4) |
    (a << 6) |
    (b >> 3) |
    ((b << 4) & (S53 - S44)) |
    (((a << 10) | (b << 7) | (c << 3)) & (S53 - S47)) |
    ((c >> 1) & (S50 - S43)) |
    ((c << 1) & (S52 - S45));
  const twoLacks =
    (a << 4) |
    (b << 1) |
    (b << 2) |
    (((a << 9) | (b << 6)) & (S57 - S46)) |
    ((((p4 ^ (p29 >> 4)) << 12) | (b << 7)) & (S57 - S47)) |
    (((a >> 2) | (b >> 4)) & (S55 - S45)) |
    (((a >> 4) | (b >> 7)) & (S53 - S45)) |
    (((a << 16) | (~(p4 ^ (p4 >> 2)) << 16)) & (S57 - S53));
  const d = p6 ^ (p1 >> 1);
  const e = ~(p1 ^ (p6 >> 1));
  const f = p6 ^ (p6 >> 2);
  const turnedOneLacks =
    d |
    (f << 2) |
    (f << 4) |
    (f << 6) |
    ((e << 7) & ((S49 - S46) | S51)) |
    ((e << 11) & ((S49 - S46) | (S52 - S50))) |
    (((d << 10) | (e << 14)) & (S52 - S49));
  const turnedTwoLacks =
    (d << 4) |
    (d >> 4) |
    (e << 10) |
    (f >> 2) |
    (~(p1 ^ (p1 >> 4)) >> 1) |
    ((d << 9) & (S52 - S49)) |
    ((e << 5) & (S50 - S46)) |
    ((~(p1 ^ (p1 >> 2)) << 5) & (S52 - S50));
  return (
    follows(~oneLacks & (S53 - S43), TYPE_ONE, 0, block, states, after) ||
    follows(~twoLacks & (S57 - S45), TYPE_TWO, 0, block, states, after) ||
    follows(~turnedOneLacks & (S52 - S46), TYPE_ONE, 2, block, states, after) ||
    follows(~turnedTwoLacks & (S46 | (S52 - S49)), TYPE_TWO, 2, block, states, after)
  );
}

/** Whether the block follows one of the vectors of this type and rotation, given as the bits of their K. */
function follows(vectors: u32, type: usize, rotation: i32, block: usize, states: usize, after: usize): bool {
  for (; vectors != 0; vectors &= vectors - 1) {
    if (load<u32>(TYPE_ONE) == 0) makeDifferences();
    const k = <usize>ctz(vectors) + 32;
    if (k > 44 && k < 49 && !sumsToOne(block + (k << 2), rotation)) continue;
    const difference = type - (k << 2);
    for (let at: usize = 0; at < 320; at += 16) {
      const turned = v128.load(difference + at);
      const other = v128.or(i32x4.shl(turned, rotation), i32x4.shr_u(turned, 32 - rotation));
      v128.store(at, v128.xor(v128.load(block + at), other), words);
    }
    // Where the state is the same in both messages, among the steps whose states there are.
    const step: usize = k < 45 ? 55 : type == TYPE_TWO && k > 51 ? 65 : 60;
    if (endsIn(after, step, states + (step << 2))) return true;
  }
  return false;
}

/** A further relation, of those vectors that begin at the steps 45 to 48. */
function sumsToOne(word: usize, rotation: u32): bool {
  return (((load<u32>(word, 60) >> rotation) ^ (load<u32>(word, 64) >> (rotation + 5))) & 1) != 0;
}

/** A step's sum, as FIPS 180-4 has it, but for the oldest of the five state words. `at` is four times the step. */
function sumWithoutOldest(at: usize): u32 {
  const a = load<u32>(at, values);
  const b = load<u32>(at, values - 4);
  const c = rotl<u32>(load<u32>(at, values - 8), 30);
  const d = rotl<u32>(load<u32>(at, values - 12), 30);
  const round = at / 80;
  const mixed = round == 0 ? d ^ (b & (c ^ d)) : round == 2 ? (b & c) | (d & (b | c)) : b ^ c ^ d;
  return rotl<u32>(a, 5) + mixed + load<u32>(round << 2, sha1Constants) + load<u32>(at, words);
}

/** Whether the other message, which has the state at the step, comes to the value. */
function endsIn(value: usize, step: usize, state: usize): bool {
  for (let i: usize = 0; i < 20; i += 4) {
    const word = load<u32>(state + i);
    store<u32>(values + (step << 2) - i, i < 8 ? word : rotl<u32>(word, 2));
  }
  for (let at = step << 2; at < 320; at += 4) {
    store<u32>(at, sumWithoutOldest(at) + rotl<u32>(load<u32>(at, values - 16), 30), values + 4);
  }
  for (let at = (step << 2) - 4; <isize>at >= 0; at -= 4) {
    store<u32>(at, rotl<u32>(load<u32>(at, values + 4) - sumWithoutOldest(at), 2), values - 16);
  }
  for (let i: usize = 0; i < 20; i += 4) {
    const turn = i < 8 ? 0 : 30;
    const first = rotl<u32>(load<u32>(values - i), turn);
    if (first + rotl<u32>(load<u32>(values + 320 - i), turn) != load<u32>(value + i)) return false;
  }
  return true;
}
