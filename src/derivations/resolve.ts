import {
  type HashPart,
  type StorePath,
  hashPartLength,
  hashPartOfStorePath,
  storeFolder,
} from '../foundation/index.ts';
import type { Derivation, ResolvedDerivation } from './derivation.ts';
import { makeDerivation } from './identity.ts';
import { placeholderOf } from './placeholder.ts';

/**
 * The derivation with the paths of its inputs in the place of their placeholders. Two derivations that differ only in how
 * their inputs came about resolve to the same one: what makes a change stop where it changes nothing.
 */
export function resolveDerivation(
  derivation: Derivation,
  outputPath: (input: Derivation, output: string) => StorePath,
): ResolvedDerivation {
  const replacements = new Map<StorePath, StorePath>();
  for (const { derivation: input, outputs } of derivation.inputs.derivations) {
    for (const output of outputs) replacements.set(placeholderOf(input, output), outputPath(input, output));
  }
  if (replacements.size === 0) return derivation as ResolvedDerivation;
  const replace = replacer(replacements);
  return makeDerivation({
    ...derivation,
    builder: replace(derivation.builder),
    arguments: derivation.arguments.map(replace),
    environment: Object.fromEntries(
      Object.entries(derivation.environment).map(([name, value]) => [name, replace(value)]),
    ),
    inputs: { derivations: [], trees: [...derivation.inputs.trees, ...replacements.values()] },
  }) as ResolvedDerivation;
}

/** Goes through a text once, however many placeholders there are: they differ in their hash parts. */
function replacer(replacements: ReadonlyMap<StorePath, StorePath>): (text: string) => string {
  const byHashPart = new Map([...replacements].map((pair) => [hashPartOfStorePath(pair[0]), pair] as const));
  const beginning = `${storeFolder}/`;
  return (text) => {
    let replaced = '';
    let done = 0;
    for (let at = text.indexOf(beginning); at !== -1; at = text.indexOf(beginning, at + 1)) {
      const start = at + beginning.length;
      const [placeholder, path] = byHashPart.get(text.slice(start, start + hashPartLength) as HashPart) ?? [];
      if (placeholder === undefined || !text.startsWith(placeholder, at)) continue;
      replaced += `${text.slice(done, at)}${path}`;
      done = at + placeholder.length;
    }
    return done === 0 ? text : replaced + text.slice(done);
  };
}
