import { Account } from './account.ts';

/** How much of the realizer a client may have; what is undefined is bounded for all clients together only. */
export interface Quota {
  /** Actions that wait or run. */
  readonly actions?: number | undefined;
  /** Of content that is coming or going, by the sizes that were said. */
  readonly bytesInFlight?: number | undefined;
  /** Of what was uploaded and made in its name within a day. */
  readonly storeBytes?: number | undefined;
  readonly callsPerSecond?: number | undefined;
}

export interface QuotaClocks {
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

export interface QuotasOptions {
  /** As the configuration has it now. */
  readonly quotaOf: (client: string) => Quota;
  readonly clocks?: QuotaClocks | undefined;
}

const machineClocks: QuotaClocks = { monotonicMs: () => performance.now(), nowMs: () => Date.now() };

/**
 * What each client has of the realizer. A client is known by its name, whichever way it has shown it, so that a ticket counts for
 * whoever had it issued; those who show nothing share one account. What was stored is forgotten when the server ends.
 */
export class Quotas {
  readonly #quotaOf: (client: string) => Quota;
  readonly #clocks: QuotaClocks;
  /** There are no more than clients in the configuration. */
  readonly #accounts = new Map<string, Account>();

  constructor({ quotaOf, clocks }: QuotasOptions) {
    this.#quotaOf = quotaOf;
    this.#clocks = clocks ?? machineClocks;
  }

  of({ name }: { readonly name: string }): Account {
    const known = this.#accounts.get(name);
    if (known !== undefined) return known;
    const account = new Account(name, () => this.#quotaOf(name), this.#clocks);
    this.#accounts.set(name, account);
    return account;
  }
}
