import type { Derivation } from '../../derivations/index.ts';
import type { Load, Realizer } from '../realizer.ts';
import type { RealizerUnavailable } from '../unavailable.ts';
import type { Place } from './place.ts';

/** What a derivation mostly takes: the processor, or the wait for an origin. */
export type Kind = 'build' | 'fetch';

/** How many programs that mostly wait for an origin run at once on a realizer. */
const fetchesLimit = 128;

/** How many programs that compute are given to a remote realizer for each that it runs at once: so its own queue is never empty. */
const queueFactor = 4;

/** How long what a realizer has said of its load is believed, in milliseconds. */
const loadLifetimeMs = 2000;

/** How long a realizer that is down is let alone at first, and at most, in milliseconds. */
const backOff = { firstMs: 5000, longestMs: 300_000 } as const;

/** That a realizer is down. */
interface Outage {
  readonly error: RealizerUnavailable;
  readonly untilMs: number;
  /** How often it was down, one after the other. */
  readonly times: number;
  /** Whether it has been found to give nothing of what it has either. */
  readonly isWhole: boolean;
}

interface LoadReport {
  readonly load: Load;
  /** How many of these programs were this run's. */
  readonly own: number;
  readonly atMs: number;
}

/** One of the realizers, as a scheduler sees it: whether it is up, how busy it is, and how much more may be given to it. */
export class Member {
  readonly realizer: Realizer;
  /** Where its outputs lie. */
  readonly place: Place;
  /** How many programs are to run there that wait for their inputs, by how far they are from the bottom of the graph. */
  readonly planned = new Map<number, number>();
  readonly #cores: number;
  readonly #nowMs: () => number;
  readonly #running: Record<Kind, number> = { build: 0, fetch: 0 };
  readonly #lacking = new Map<string, Promise<ReadonlyMap<string, string>>>();
  #report: LoadReport | undefined;
  #outage: Outage | undefined;

  /** `cores` is how many programs run at once where the realizer is not a remote one, which tells itself. */
  constructor(
    realizer: Realizer,
    options: { readonly place: Place; readonly cores: number; readonly nowMs: () => number },
  ) {
    this.realizer = realizer;
    this.place = options.place;
    this.#cores = options.cores;
    this.#nowMs = options.nowMs;
  }

  get name(): string {
    return this.realizer.name;
  }

  get isRemote(): boolean {
    return this.realizer.remote !== undefined;
  }

  /** Why it is set aside, as long as it is. */
  get outage(): RealizerUnavailable | undefined {
    const { error, untilMs } = this.#outage ?? {};
    return untilMs !== undefined && this.#nowMs() < untilMs ? error : undefined;
  }

  /** Whether what lies there can be had. One that is about to end takes no work, and mostly gives what it has. */
  get isReachable(): boolean {
    return this.outage === undefined || this.#outage?.isWhole === false;
  }

  /**
   * Sets it aside for a while, which is longer from time to time: it takes no work, or gives nothing of what it has. Answers whether that
   * is news.
   */
  setAside(error: RealizerUnavailable, over: 'work' | 'outputs'): boolean {
    const before = this.#outage;
    const isWhole = over === 'outputs' || error.reason !== 'draining';
    // Whatever was asked at the same time fails with it.
    if (before !== undefined && this.outage !== undefined) {
      this.#outage = { ...before, isWhole: before.isWhole || isWhole };
      return false;
    }
    const times = (before?.times ?? 0) + 1;
    const waitMs = Math.min(backOff.firstMs * 2 ** (times - 1), backOff.longestMs);
    const untilMs = Math.max(this.#nowMs() + waitMs, error.retryAtMs);
    this.#outage = { error, untilMs, times, isWhole };
    this.#report = undefined;
    return before === undefined;
  }

  /** It has done what was asked: whatever was wrong with it is over. */
  noteSuccess(): void {
    if (this.outage === undefined) this.#outage = undefined;
  }

  /** Those of the required features that it lacks, each with a word on how it could be had. */
  lacking(required: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const key = required.join(' ');
    const known = this.#lacking.get(key) ?? this.realizer.lacking(required);
    this.#lacking.set(key, known);
    // What could not be asked is asked again.
    known.catch(() => this.#lacking.delete(key));
    return known;
  }

  /** Has a remote realizer say how busy it is, unless that is known. */
  async refresh(): Promise<void> {
    if (!this.isRemote) return;
    const atMs = this.#nowMs();
    if (this.#report !== undefined && atMs - this.#report.atMs < loadLifetimeMs) return;
    const load = await this.realizer.load();
    this.#report = { load, own: this.#running.build + this.#running.fetch, atMs };
  }

  hasRoom(kind: Kind): boolean {
    return this.#running[kind] < this.#limit(kind);
  }

  enter(kind: Kind): void {
    this.#running[kind]++;
  }

  leave(kind: Kind): void {
    this.#running[kind]--;
  }

  /** How busy it is with programs of a kind, for each that it runs at once; from 1 on one more has to wait. */
  fill(kind: Kind): number {
    if (kind === 'fetch') return this.#running.fetch / fetchesLimit;
    return (this.#others + this.#running.build) / this.#capacity;
  }

  /**
   * For how many rounds of programs one more would wait. Of what is to come, that counts which is as high in the graph: it is what may run
   * at the same time.
   */
  rounds(kind: Kind, height?: number): number {
    if (kind === 'fetch') return 0;
    const planned = height === undefined ? 0 : (this.planned.get(height) ?? 0);
    const busy = this.#others + this.#running.build + planned;
    return Math.max(0, busy + 1 - this.#capacity) / this.#capacity;
  }

  /** What others than this run have it do. */
  get #others(): number {
    if (this.#report === undefined) return 0;
    const { load, own } = this.#report;
    return Math.max(0, load.running + load.queued - own);
  }

  get #capacity(): number {
    return Math.max(1, this.isRemote ? (this.#report?.load.capacity ?? 1) : this.#cores);
  }

  #limit(kind: Kind): number {
    if (kind === 'fetch') return fetchesLimit;
    return this.isRemote ? queueFactor * this.#capacity : this.#cores;
  }
}

export function kindOf({ fix }: Derivation): Kind {
  return fix.kind === 'none' ? 'build' : 'fetch';
}
