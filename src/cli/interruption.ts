import { setImmediate as turn } from 'node:timers/promises';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Makes the user's wish to end a run an `AbortSignal`, but only while something asynchronous is under way. Evaluation never
 * lets a handler run, and with one in place nothing could end it: then the system's own action holds, and ends the process,
 * which leaves nothing half-written.
 */
export class Interruption {
  #made: AbortController | undefined;
  #underWay = 0;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Made for whoever first looks at it: what only evaluates never does. */
  get #controller(): AbortController {
    this.#made ??= new AbortController();
    return this.#made;
  }

  /** Does what takes its time and heeds `signal`. @throws the signal's reason where it was interrupted, and succeeded all the same. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underWay++ === 0 && !this.signal.aborted) this.#listen();
    try {
      const result = await work();
      await this.#hearWhatCame();
      this.signal.throwIfAborted();
      return result;
    } finally {
      if (--this.#underWay === 0) this.#ignore();
    }
  }

  /** A signal that came during the last turn of the event loop is only told in the next one: it must not be lost. */
  async #hearWhatCame(): Promise<void> {
    await turn();
    await turn();
  }

  #listen(): void {
    for (const name of signals) process.on(name, this.#interrupt);
  }

  #ignore(): void {
    for (const name of signals) process.off(name, this.#interrupt);
  }

  /** Who asks a second time does not want to wait for an orderly end. */
  readonly #interrupt = (): void => {
    this.#ignore();
    this.#controller.abort();
  };
}
