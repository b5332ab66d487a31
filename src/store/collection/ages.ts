/** How exactly times are told apart, in milliseconds. */
const grainMs = 100;

/** How much there is of which age. */
export class Ages {
  readonly #amounts = new Map<number, { count: number; bytes: number }>();

  /** Adds something that was last used at this time, in milliseconds since 1970. */
  add(usedMs: number, bytes: number): void {
    const grain = Math.floor(usedMs / grainMs);
    const amount = this.#amounts.get(grain);
    if (amount === undefined) {
      this.#amounts.set(grain, { count: 1, bytes });
      return;
    }
    amount.count++;
    amount.bytes += bytes;
  }

  /** What was used before this time. */
  before(timeMs: number): { readonly count: number; readonly bytes: number } {
    let [count, bytes] = [0, 0];
    for (const [grain, amount] of this.#amounts) {
      if (grain * grainMs >= timeMs) continue;
      count += amount.count;
      bytes += amount.bytes;
    }
    return { count, bytes };
  }

  /** The earliest time before which so much was used; that of the end of all where there is not so much. */
  timeOf(bytes: number): number {
    let [free, end] = [0, 0];
    for (const grain of [...this.#amounts.keys()].toSorted((a, b) => a - b)) {
      if (free >= bytes) break;
      free += this.#amounts.get(grain)?.bytes ?? 0;
      end = (grain + 1) * grainMs;
    }
    return end;
  }
}
