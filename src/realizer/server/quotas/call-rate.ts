/** How many seconds' worth of calls may come at once. */
const burstSeconds = 4;

/** So many calls a second, and for a short while more, where there were fewer before. */
export class CallRate {
  readonly #now: () => number;
  #left: number | undefined;
  #countedMs = 0;

  /** `now` in milliseconds of a clock that only goes forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one call; answers in how many milliseconds there is room for another where there is none now. */
  take(perSecond: number): number | undefined {
    const nowMs = this.#now();
    const most = Math.max(1, perSecond * burstSeconds);
    const gained = ((nowMs - this.#countedMs) / 1000) * perSecond;
    this.#left = Math.min(most, this.#left === undefined ? most : this.#left + gained);
    this.#countedMs = nowMs;
    if (this.#left < 1) return ((1 - this.#left) / perSecond) * 1000;
    this.#left -= 1;
    return undefined;
  }
}
