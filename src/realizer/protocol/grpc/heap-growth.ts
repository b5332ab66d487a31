import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** By how many per cent a heap may grow until garbage is collected, by how many megabytes are in use; above, V8 decides by itself. */
const growth: readonly (readonly [megabytes: number, percent: number])[] = [
  [64, 400],
  [256, 100],
];
const lookAgainMs = 10_000;

let isWatched = false;

/**
 * Has V8 let the heap of this process grow further between two garbage collections, as long as it is small. What comes over connections is
 * memory for a moment: with a small heap every twelve megabytes of it would be cause for a collection, and those would take half of all the
 * processor's time.
 */
export function expectTraffic(): void {
  if (isWatched) return;
  isWatched = true;
  adaptGrowth();
  setInterval(adaptGrowth, lookAgainMs).unref();
}

function adaptGrowth(): void {
  const used = getHeapStatistics().used_heap_size / (1 << 20);
  const [, percent] = growth.find(([megabytes]) => used < megabytes) ?? [0, 0];
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
