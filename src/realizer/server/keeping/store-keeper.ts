import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { type LockReader, Store } from '../../../store/index.ts';
import type { KeeperEvent } from './keeper-event.ts';
import { Account, type Room, bytesOnDisk } from './room.ts';
import { type Held, type KeptWork, Works } from './works.ts';

export interface KeeperOptions {
  /** The store that serves, opened as one that does. */
  readonly store: Store;
  /** What it may take on disk, in bytes; undefined where it may take what there is. */
  readonly limitBytes: number | undefined;
  /** How lock files that are roots are read. */
  readonly readLock: LockReader;
  readonly onEvent?: (event: KeeperEvent) => void;
  /** How long what was used stays though there is no room for anything else, in milliseconds. */
  readonly graceMs?: number;
  /** How long somebody waits for room until he is refused, in milliseconds. */
  readonly patienceMs?: number;
}

/** Above this share of what the store may take a collection begins, and it ends below the other. */
const highShare = 0.9;
const lowShare = 0.75;
const defaultGraceMs = 5000;
const defaultPatienceMs = 30_000;
/** How long what was used stays for collections that others begin, such as `cab store gc`, in milliseconds. */
const longGraceMs = 600_000;
/** How often it is looked what has come in that nobody has counted, in milliseconds. */
const lookMs = 15_000;
/** How many times as long as it took to count the store it is not counted again. */
const countRestFactor = 30;
/** How long at least no collection is begun after one, in milliseconds: where somebody waits for room, and where nobody does. */
const shortRestMs = 250;
const longRestMs = 2000;
/** How many times as long as it took none is begun after one where nobody waits. */
const restFactor = 4;

/**
 * Sees to it that a store is never larger than it may be while it serves. What comes in is counted, a collection by use begins before there is no
 * room, and who brings more than there is room for waits for it, and is refused in the end.
 *
 * It has the store open a second time: collections count the work of the store that they run on as over, and that of others not.
 */
export class StoreKeeper {
  readonly works: Works;
  readonly #options: KeeperOptions;
  readonly #own: Store;
  readonly #account = new Account();
  readonly #end = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** What somebody waits for room for, in bytes. */
  #wanted = 0;
  #round: Promise<void> | undefined;
  /** Until when no collection begins for which nobody waits, by the clock of this process. */
  #restsUntilMs = 0;
  /** Until when the store is not counted, by the clock of this process. */
  #countsAgainMs = 0;
  /** Whether something was made here since the last look, which nobody counts. */
  #isUncounted = true;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#own = Store.open(options.store.folder);
    this.works = new Works(options.store);
    this.#timer = setInterval(() => void this.#look(), lookMs);
    this.#timer.unref();
  }

  /** Counts what is there. */
  async start(): Promise<void> {
    await this.#count();
    this.#collectEarly();
  }

  /** What the store takes on disk, in bytes, as far as it was counted. */
  get storeBytes(): number {
    return this.#account.used;
  }

  get limitBytes(): number | undefined {
    return this.#options.limitBytes;
  }

  /** A work that begins: all that is put or used from now on stays until it is disposed of. */
  begin(): KeptWork {
    const work = this.works.begin();
    const end = (): void => {
      work[Symbol.dispose]();
      this.#isUncounted = true;
    };
    return { pause: () => work.pause(), resume: () => work.resume(), [Symbol.dispose]: end };
  }

  /** Keeps what a work has found to be there until it is disposed of, however long that takes. */
  hold(held: Held): Disposable {
    return this.works.hold(held);
  }

  /**
   * Waits until there is room for content of this size.
   *
   * @throws ConnectError RESOURCE_EXHAUSTED where there is none in time.
   */
  async admit(size: number, signal?: AbortSignal): Promise<Room> {
    const bytes = bytesOnDisk(size);
    const room = this.#grant(bytes) ?? (await this.#waitForRoom(bytes, signal));
    this.#collectEarly();
    return room;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#end.abort();
    await this.#round;
    this.#own.close();
  }

  #grant(bytes: number): Room | undefined {
    const { limitBytes = Number.POSITIVE_INFINITY } = this.#options;
    return this.#account.expected + bytes <= limitBytes ? this.#account.grant(bytes) : undefined;
  }

  async #waitForRoom(bytes: number, signal: AbortSignal | undefined): Promise<Room> {
    const { limitBytes = Number.POSITIVE_INFINITY } = this.#options;
    const endMs = performance.now() + (this.#options.patienceMs ?? defaultPatienceMs);
    this.#wanted += bytes;
    try {
      for (;;) {
        signal?.throwIfAborted();
        if (bytes > limitBytes || this.#end.signal.aborted) throw this.#refusal(bytes);
        await this.#collect();
        const room = this.#grant(bytes);
        if (room !== undefined) return room;
        if (performance.now() > endMs) throw this.#refusal(bytes);
        await delay(shortRestMs);
      }
    } finally {
      this.#wanted -= bytes;
    }
  }

  #refusal(bytes: number): ConnectError {
    const { onEvent, limitBytes } = this.#options;
    onEvent?.({ kind: 'refused', bytes, storeBytes: this.#account.used });
    return new ConnectError(
      `the realizer's store of ${limitBytes} bytes has no room for ${bytes} more: try again later, or have it made larger`,
      Code.ResourceExhausted,
    );
  }

  /** Begins a collection before somebody has to wait for it. */
  #collectEarly(): void {
    const { limitBytes = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#account.expected > limitBytes * highShare && performance.now() > this.#restsUntilMs)
      void this.#collect();
  }

  /** Whoever asks while a collection goes on waits for that one. */
  async #collect(): Promise<void> {
    this.#round ??= this.#runRound().finally(() => {
      this.#round = undefined;
    });
    await this.#round;
  }

  async #runRound(): Promise<void> {
    const { onEvent } = this.#options;
    const startedMs = performance.now();
    const usedBefore = this.#account.used;
    let freedBytes = 0;
    try {
      await this.#letGo(this.#options.graceMs ?? defaultGraceMs);
      for await (const step of this.#own.collect(this.#collectionOptions())) {
        // What has come since the beginning may be counted twice, until the next time.
        if (step.kind === 'planned') this.#account.used += (step.plan.storeBytes ?? usedBefore) - usedBefore;
        if (step.kind !== 'blobs-removed' && step.kind !== 'logs-removed') continue;
        freedBytes += step.bytes;
        this.#account.used -= step.bytes;
      }
      const durationMs = performance.now() - startedMs;
      onEvent?.({ kind: 'collected', freedBytes, storeBytes: this.#account.used, durationMs });
    } catch (error) {
      if (!this.#end.signal.aborted) onEvent?.({ kind: 'failed', error });
    } finally {
      const nowMs = performance.now();
      this.#restsUntilMs = nowMs + Math.max(longRestMs, (nowMs - startedMs) * restFactor);
    }
  }

  /** Lets a collection have what was not used for so long, but for what goes on. */
  async #letGo(graceMs: number): Promise<void> {
    const nowMs = Date.now();
    await this.works.mark();
    const startMs = Math.min(nowMs - graceMs, this.works.oldestStartMs());
    for (const store of [this.#options.store, this.#own]) store.moveSessionStart(startMs);
  }

  #collectionOptions() {
    const { readLock, limitBytes = 0 } = this.#options;
    const granted = this.#account.expected - this.#account.used;
    const keepBytes = Math.max(0, Math.min(limitBytes * lowShare, limitBytes - granted - this.#wanted));
    return {
      order: 'by-use',
      isUrgent: () => this.#wanted > 0,
      keepBytes,
      readLock,
      signal: this.#end.signal,
    } as const;
  }

  /** Counts what was made here meanwhile, and lets others collect what was not used for long. */
  async #look(): Promise<void> {
    try {
      await this.#letGo(longGraceMs);
      if (this.#isUncounted && this.#round === undefined && performance.now() > this.#countsAgainMs)
        await this.#count();
      this.#collectEarly();
    } catch (error) {
      this.#options.onEvent?.({ kind: 'failed', error });
    }
  }

  async #count(): Promise<void> {
    this.#isUncounted = this.works.count > 0;
    const usedBefore = this.#account.used;
    const startedMs = performance.now();
    const size = await this.#own.size();
    this.#account.used += size - usedBefore;
    this.#countsAgainMs = performance.now() + (performance.now() - startedMs) * countRestFactor;
  }
}
