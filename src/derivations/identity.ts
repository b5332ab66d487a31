import {
  type Json,
  type StorePath,
  canonicalJson,
  compareCodePoints,
  digestOf,
  hashPartOf,
} from '../foundation/index.ts';
import type { Derivation, DerivationId, DerivationInput, Fix } from './derivation.ts';

/** What a derivation is made from. Order and repetition in the sets do not matter. */
export type DerivationParts = Omit<Derivation, 'id'>;

/** Makes a derivation: sorts its sets and gives it its id. The parts are taken as valid (`validate.ts`). */
export function makeDerivation(parts: DerivationParts): Derivation {
  const normalised = {
    name: parts.name,
    builder: parts.builder,
    arguments: [...parts.arguments],
    environment: { ...parts.environment },
    inputs: { derivations: mergeInputs(parts.inputs.derivations), trees: sortedSet(parts.inputs.trees) },
    outputs: sortedSet(parts.outputs),
    requiredRealizerFeatures: sortedSet(parts.requiredRealizerFeatures),
    fix: parts.fix,
  };
  const id = hashPartOf(digestOf(canonicalJson(encodeParts(normalised)))) as string as DerivationId;
  return { id, ...normalised };
}

/** The canonical encoding of which the id is the hash: what `cab show-derivation` prints. */
export function encodeDerivation(derivation: Derivation): Json {
  return encodeParts(derivation);
}

function encodeParts(parts: DerivationParts): Json {
  const inputs = parts.inputs.derivations.map(({ derivation, outputs }) => [derivation.id, outputs] as const);
  return {
    arguments: parts.arguments,
    builder: parts.builder,
    environment: parts.environment,
    fix: encodeFix(parts.fix),
    inputs: { derivations: Object.fromEntries(inputs), trees: parts.inputs.trees },
    name: parts.name,
    outputs: parts.outputs,
    requiredRealizerFeatures: parts.requiredRealizerFeatures,
  };
}

function encodeFix(fix: Fix): Json {
  if (fix.kind === 'none') return null;
  return fix.kind === 'self' ? 'self' : fix.pins;
}

function mergeInputs(inputs: readonly DerivationInput[]): readonly DerivationInput[] {
  if (inputs.length === 0) return inputs;
  const merged = new Map<string, DerivationInput>();
  for (const { derivation, outputs } of inputs) {
    const before = merged.get(derivation.id)?.outputs ?? [];
    merged.set(derivation.id, { derivation, outputs: sortedSet([...before, ...outputs]) });
  }
  return [...merged.values()].toSorted((a, b) => compareCodePoints(a.derivation.id, b.derivation.id));
}

function sortedSet<T extends string | StorePath>(items: readonly T[]): readonly T[] {
  return items.length < 2 ? [...items] : [...new Set(items)].toSorted(compareCodePoints);
}

/**
 * Under which it is kept what a resolved derivation came out as. It counts for what the program could see: with the machine's own
 * tools, whose identity is not empty, also for these.
 */
export function realisationKey(id: DerivationId, identity: string): DerivationId {
  if (identity === '') return id;
  return hashPartOf(digestOf(`cab realisation:${id}:${identity}`)) as string as DerivationId;
}

const scopes = new WeakMap<Derivation, Derivation>();

/**
 * Within which claims about a derivation's output are trusted: the program and all that it is told, without what its output
 * is fixed to. So what a lock fixes and what fixes itself share their claims.
 */
export function scopeOf(derivation: Derivation): DerivationId {
  return unfixed(derivation).id;
}

/** The derivation without what its author fixed it to, which then fixes itself: the one whose id is the scope. */
export function unfixed(derivation: Derivation): Derivation {
  if (derivation.fix.kind !== 'fixed') return derivation;
  const scope = scopes.get(derivation) ?? makeDerivation({ ...derivation, fix: { kind: 'self' } });
  scopes.set(derivation, scope);
  return scope;
}
