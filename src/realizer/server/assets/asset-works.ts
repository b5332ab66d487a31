import { Code } from '@connectrpc/connect';
import type { CabEvent, StorePath } from '../../../foundation/index.ts';
import type { Realizer, RealizeResult } from '../../index.ts';
import { tryLater } from '../execution/action-fault.ts';
import type { FairQueue } from '../execution/fair-queue.ts';
import type { StoreKeeper } from '../keeping/store-keeper.ts';
import type { Quotas } from '../quotas/index.ts';
import type { Observe } from '../operations/server-event.ts';
import type { AssetContext, AssetWork } from './asset-fetcher.ts';

export interface AssetWorksOptions {
  readonly realizer: Realizer;
  /** Those who wait for an origin have their turns with the self-fixing derivations of others. */
  readonly queue: FairQueue;
  readonly observe: Observe;
  /** Of the store's size. */
  readonly keeper: Pick<StoreKeeper, 'begin'>;
  /** A download counts as an action of whoever asks, and what it brings as stored by him. */
  readonly quotas: Quotas;
  /** The size of an output, in bytes. */
  readonly sizeOf: (path: StorePath) => number;
}

/** When a client that was refused may ask again, in seconds. */
const retrySeconds = 10;

/** The downloads that go on for assets: they wait for a place, and are waited for when the server ends. */
export class AssetWorks {
  readonly #options: AssetWorksOptions;
  readonly #ending = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #isDraining = false;

  constructor(options: AssetWorksOptions) {
    this.#options = options;
  }

  /** How many go on. */
  get size(): number {
    return this.#underWay.size;
  }

  /** @throws ConnectError where the server is about to end. */
  async realize(work: AssetWork, context: AssetContext): Promise<RealizeResult> {
    if (this.#isDraining) throw aboutToEnd();
    const result = this.#realize(work, context);
    this.#underWay.add(result);
    try {
      return await result;
    } finally {
      this.#underWay.delete(result);
    }
  }

  /** Takes no new ones, and settles when those that go on have ended. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await Promise.allSettled(this.#underWay);
  }

  /** Ends those that go on. */
  async stop(): Promise<void> {
    this.#isDraining = true;
    this.#ending.abort(aboutToEnd());
    await Promise.allSettled(this.#underWay);
  }

  async #realize({ derivation, pins, headers }: AssetWork, context: AssetContext): Promise<RealizeResult> {
    const { realizer, queue, observe, keeper, quotas, sizeOf } = this.#options;
    const account = quotas.of({ name: context.client });
    using _action = account.beginAction();
    const signal = AbortSignal.any([context.signal, this.#ending.signal]);
    using _kept = keeper.begin();
    using _place = await queue.enter({ client: context.client, priority: 0 }, signal);
    const emit = (event: CabEvent): void => {
      if (event.type === 'build-claimed' && event.known)
        observe({ type: 'claim-known', action: event.derivation, claim: event.claim });
    };
    const request = { derivation, pins, requestedAs: derivation.id };
    const result = await realizer.realize(request, { emit, signal, headers });
    if (result.outcome === 'realized' && result.how === 'built')
      for (const path of Object.values(result.outputs)) account.noteStored(sizeOf(path));
    return result;
  }
}

function aboutToEnd(): Error {
  return tryLater(Code.Unavailable, 'the realizer is about to end', retrySeconds).toConnectError();
}
