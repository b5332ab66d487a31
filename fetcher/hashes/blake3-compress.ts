/** The compression function of BLAKE3, once over the rows of one block, once over four chunks side by side. */

/** The first eight words of the state, and of the key where there is none. */
export const initialValue = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** The order of the message's words in each of the seven rounds. */
const schedule = memory.data(7 * 16, 16);
const SCHEDULE_END: usize = 7 * 16;

/** Sees to it that the schedule is there: from each round to the next the words change places in the same way. */
export function makeSchedule(): void {
  const places = i8x16(2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8);
  let order = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (let round: usize = schedule; round < schedule + SCHEDULE_END; round += 16) {
    v128.store(round, order);
    order = v128.swizzle(places, order);
  }
}

function rotate16(x: v128): v128 {
  return v128.shuffle<u8>(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}

function rotate8(x: v128): v128 {
  return v128.shuffle<u8>(x, x, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
}

function rotate12(x: v128): v128 {
  return v128.or(i32x4.shr_u(x, 12), i32x4.shl(x, 20));
}

function rotate7(x: v128): v128 {
  return v128.or(i32x4.shr_u(x, 7), i32x4.shl(x, 25));
}

/** Four words of the block, every second one of the eight that the schedule names from here. */
function gather(block: usize, order: usize): v128 {
  let words = v128.load32_zero(block + ((<usize>load<u8>(order)) << 2));
  words = v128.load_lane<u32>(block + ((<usize>load<u8>(order, 2)) << 2), words, 1);
  words = v128.load_lane<u32>(block + ((<usize>load<u8>(order, 4)) << 2), words, 2);
  return v128.load_lane<u32>(block + ((<usize>load<u8>(order, 6)) << 2), words, 3);
}

/** Compresses one block into the eight words of `result`, which may be those of `chaining`. */
export function compressBlock(
  chaining: usize,
  block: usize,
  length: u32,
  counter: u64,
  flags: u32,
  result: usize,
): void {
  let a = v128.load(chaining);
  let b = v128.load(chaining, 16);
  let c = v128.load(initialValue);
  let d = i64x2.replace_lane(i64x2.splat(counter), 1, length | ((<u64>flags) << 32));
  for (let order: usize = schedule; order < schedule + SCHEDULE_END; order += 8) {
    a = i32x4.add(i32x4.add(a, b), gather(block, order));
    d = rotate16(v128.xor(d, a));
    c = i32x4.add(c, d);
    b = rotate12(v128.xor(b, c));
    a = i32x4.add(i32x4.add(a, b), gather(block, order + 1));
    d = rotate8(v128.xor(d, a));
    c = i32x4.add(c, d);
    b = rotate7(v128.xor(b, c));
    // The rows are turned, so that the diagonals stand in columns, and then back again.
    if (order & 8) {
      b = v128.shuffle<u32>(b, b, 3, 0, 1, 2);
      d = v128.shuffle<u32>(d, d, 1, 2, 3, 0);
    } else {
      b = v128.shuffle<u32>(b, b, 1, 2, 3, 0);
      d = v128.shuffle<u32>(d, d, 3, 0, 1, 2);
    }
    c = v128.shuffle<u32>(c, c, 2, 3, 0, 1);
  }
  v128.store(result, v128.xor(a, c));
  v128.store(result, v128.xor(b, d), 16);
}

/** The state of four compressions: sixteen vectors, a lane for each chunk. */
const state = memory.data(256, 16);
/** The message's sixteen words, in the same way. */
const words = memory.data(256, 16);

/** One quarter round on the vectors at these offsets of the state. */
function mix(a: usize, b: usize, c: usize, d: usize, order: usize): void {
  let va = v128.load(a, state);
  let vb = v128.load(b, state);
  let vc = v128.load(c, state);
  let vd = v128.load(d, state);
  va = i32x4.add(i32x4.add(va, v128.load((<usize>load<u8>(order)) << 4, words)), vb);
  vd = rotate16(v128.xor(vd, va));
  vc = i32x4.add(vc, vd);
  vb = rotate12(v128.xor(vb, vc));
  va = i32x4.add(i32x4.add(va, v128.load((<usize>load<u8>(order, 1)) << 4, words)), vb);
  vd = rotate8(v128.xor(vd, va));
  vc = i32x4.add(vc, vd);
  vb = rotate7(v128.xor(vb, vc));
  v128.store(a, va, state);
  v128.store(b, vb, state);
  v128.store(c, vc, state);
  v128.store(d, vd, state);
}

/** Turns a square of four rows of four words, so that each chunk's words come to stand in one lane. */
function transpose(from: usize, distance: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + distance);
  const c = v128.load(from + 2 * distance);
  const d = v128.load(from + 3 * distance);
  const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<u64>(ab, cd, 0, 2));
  v128.store(to, v128.shuffle<u64>(ab, cd, 1, 3), 16);
  v128.store(to, v128.shuffle<u64>(abHigh, cdHigh, 0, 2), 32);
  v128.store(to, v128.shuffle<u64>(abHigh, cdHigh, 1, 3), 48);
}

/** The chaining values of four whole chunks that lie one after another, the first with this number. */
export function compressFourChunks(bytes: usize, counter: u64, result: usize): void {
  for (let i: usize = 0; i < 8; i++) v128.store(i << 4, v128.load32_splat(i << 2, initialValue), state);
  for (let block: usize = 0; block < 16; block++) {
    for (let i: usize = 0; i < 4; i++) transpose(bytes + (block << 6) + (i << 4), 1024, words + (i << 6));
    for (let i: usize = 0; i < 4; i++) {
      v128.store(i << 4, v128.load32_splat(i << 2, initialValue), state + 128);
      store<u32>(i << 2, <u32>(counter + i), state + 192);
      store<u32>(i << 2, <u32>((counter + i) >> 32), state + 208);
    }
    v128.store(state, i32x4.splat(64), 224);
    v128.store(state, i32x4.splat(block == 0 ? 1 : block == 15 ? 2 : 0), 240);
    for (let order: usize = schedule; order < schedule + SCHEDULE_END; order += 16) {
      mix(0, 64, 128, 192, order);
      mix(16, 80, 144, 208, order + 2);
      mix(32, 96, 160, 224, order + 4);
      mix(48, 112, 176, 240, order + 6);
      mix(0, 80, 160, 240, order + 8);
      mix(16, 96, 176, 192, order + 10);
      mix(32, 112, 128, 208, order + 12);
      mix(48, 64, 144, 224, order + 14);
    }
    for (let i: usize = 0; i < 128; i += 16) {
      v128.store(i, v128.xor(v128.load(i, state), v128.load(state + i, 128)), state);
    }
  }
  for (let i: usize = 0; i < 2; i++) transpose(state + (i << 6), 16, words + (i << 6));
  for (let i: usize = 0; i < 4; i++) {
    v128.store(result + (i << 5), v128.load(i << 4, words));
    v128.store(result + (i << 5), v128.load(words + (i << 4), 64), 16);
  }
}
