import { isIPv6 } from 'node:net';

/** So many wrong tokens are answered at once: somebody may have mistyped. */
const freeGuesses = 3;
const firstDelayMs = 250;
const longestDelayMs = 8000;
const forgottenAfterMs = 60_000;
const addressLimit = 4096;
/** Calls of one address that wait for their turn. */
const waitingLimit = 16;

interface Guesser {
  guesses: number;
  lastMs: number;
  waiting: number;
}

export interface GuessesOptions {
  /** Milliseconds of any clock that only goes forward. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Has those wait who have shown wrong tokens: the more, the longer. What is remembered of them is bounded, and soon forgotten. */
export class Guesses {
  readonly #options: GuessesOptions;
  /** By address, the one that guessed longest ago first. */
  readonly #guessers = new Map<string, Guesser>();

  constructor(options: GuessesOptions) {
    this.#options = options;
  }

  /** Settles when an address may show a token; answers false where so many wait already that it may not. */
  async admit(address: string): Promise<boolean> {
    const guesser = this.#guessers.get(networkOf(address));
    const delayMs = guesser === undefined ? 0 : this.#delayOf(guesser);
    if (guesser === undefined || delayMs === 0) return true;
    if (guesser.waiting >= waitingLimit) return false;
    guesser.waiting += 1;
    try {
      await this.#options.sleep(delayMs);
    } finally {
      guesser.waiting -= 1;
    }
    return true;
  }

  /** Whether an address has to wait now. */
  isSlowed(address: string): boolean {
    const guesser = this.#guessers.get(networkOf(address));
    return guesser !== undefined && this.#delayOf(guesser) > 0;
  }

  /** Notes that an address has shown a wrong token. */
  add(address: string): void {
    const network = networkOf(address);
    const guesser = this.#guessers.get(network) ?? { guesses: 0, lastMs: 0, waiting: 0 };
    if (this.#isForgotten(guesser)) guesser.guesses = 0;
    guesser.guesses += 1;
    guesser.lastMs = this.#options.now();
    this.#guessers.delete(network);
    this.#guessers.set(network, guesser);
    const [oldest] = this.#guessers.keys();
    if (this.#guessers.size > addressLimit && oldest !== undefined) this.#guessers.delete(oldest);
  }

  #delayOf(guesser: Guesser): number {
    if (this.#isForgotten(guesser) || guesser.guesses < freeGuesses) return 0;
    return Math.min(longestDelayMs, firstDelayMs * 2 ** (guesser.guesses - freeGuesses));
  }

  #isForgotten({ lastMs }: Guesser): boolean {
    return this.#options.now() - lastMs > forgottenAfterMs;
  }
}

/** Whoever has one address of IPv6 has all that begin with the same 64 bits. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('%', 1).join('').split('::', 2);
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...middle, ...last].slice(0, 4).join(':');
}
