import { type Digest, type StorePath, isTurnOver, nextTurn } from '../../../foundation/index.ts';
import type { Store } from '../../../store/index.ts';

/** What a work relies on, as far as it can tell. */
export interface Held {
  readonly outputs?: readonly StorePath[];
  /** Directories of trees, each of which counts by itself. */
  readonly directories?: readonly Digest[];
  readonly blobs?: readonly Digest[];
}

/** A work that goes on over a store. */
export interface KeptWork extends Disposable {
  /** Says that nothing which it has used so far is needed any more, for as long as it does not go on. */
  pause(): void;
  /** Goes on: all that is put or used from now on stays. */
  resume(): void;
}

/** How much is marked at once. */
const atOnce = 1000;

/** The works that go on over a store: what each relies on stays until it is over. */
export class Works {
  readonly #store: Store;
  readonly #starts = new Set<{ readonly startMs: number }>();
  readonly #held = new Set<Held>();

  constructor(store: Store) {
    this.#store = store;
  }

  get count(): number {
    return this.#starts.size + this.#held.size;
  }

  /** A work that begins: all that is put or used from now on stays until it is disposed of, whoever uses it. */
  begin(): KeptWork {
    let work: { readonly startMs: number } | undefined;
    const pause = (): void => {
      if (work !== undefined) this.#starts.delete(work);
      work = undefined;
    };
    const resume = (): void => {
      if (work !== undefined) return;
      work = { startMs: Date.now() };
      this.#starts.add(work);
    };
    resume();
    return { pause, resume, [Symbol.dispose]: pause };
  }

  /** Keeps what somebody has found to be there until it is disposed of, however long that takes; nothing else stays for it. */
  hold(held: Held): Disposable {
    // The same contents may be held twice, and let go of once.
    const own = { ...held };
    this.#held.add(own);
    return { [Symbol.dispose]: () => void this.#held.delete(own) };
  }

  /** When the oldest work began whose marks count, in milliseconds since 1970. */
  oldestStartMs(): number {
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const { startMs } of this.#starts) oldestMs = Math.min(oldestMs, startMs);
    return oldestMs;
  }

  /** Marks as used all that is held. */
  async mark(): Promise<void> {
    for (const { outputs = [], directories = [], blobs = [] } of this.#held) {
      for (const some of slices(outputs)) {
        this.#store.use(some);
        if (isTurnOver()) await nextTurn();
      }
      for (const some of slices(directories)) {
        this.#store.useTrees(some);
        if (isTurnOver()) await nextTurn();
      }
      for (const digest of blobs) {
        this.#store.blobs.use(digest);
        if (isTurnOver()) await nextTurn();
      }
    }
  }
}

function* slices<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += atOnce) yield items.slice(start, start + atOnce);
}
