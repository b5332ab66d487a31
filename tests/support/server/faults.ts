import type { ServedRequest } from './request.ts';

/** What goes wrong, and how. Bytes are counted in the answer's body. */
type FaultKind =
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** No answer until `release`; then the ordinary one. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'cut'; readonly afterBytes?: number }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  | { readonly kind: 'corrupt'; readonly atByte: number }
  | { readonly kind: 'hang'; readonly afterBytes?: number };

export type FaultRule = FaultKind & {
  /** Which requests it strikes; all unless said otherwise. */
  readonly match?: (request: ServedRequest) => boolean;
  /** How many requests it strikes; every one unless said otherwise. */
  readonly times?: number;
};

/** A fault that was asked for. */
export interface Fault {
  /** How many requests it has struck. */
  readonly struck: number;
  /** Resolves when a request has been struck: a body that is cut or left hanging has been sent that far. */
  waitForStrike(): Promise<void>;
  /** Strikes nothing more, and lets go what it holds. */
  release(): void;
}

/** A fault that strikes one request. */
export interface Strike {
  readonly fault: FaultKind;
  /** Resolves when the fault is released. */
  readonly released: Promise<void>;
  /** Called when the fault has done its harm. */
  done(): void;
}

/** The rules in force; the oldest that matches a request strikes it. */
export class Faults {
  readonly #active = new Set<ActiveFault>();

  add(rule: FaultRule): Fault {
    const fault = new ActiveFault(rule);
    this.#active.add(fault);
    void fault.released.then(() => this.#active.delete(fault));
    return fault;
  }

  strike(request: ServedRequest): Strike | undefined {
    for (const fault of this.#active) {
      if (fault.takes(request))
        return { fault: fault.rule, released: fault.released, done: () => fault.done() };
    }
    return undefined;
  }

  clear(): void {
    for (const fault of this.#active) fault.release();
  }
}

class ActiveFault implements Fault {
  readonly rule: FaultRule;
  readonly #released = Promise.withResolvers<void>();
  readonly #firstStrike = Promise.withResolvers<void>();
  #left: number;
  struck = 0;

  constructor(rule: FaultRule) {
    this.rule = rule;
    this.#left = rule.times ?? Infinity;
  }

  get released(): Promise<void> {
    return this.#released.promise;
  }

  release(): void {
    this.#left = 0;
    this.#released.resolve();
  }

  takes(request: ServedRequest): boolean {
    if (this.#left === 0 || this.rule.match?.(request) === false) return false;
    this.#left -= 1;
    return true;
  }

  done(): void {
    this.struck += 1;
    this.#firstStrike.resolve();
  }

  waitForStrike(): Promise<void> {
    return this.#firstStrike.promise;
  }
}
