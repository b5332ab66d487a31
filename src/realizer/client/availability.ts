import type { RealizerUnavailable } from '../index.ts';

const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/** Sets a realizer aside that is down: each time that it still is, for twice as long. */
export class Availability {
  readonly #now: () => number;
  #failures = 0;
  #last: RealizerUnavailable | undefined;

  /** `now` is the time in milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws RealizerUnavailable where it is set aside. */
  check(): void {
    if (this.#last !== undefined && this.#now() < this.#last.retryAtMs) throw this.#last;
  }

  /** When one that has just failed may be asked again, in milliseconds since 1970. */
  nextRetryMs(): number {
    return this.#now() + Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures);
  }

  /** Calls that were under way together fail together: that counts once. */
  failed(failure: RealizerUnavailable): void {
    if (this.#last !== undefined && this.#now() < this.#last.retryAtMs) return;
    this.#failures++;
    this.#last = failure;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#last = undefined;
  }
}
