import { setImmediate as turn } from 'node:timers/promises';
import type { StorePath } from '../foundation/index.ts';
import type { Store } from '../store/index.ts';

/** Asks the store whether outputs are there, and marks them as used: what is asked in one turn goes into one transaction. */
export class UseBatch {
  readonly #store: Store;
  readonly #asked = new Set<StorePath>();
  #answer: Promise<ReadonlySet<StorePath>> | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  async has(path: StorePath): Promise<boolean> {
    this.#asked.add(path);
    this.#answer ??= this.#ask();
    return (await this.#answer).has(path);
  }

  async #ask(): Promise<ReadonlySet<StorePath>> {
    await turn();
    const paths = [...this.#asked];
    this.#asked.clear();
    this.#answer = undefined;
    return this.#store.use(paths);
  }
}
