import { type Derivation, type Fix, makeDerivation } from '../derivations/index.ts';
import type { StorePath } from '../foundation/index.ts';
import type { Island } from './island.ts';

/**
 * The derivation that fetches an island: the one program, told what to fetch. `program` is where `fetch.wasm` lies in
 * the store. `fix` is `self` but where somebody else's lock, or an override, says what the output is.
 */
export function islandDerivation(
  island: Island,
  program: StorePath,
  fix: Fix = { kind: 'self' },
): Derivation {
  if (island.source.kind !== 'fetched') throw new Error(`the island ${island.key} is not fetched`);
  return makeDerivation({
    name: island.name,
    builder: program,
    arguments: island.source.arguments,
    environment: {},
    inputs: { derivations: [], trees: [program] },
    outputs: ['out'],
    requiredRealizerFeatures: ['wasm'],
    fix,
  });
}
