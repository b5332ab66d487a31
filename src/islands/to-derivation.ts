import { type Derivation, type Fix, makeDerivation } from '../derivations/index.ts';
import type { StorePath } from '../foundation/index.ts';
import type { Island } from './island.ts';

/**
 * The derivation that fetches an island: the one program, told what to fetch. `program` is where `fetch.wasm` lies in
 * the store. `fix` is `self` but where somebody else's lock, an override, or a local place says what the output is.
 */
export function islandDerivation(
  island: Island,
  program: StorePath,
  fix: Fix = { kind: 'self' },
): Derivation {
  return makeDerivation({
    name: island.name,
    builder: program,
    arguments: argumentsOf(island),
    environment: {},
    inputs: { derivations: [], trees: [program] },
    outputs: ['out'],
    requiredRealizerFeatures: ['wasm'],
    fix,
  });
}

function argumentsOf({ key, source }: Island): readonly string[] {
  if (source.kind === 'fetched') return source.arguments;
  // Where a local tree lay does not matter: what is in it does, and that is what the derivation is fixed to.
  if (source.kind === 'local') return ['path'];
  throw new Error(`the island ${key} is not fetched`);
}
