import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import { diagnosticErrorIn, unavailabilityOf } from './faults.ts';

/** How long a lost connection is tried again, in milliseconds. */
const patienceMs = 60_000;
const firstPauseMs = 100;
const longestPauseMs = 5000;

/**
 * Waits for a connection that was lost to come back, and knows when that has taken too long. Who was never there is not waited for: others
 * can do the work.
 */
export class Patience {
  readonly #connection: Connection;
  readonly #onLost: ((why: string, waitMs: number) => void) | undefined;
  #wasHeard = false;
  #lostAtMs: number | undefined;
  #pauseMs = firstPauseMs;

  /** `onLost` is told once for each time that it is waited for. */
  constructor(connection: Connection, onLost?: (why: string, waitMs: number) => void) {
    this.#connection = connection;
    this.#onLost = onLost;
  }

  /** The realizer has answered. */
  heard(): void {
    this.#wasHeard = true;
    this.#lostAtMs = undefined;
    this.#pauseMs = firstPauseMs;
  }

  /**
   * Does something that can be done again, as often as the connection is lost within it.
   *
   * @throws RealizerUnavailable, DiagnosticError CAB4046, and the signal's reason.
   */
  async attempt<T>(signal: AbortSignal, operation: () => Promise<T>): Promise<T> {
    if (!this.#wasHeard) this.#connection.check();
    for (;;) {
      try {
        const result = await operation();
        this.heard();
        this.#connection.succeeded();
        return result;
      } catch (error) {
        await this.wait(error, signal);
      }
    }
  }

  /** Waits until it is worth another try. @throws what the failure is to the layers above, where it is not, and the signal's reason. */
  async wait(error: unknown, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const what = diagnosticErrorIn(error) === undefined ? unavailabilityOf(error) : undefined;
    if (what === undefined || !this.#isWorthWaiting(what.reason)) throw this.#connection.faultOf(error);
    this.#wasHeard = true;
    const nowMs = performance.now();
    if (this.#lostAtMs === undefined) this.#onLost?.(what.why, patienceMs);
    this.#lostAtMs ??= nowMs;
    if (nowMs - this.#lostAtMs >= patienceMs) {
      const why = `it did not come back within ${patienceMs / 1000} s (${what.why})`;
      throw this.#connection.unavailable({ reason: 'lost', why }, error);
    }
    // Of random length, so that those who have lost it together do not come back together.
    await pause(this.#pauseMs * (0.5 + Math.random()), undefined, { signal });
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
  }

  #isWorthWaiting(reason: string): boolean {
    return reason === 'lost' || (this.#wasHeard && reason === 'unreachable');
  }
}
