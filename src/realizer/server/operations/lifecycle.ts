/** `draining` takes no new work and ends what runs; `closed` takes no new calls either. */
export type ServingState = 'starting' | 'serving' | 'draining' | 'closed';

/** Where in its life a server is. It only ever goes on. */
export class Lifecycle {
  #state: ServingState = 'starting';
  readonly #listeners = new Set<() => void>();

  get state(): ServingState {
    return this.#state;
  }

  get isServing(): boolean {
    return this.#state === 'serving';
  }

  moveTo(state: ServingState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  /** The state, and each one that follows, until the signal is raised or the server has closed. */
  async *states(signal: AbortSignal): AsyncGenerator<ServingState> {
    for (;;) {
      const state = this.#state;
      yield state;
      if (state === 'closed') return;
      await this.#changeFrom(state, signal);
      if (signal.aborted) return;
    }
  }

  #changeFrom(state: ServingState, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#listeners.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#listeners.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted || this.#state !== state) done();
    });
  }
}
