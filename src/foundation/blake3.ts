import type * as library from '@napi-rs/blake-hash';
import { createRequire } from 'node:module';

type Blake3 = Pick<typeof library, 'Blake3Hasher'>;

const require = createRequire(import.meta.url);

let loaded: Blake3 | undefined;

/** A hasher of BLAKE3 in native code, which is loaded with the first of them: to evaluate, mostly nothing is hashed. */
export function newBlake3Hasher(): library.Blake3Hasher {
  loaded ??= loadBlake3();
  return new loaded.Blake3Hasher();
}

/**
 * The package has a loader that finds out what machine this is, for some milliseconds at each start. Where the likely guess is
 * right nobody needs to ask it.
 */
function loadBlake3(): Blake3 {
  const variant = process.platform === 'linux' ? '-gnu' : '';
  try {
    return require(`@napi-rs/blake-hash-${process.platform}-${process.arch}${variant}`) as Blake3;
  } catch {
    return require('@napi-rs/blake-hash') as Blake3;
  }
}
