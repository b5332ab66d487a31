import type { ConnectError } from '@connectrpc/connect';
import { CallRate } from './call-rate.ts';
import { overQuota } from './over-quota.ts';
import type { Quota, QuotaClocks } from './quotas.ts';
import { StoredBytes } from './stored-bytes.ts';

/** When to try again where what is lacking comes back as soon as other calls have ended. */
const soonMs = 1000;

/** What one client has of the realizer, and may have. */
export class Account {
  readonly client: string;
  readonly #quota: () => Quota;
  readonly #rate: CallRate;
  readonly #stored: StoredBytes;
  #bytesInFlight = 0;
  #actions = 0;

  constructor(client: string, quota: () => Quota, { monotonicMs, nowMs }: QuotaClocks) {
    this.client = client;
    this.#quota = quota;
    this.#rate = new CallRate(monotonicMs);
    this.#stored = new StoredBytes(nowMs);
  }

  /** Why a call may not be made now. */
  refusalOfCall(): ConnectError | undefined {
    const { callsPerSecond } = this.#quota();
    const waitMs = callsPerSecond === undefined ? undefined : this.#rate.take(callsPerSecond);
    if (waitMs === undefined) return undefined;
    return overQuota(`${this.#may} make ${callsPerSecond} calls a second`, waitMs);
  }

  /** Counts bytes as on their way until they are released. One transfer is possible however large it is. @throws ConnectError */
  carry(bytes: number): Disposable {
    const { bytesInFlight: limit } = this.#quota();
    if (limit !== undefined && this.#bytesInFlight > 0 && this.#bytesInFlight + bytes > limit)
      throw overQuota(`${this.#may} have ${limit} bytes on their way at once`, soonMs);
    this.#bytesInFlight += bytes;
    return once(() => {
      this.#bytesInFlight -= bytes;
    });
  }

  /** Whether so much more may be stored in its name. @throws ConnectError where it may not */
  demandRoom(bytes: number): void {
    const { storeBytes: limit } = this.#quota();
    if (limit === undefined || this.#stored.total + bytes <= limit) return;
    throw overQuota(`${this.#may} put ${limit} bytes into the store within a day`, this.#stored.untilLessMs);
  }

  /** Notes what was uploaded, or made by its actions. */
  noteStored(bytes: number): void {
    this.#stored.add(bytes);
  }

  /** Begins an action, which has ended when it is disposed of. @throws ConnectError where it has as many already */
  beginAction(): Disposable {
    this.demandRoom(0);
    const { actions: limit } = this.#quota();
    if (limit !== undefined && this.#actions >= limit)
      throw overQuota(`${this.#may} have ${limit} actions at once`, soonMs);
    this.#actions += 1;
    return once(() => {
      this.#actions -= 1;
    });
  }

  get #may(): string {
    return `the client '${this.client}' may`;
  }
}

function once(release: () => void): Disposable {
  let isReleased = false;
  return {
    [Symbol.dispose]: () => {
      if (isReleased) return;
      isReleased = true;
      release();
    },
  };
}
