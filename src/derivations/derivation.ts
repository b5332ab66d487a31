import type { StorePath } from '../foundation/index.ts';
import type { Pins } from './claim.ts';

/** The id of a derivation: the hash part of its identity's canonical encoding. Made only in `identity.ts`. */
export type DerivationId = string & { readonly __brand: 'DerivationId' };

/**
 * How a derivation's output is fixed: not at all (placed by its content), to values that the author gave, by format, at
 * least one, or by the program itself.
 */
export type Fix =
  { readonly kind: 'none' } | { readonly kind: 'fixed'; readonly pins: Pins } | { readonly kind: 'self' };

/** An output of another derivation that a derivation needs. */
export interface DerivationInput {
  readonly derivation: Derivation;
  readonly outputs: readonly string[];
}

/**
 * A build described. Strings may hold placeholders (`placeholder.ts`) for the outputs named in `inputs.derivations`,
 * and store paths of the trees named in `inputs.trees`. Lists that stand for sets are sorted by code point and free of repetition.
 */
export interface Derivation {
  readonly id: DerivationId;
  readonly name: string;
  readonly builder: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly inputs: {
    readonly derivations: readonly DerivationInput[];
    readonly trees: readonly StorePath[];
  };
  readonly outputs: readonly string[];
  readonly requiredRealizerFeatures: readonly string[];
  readonly fix: Fix;
}

/** A derivation without inputs that are yet to be realized: each placeholder has become a store path. */
export type ResolvedDerivation = Derivation & { readonly __resolved: true };
