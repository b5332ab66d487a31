/**
 * Collision attacks on SHA-1 as they look from within, made up without the work of finding one: a block, what the states are
 * in it, and the value that the other message comes to. Written from the definitions, by the local collisions that a
 * disturbance vector stands for, so that it shares nothing with what it tests.
 */
export interface DisturbanceVector {
  readonly type: 1 | 2;
  readonly step: number;
  readonly rotation: number;
}

function vectors(type: 1 | 2, rotation: number, steps: readonly number[]): DisturbanceVector[] {
  return steps.map((step) => ({ type, step, rotation }));
}

export const disturbanceVectors: readonly DisturbanceVector[] = [
  ...vectors(1, 0, [43, 44, 45, 46, 47, 48, 49, 50, 51, 52]),
  ...vectors(1, 2, [46, 47, 48, 49, 50, 51]),
  ...vectors(2, 0, [45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56]),
  ...vectors(2, 2, [46, 49, 50, 51]),
];

function rotate(word: number, bits: number): number {
  return ((word << (bits & 31)) | (word >>> (32 - (bits & 31)))) >>> 0;
}

/** The disturbances of all steps, from five before the first: sixteen of them and the message's expansion fix the others. */
function disturbances({ type, step, rotation }: DisturbanceVector): (step: number) => number {
  const words = new Map<number, number>();
  for (let i = 0; i < 16; i++) words.set(step + i, 0);
  words.set(step + 15, 1);
  if (type === 2) for (const i of [1, 3]) words.set(step + i, 2 ** 31);
  const at = (i: number) => words.get(i)!;
  for (let i = step + 16; i < 80; i++)
    words.set(i, rotate(at(i - 3) ^ at(i - 8) ^ at(i - 14) ^ at(i - 16), 1));
  for (let i = step - 1; i >= -5; i--) {
    words.set(i, (rotate(at(i + 16), 31) ^ at(i + 13) ^ at(i + 8) ^ at(i + 2)) >>> 0);
  }
  return (i) => rotate(at(i), rotation);
}

/** Each disturbance is corrected in the five steps after it. */
function differences(vector: DisturbanceVector): readonly number[] {
  const at = disturbances(vector);
  return Array.from({ length: 80 }, (_, i) => {
    const corrections = at(i - 3) ^ at(i - 4) ^ at(i - 5);
    return (at(i) ^ rotate(at(i - 1), 5) ^ at(i - 2) ^ rotate(corrections, 30)) >>> 0;
  });
}

type State = readonly [number, number, number, number, number];
const constants = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

function mix(step: number, b: number, c: number, d: number): number {
  if (step < 20) return (b & c) | (~b & d);
  return step >= 40 && step < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
}

function forward(step: number, [a, b, c, d, e]: State, word: number): State {
  const sum = rotate(a, 5) + (mix(step, b, c, d) >>> 0) + e + constants[Math.floor(step / 20)]! + word;
  return [sum % 2 ** 32, a, rotate(b, 30), c, d];
}

function backward(step: number, [a, b, c, d, e]: State, word: number): State {
  const before = rotate(c, 2);
  const sum = rotate(b, 5) + (mix(step, before, d, e) >>> 0) + constants[Math.floor(step / 20)]! + word;
  return [b, before, d, e, (a - sum + 8 * 2 ** 32) % 2 ** 32];
}

/** Of every fifth step those before which both messages have one state: the five steps before it have no disturbance. */
export function quietSteps(vector: DisturbanceVector): readonly number[] {
  const at = disturbances(vector);
  return [50, 55, 60, 65, 70].filter((step) => [1, 2, 3, 4, 5].every((back) => at(step - back) === 0));
}

export interface Attack {
  /** The block's eighty words. */
  readonly words: Uint8Array;
  /** The states before each fifth step. */
  readonly states: Uint8Array;
  /** The value that both messages come to. */
  readonly after: Uint8Array;
}

/** An attack whose messages have one state before the step. */
export function makeAttack(vector: DisturbanceVector, step: number, random: () => number): Attack {
  const word = () => Math.floor(random() * 2 ** 32);
  const words = new Uint32Array(80);
  for (let i = 0; i < 16; i++) words[i] = word();
  for (let i = 16; i < 80; i++) {
    words[i] = rotate(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1);
  }
  const common: State = [word(), word(), word(), word(), word()];
  const states = new Uint32Array(80);
  states.set(common, step);
  const after = otherValue(vector, words, step, common);
  return { words: bytesOf(words), states: bytesOf(states), after: bytesOf(after) };
}

/** What the other message comes to, from the common state on to the end, and back to the value it begins with. */
function otherValue(vector: DisturbanceVector, words: Uint32Array, step: number, common: State): Uint32Array {
  const different = differences(vector);
  const other = words.map((value, i) => value ^ different[i]!);
  let last = common;
  for (let i = step; i < 80; i++) last = forward(i, last, other[i]!);
  let first = common;
  for (let i = step - 1; i >= 0; i--) first = backward(i, first, other[i]!);
  return Uint32Array.from(first, (value, i) => value + last[i]!);
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer);
}
