import { roundConstants, startConstants } from './sha2-constants.ts';

/**
 * The compression functions of SHA-256 and SHA-512 (FIPS 180-4), which are one function over words of 32 or 64 bits. The
 * constants of SHA-256 are the upper halves of those of SHA-512.
 *
 * Of the eight words of the state six are only passed on from step to step. So just the first and the fifth are kept, those
 * of all steps in a row each, from three before the first step on; beside them lie the message's words.
 */
const firsts = memory.data(3 * 88 * 8, 16);
const FIFTHS: usize = 88 * 8;
const WORDS: usize = 2 * 88 * 8;

export function beginSha2(state: usize, wide: bool): void {
  const start = startConstants();
  if (wide) memory.copy(state, start, 64);
  else for (let i: usize = 0; i < 32; i += 4) store<u32>(state + i, load<u32>(start + 2 * i, 4));
}

export function compressSha2<T extends number>(state: usize, block: usize): void {
  const steps = firsts + (sizeof<T>() == 4 ? 64 : 80) * sizeof<T>();
  for (let i: usize = 0; i < 4 * sizeof<T>(); i += sizeof<T>()) {
    store<T>(firsts - i, load<T>(state + i), 3 * sizeof<T>());
    store<T>(firsts - i, load<T>(state + i, 4 * sizeof<T>()), FIFTHS + 3 * sizeof<T>());
  }
  let at = firsts;
  for (; at < firsts + 16 * sizeof<T>(); at += sizeof<T>()) {
    store<T>(at, bswap<T>(load<T>(block)), WORDS);
    block += sizeof<T>();
  }
  for (; at < steps; at += sizeof<T>()) {
    const early = load<T>(at, WORDS - 15 * sizeof<T>());
    const late = load<T>(at, WORDS - 2 * sizeof<T>());
    const sum =
      load<T>(at, WORDS - 16 * sizeof<T>()) +
      load<T>(at, WORDS - 7 * sizeof<T>()) +
      (sizeof<T>() == 4
        ? rotr<T>(early, <T>7) ^ rotr<T>(early, <T>18) ^ (early >> 3)
        : rotr<T>(early, <T>1) ^ rotr<T>(early, <T>8) ^ (early >> 7)) +
      (sizeof<T>() == 4
        ? rotr<T>(late, <T>17) ^ rotr<T>(late, <T>19) ^ (late >> 10)
        : rotr<T>(late, <T>19) ^ rotr<T>(late, <T>61) ^ (late >> 6));
    store<T>(at, <T>sum, WORDS);
  }
  let first = load<T>(state);
  let fifth = load<T>(state, 4 * sizeof<T>());
  for (at = firsts; at < steps; at += sizeof<T>()) {
    const constant =
      sizeof<T>() == 4
        ? load<T>(roundConstants + ((at - firsts) << 1), 4)
        : load<T>(roundConstants + (at - firsts));
    const sixth = load<T>(at, FIFTHS + 2 * sizeof<T>());
    const seventh = load<T>(at, FIFTHS + sizeof<T>());
    const sum =
      constant +
      load<T>(at, WORDS) +
      load<T>(at, FIFTHS) +
      (seventh ^ (fifth & (sixth ^ seventh))) +
      (sizeof<T>() == 4
        ? rotr<T>(fifth, <T>6) ^ rotr<T>(fifth, <T>11) ^ rotr<T>(fifth, <T>25)
        : rotr<T>(fifth, <T>14) ^ rotr<T>(fifth, <T>18) ^ rotr<T>(fifth, <T>41));
    const second = load<T>(at, 2 * sizeof<T>());
    const third = load<T>(at, sizeof<T>());
    fifth = <T>(load<T>(at) + sum);
    first = <T>(
      (sum +
        ((first & second) | (third & (first | second))) +
        (sizeof<T>() == 4
          ? rotr<T>(first, <T>2) ^ rotr<T>(first, <T>13) ^ rotr<T>(first, <T>22)
          : rotr<T>(first, <T>28) ^ rotr<T>(first, <T>34) ^ rotr<T>(first, <T>39)))
    );
    store<T>(at, first, 4 * sizeof<T>());
    store<T>(at, fifth, FIFTHS + 4 * sizeof<T>());
  }
  for (let i: usize = 0; i < 4 * sizeof<T>(); i += sizeof<T>()) {
    store<T>(state + i, <T>(load<T>(state + i) + load<T>(steps - i, 3 * sizeof<T>())));
    const rest = load<T>(state + i, 4 * sizeof<T>()) + load<T>(steps - i, FIFTHS + 3 * sizeof<T>());
    store<T>(state + i, <T>rest, 4 * sizeof<T>());
  }
}
