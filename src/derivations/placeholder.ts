import { type HashPart, type StorePath, digestOf, hashPartOf, storePath } from '../foundation/index.ts';
import type { Derivation } from './derivation.ts';

/**
 * Stands in a text for an output that is not known yet. It has the length of the path that replaces it wherever hash
 * parts are concerned, and no store ever holds a path of its name.
 */
export function placeholderOf(derivation: Derivation, output: string): StorePath {
  const known = placeholders.get(derivation);
  const before = known?.get(output);
  if (before !== undefined) return before;
  const made = makePlaceholder(derivation, output);
  if (known === undefined) placeholders.set(derivation, new Map([[output, made]]));
  else known.set(output, made);
  return made;
}

/** Each is asked for by all that depend on it. */
const placeholders = new WeakMap<Derivation, Map<string, StorePath>>();

function makePlaceholder(derivation: Derivation, output: string): StorePath {
  return storePath(placeholderHash(`output:${derivation.id}:${output}`), outputName(derivation, output));
}

/** What `$out` names while the build runs: later rewritten to the path that the content gives. */
export function scratchPathOf(derivation: Derivation, output: string): StorePath {
  return storePath(placeholderHash(`scratch:${derivation.id}:${output}`), outputName(derivation, output));
}

/** The name part of an output's store path: the derivation's name, and the output's unless it is `out`. */
export function outputName(derivation: Derivation, output: string): string {
  return output === 'out' ? derivation.name : `${derivation.name}-${output}`;
}

function placeholderHash(text: string): HashPart {
  return hashPartOf(digestOf(`cab placeholder:${text}`));
}
