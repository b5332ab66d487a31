import {
  type Claim,
  type Derivation,
  type Pins,
  type ResolvedDerivation,
  formatClaim,
  outputName,
  scopeOf,
} from '../derivations/index.ts';
import { type StorePath, hashPartOfStorePath, parseHashPart, storePath } from '../foundation/index.ts';
import type { Store } from '../store/index.ts';
import type { Outputs } from './realizer.ts';

/** What a claim of a running program leads to. */
export type Verdict =
  | { readonly kind: 'unknown' }
  /** More than any program has reason to make. */
  | { readonly kind: 'excess' }
  | { readonly kind: 'known'; readonly path: StorePath }
  | { readonly kind: 'contradiction'; readonly pinned: string; readonly claimed: string };

/** How many claims one run may make: they all end up in the lock and in the store. */
export const claimsLimit = 1000;

/** The claims of one run: judges each as it comes and remembers them all. */
export class ClaimLedger {
  readonly #store: Store;
  readonly #derivation: ResolvedDerivation;
  readonly #pins: Pins;
  readonly #claims = new Map<string, Claim>();
  readonly #formats = new Set<string>();

  constructor(store: Store, derivation: ResolvedDerivation, pins: Pins) {
    this.#store = store;
    this.#derivation = derivation;
    this.#pins = pins;
  }

  /** In the order in which they were made. */
  get claims(): readonly Claim[] {
    return [...this.#claims.values()];
  }

  judge(claim: Claim): Verdict {
    const pinned = this.#pins[claim.format];
    if (pinned !== undefined && pinned !== claim.value) {
      const claimed = formatClaim(claim);
      return { kind: 'contradiction', pinned: formatClaim({ format: claim.format, value: pinned }), claimed };
    }
    if (this.#claims.size >= claimsLimit) return { kind: 'excess' };
    this.#claims.set(formatClaim(claim), claim);
    this.#formats.add(claim.format);
    const path = claimedPath(this.#store, this.#derivation, claim);
    if (path === undefined) return { kind: 'unknown' };
    const { cab } = this.#pins;
    const actual = hashPartOfStorePath(path);
    if (cab !== undefined && cab !== actual) {
      return { kind: 'contradiction', pinned: `cab:${cab}`, claimed: `cab:${actual}` };
    }
    return this.#fulfils(path) ? { kind: 'known', path } : { kind: 'unknown' };
  }

  /** Whether an output is known to be what its author fixed it to; if not, the program has yet to say so. */
  #fulfils(path: StorePath): boolean {
    const { fix } = this.#derivation;
    if (fix.kind !== 'fixed' || fix.pins.cab !== undefined) return true;
    const earlier = this.#store.claimsOf(scopeOf(this.#derivation), path);
    const holds = (format: string, value: string): boolean =>
      this.#formats.has(format) || earlier.some((claim) => claim.format === format && claim.value === value);
    return Object.entries(fix.pins).every(([format, value]) => holds(format, value));
  }
}

/** The output that a claim within the derivation's scope leads to, if the store has it: then it is used. */
export function claimedPath(store: Store, derivation: Derivation, claim: Claim): StorePath | undefined {
  if (claim.format !== 'cab') return store.findClaim(scopeOf(derivation), claim);
  const path = pathOfCabHash(derivation, claim.value);
  return path !== undefined && store.use([path]).has(path) ? path : undefined;
}

/** Where an output of this Cab hash would lie, or undefined if the text is not a Cab hash. */
export function pathOfCabHash(derivation: Derivation, value: string): StorePath | undefined {
  const hashPart = parseHashPart(value);
  const [output] = derivation.outputs;
  if (hashPart === undefined || output === undefined) return undefined;
  return storePath(hashPart, outputName(derivation, output));
}

/** What the author fixed is to the program a pin like those of the lock. */
export function effectivePins({ fix }: Derivation, pins: Pins): Pins {
  return fix.kind === 'fixed' ? fix.pins : pins;
}

/**
 * Where the output of a fixed or self-fixing derivation lies, or would lie if it were there, as far as its pins tell. Any one of the lock's pins
 * is about the output; what the author fixed has to hold in all its formats.
 */
export function pinnedPath(store: Store, derivation: Derivation, lockPins: Pins): StorePath | undefined {
  const pins = effectivePins(derivation, lockPins);
  if (pins.cab !== undefined) return pathOfCabHash(derivation, pins.cab);
  const paths = Object.entries(pins).map(([format, value]) =>
    store.recallClaim(scopeOf(derivation), { format, value }),
  );
  if (derivation.fix.kind === 'self') return paths.find((path) => path !== undefined);
  return paths.every((path) => path === paths[0]) ? paths[0] : undefined;
}

/** The outputs of a derivation that is fixed: it has one. */
export function soleOutput(derivation: Derivation, path: StorePath): Outputs {
  return { [derivation.outputs[0] as string]: path };
}

/**
 * What the lock is to hold of an output: the claims of this run, what the store knows of it from earlier ones where that is
 * one value, and its Cab hash.
 */
export function pinsOf(
  store: Store,
  derivation: Derivation,
  path: StorePath,
  claims: readonly Claim[],
): Pins {
  const pins = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const { format, value } of store.claimsOf(scopeOf(derivation), path)) {
    if (pins.has(format) && pins.get(format) !== value) ambiguous.add(format);
    pins.set(format, value);
  }
  for (const format of ambiguous) pins.delete(format);
  for (const { format, value } of claims) pins.set(format, value);
  pins.set('cab', hashPartOfStorePath(path));
  return Object.fromEntries([...pins].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
