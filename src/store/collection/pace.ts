import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { livingSessions } from '../session.ts';

/** How long it may work without a rest, in milliseconds. */
const stretchMs = 4;
/** How many times as long as it worked it rests while others work with the store. */
const restFactor = 8;
/** The longest rest, in milliseconds: where the machine has much to do, work takes long that costs little. */
const longestRestMs = 100;
/** How often it looks whether there are others, in milliseconds. */
const lookMs = 500;

export interface PaceOptions {
  readonly signal: AbortSignal | undefined;
  /** Whether there is no time for rests. */
  readonly isUrgent: (() => boolean) | undefined;
}

/**
 * Makes way for others: for whatever else this process does, and, while other processes have the store open, for them. It does so
 * by resting and not by a low priority: who waits for the processor in the middle of a transaction keeps builders waiting too.
 */
export class Pace {
  readonly #store: string;
  /** The names of the collection's own sessions. */
  readonly #own: ReadonlySet<string>;
  readonly #signal: AbortSignal | undefined;
  readonly #isUrgent: (() => boolean) | undefined;
  #startedMs = performance.now();
  #lookedMs = Number.NEGATIVE_INFINITY;
  #hasCompany = false;

  constructor(store: string, own: ReadonlySet<string>, { signal, isUrgent }: PaceOptions) {
    this.#store = store;
    this.#own = own;
    this.#signal = signal;
    this.#isUrgent = isUrgent;
  }

  /** Rests if it is time to; called between small pieces of work. */
  async rest(): Promise<void> {
    const workedMs = performance.now() - this.#startedMs;
    if (workedMs < stretchMs) return;
    this.#signal?.throwIfAborted();
    if (this.#isUrgent?.() !== true && this.#isBesideOthers())
      await delay(Math.min(workedMs * restFactor, longestRestMs));
    else await turn();
    this.#startedMs = performance.now();
  }

  #isBesideOthers(): boolean {
    if (performance.now() - this.#lookedMs > lookMs) {
      this.#lookedMs = performance.now();
      this.#hasCompany = livingSessions(this.#store).some(({ name }) => !this.#own.has(name));
    }
    return this.#hasCompany;
  }
}
