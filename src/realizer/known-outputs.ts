import {
  type Claim,
  type Pins,
  type ResolvedDerivation,
  formatClaim,
  realisationKey,
  unfixed,
} from '../derivations/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import { type StorePath, hashPartOfStorePath } from '../foundation/index.ts';
import type { Change, DerivationRecord, OutputRecord, Store } from '../store/index.ts';
import { effectivePins, pinnedPath, pinsOf, soleOutput } from './claims.ts';
import { notTheFixedOutput, pinContradicted } from './failures.ts';
import type { LookedUp, Outputs, Provenance } from './realizer.ts';

/** The key of a derivation's realisations, and what it holds of the machine. */
export type KeptUnder = Pick<DerivationRecord, 'key' | 'identity'>;

/** What a store knows of a derivation's outputs, whether or not they are there. */
export function knownOutputs(
  store: Store,
  derivation: ResolvedDerivation,
  { pins, kept }: { readonly pins: Pins; readonly kept: KeptUnder },
): LookedUp | undefined {
  if (derivation.fix.kind === 'none') {
    const outputs = findRealisation(store, derivation, kept);
    return outputs && { outputs, pins: {}, identity: kept.identity };
  }
  const path = pinnedPath(store, derivation, pins);
  if (path === undefined) return undefined;
  const isTold = derivation.fix.kind === 'fixed' || pins.cab !== undefined;
  const known = isTold ? {} : pinsOf(store, derivation, path, claimsIn(pins));
  return { outputs: soleOutput(derivation, path), pins: known };
}

/** The key of what the machine has no part in. */
export function keptAnywhere({ id }: ResolvedDerivation): KeptUnder {
  return { key: realisationKey(id, ''), identity: '' };
}

/**
 * Has a store know what a derivation came out as at a realizer with another store, as far as the realizer has told what that needs. The
 * claims count within the derivation's scope, as if its program had run here.
 */
export function rememberOutputs(
  store: Store,
  derivation: ResolvedDerivation,
  { outputs, pins, identity, records = [] }: { readonly outputs: Outputs; readonly pins: Pins } & Provenance,
): void {
  const named = new Map(records.map((record) => [record.path, record]));
  const elsewhere: OutputRecord[] = [];
  for (const path of Object.values(outputs)) {
    if (store.has(path)) continue;
    const record = named.get(path);
    if (record === undefined) return;
    elsewhere.push(record);
  }
  const known =
    derivation.fix.kind === 'none'
      ? realisationsOf(derivation, outputs, identity)
      : claimsOf(derivation, Object.values(outputs), pins);
  if (known !== undefined) store.commit({ outputs: [], elsewhere, ...known });
}

/** What another realizer tells that its pins rule out. Whoever runs programs here finds the same by itself. */
export function faultOfTold(
  derivation: ResolvedDerivation,
  lockPins: Pins,
  { outputs, pins }: { readonly outputs: Outputs; readonly pins: Pins },
): Diagnostic | undefined {
  if (derivation.fix.kind === 'none') return undefined;
  const expected = effectivePins(derivation, lockPins);
  const actual = Object.values(outputs).map(hashPartOfStorePath)[0];
  if (expected.cab !== undefined && actual !== undefined && expected.cab !== actual)
    return notTheFixedOutput(derivation, expected.cab, actual);
  for (const [format, value] of Object.entries(expected)) {
    const told = pins[format];
    if (told === undefined || told === value) continue;
    const [pinned, claimed] = [formatClaim({ format, value }), formatClaim({ format, value: told })];
    return pinContradicted(derivation, { kind: 'contradiction', pinned, claimed });
  }
  return undefined;
}

function realisationsOf(
  derivation: ResolvedDerivation,
  outputs: Outputs,
  identity: string | undefined,
): Omit<Change, 'outputs'> | undefined {
  if (identity === undefined) return undefined;
  const key = realisationKey(derivation.id, identity);
  const realisations = Object.entries(outputs).map(([output, path]) => ({ derivation: key, output, path }));
  return { realisations, derivations: [{ key, identity, derivation }] };
}

function claimsOf(
  fixed: ResolvedDerivation,
  [path]: readonly StorePath[],
  pins: Pins,
): Omit<Change, 'outputs'> | undefined {
  if (path === undefined) return undefined;
  const derivation = unfixed(fixed) as ResolvedDerivation;
  const scope = derivation.id;
  const byAuthor = fixed.fix.kind === 'fixed' ? fixed.fix.pins : {};
  const all = { ...byAuthor, ...pins, cab: hashPartOfStorePath(path) };
  return {
    claims: claimsIn(all).map((claim) => ({ scope, claim, path })),
    derivations: [{ key: scope, identity: '', derivation }],
  };
}

function findRealisation(
  store: Store,
  derivation: ResolvedDerivation,
  { key }: KeptUnder,
): Outputs | undefined {
  const outputs: Record<string, StorePath> = {};
  for (const output of derivation.outputs) {
    const path = store.findRealisation(key, output);
    if (path === undefined) return undefined;
    outputs[output] = path;
  }
  return outputs;
}

function claimsIn(pins: Pins): readonly Claim[] {
  return Object.entries(pins).map(([format, value]) => ({ format, value }));
}
