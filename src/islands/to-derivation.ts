import { type Derivation, type Fix, makeDerivation } from '../derivations/index.ts';
import type { StorePath } from '../foundation/index.ts';
import type { Island } from './island.ts';

/** Where the programs lie in the store: the one that fetches, and the one that it decompresses some archives with. */
export type FetchProgramPath = (name: 'fetch' | 'unpack') => StorePath;

/** What may come to be an archive that is compressed by something else than gzip. */
const archiveCommands: ReadonlySet<string> = new Set(['http', 'oci', 'pypi']);

/**
 * The derivation that fetches an island: the one program, told what to fetch. `fix` is `self` but where somebody else's lock, an
 * override, or a local place says what the output is.
 */
export function islandDerivation(
  island: Island,
  programPath: FetchProgramPath,
  fix: Fix = { kind: 'self' },
): Derivation {
  const program = programPath('fetch');
  const words = argumentsOf(island);
  const unpack = archiveCommands.has(words[0] ?? '') ? programPath('unpack') : undefined;
  return makeDerivation({
    name: island.name,
    builder: program,
    arguments: words,
    environment: unpack === undefined ? {} : { CAB_UNPACK: unpack },
    inputs: { derivations: [], trees: unpack === undefined ? [program] : [program, unpack] },
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
