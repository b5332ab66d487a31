const hourMs = 3_600_000;
/** Over how long it is counted what a client puts into the store. */
const windowHours = 24;

/** How much came within the last day, by whole hours. */
export class StoredBytes {
  readonly #now: () => number;
  /** By hour, the oldest first. */
  readonly #hours = new Map<number, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get total(): number {
    this.#forget();
    return [...this.#hours.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  add(bytes: number): void {
    this.#forget();
    const hour = this.#hour();
    this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + bytes);
  }

  /** Until the oldest of it counts no more. */
  get untilLessMs(): number {
    this.#forget();
    const [oldest] = this.#hours.keys();
    return oldest === undefined ? 0 : (oldest + windowHours) * hourMs - this.#now();
  }

  #forget(): void {
    const first = this.#hour() - windowHours;
    for (const hour of this.#hours.keys()) if (hour <= first) this.#hours.delete(hour);
  }

  #hour(): number {
    return Math.floor(this.#now() / hourMs);
  }
}
