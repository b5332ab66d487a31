/** A seeded source of numbers of 0 or more and below 1 (Mulberry32), so that a failing run can be had again. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed that `CAB_TEST_SEED` asks for, or another one in each run. Whoever uses it prints it. */
export function chooseSeed(): number {
  const wanted = process.env['CAB_TEST_SEED'];
  return wanted === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(wanted);
}

/** How many times as long as usual tests go on that search for what breaks: what `npm run fuzz -- --fuzz=N` asks for. */
export function fuzzFactor(): number {
  return Number(process.env['CAB_FUZZ'] ?? 1);
}
