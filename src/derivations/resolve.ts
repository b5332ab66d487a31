import type { StorePath } from '../foundation/index.ts';
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
  const replacements = new Map<string, StorePath>();
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

function replacer(replacements: ReadonlyMap<string, StorePath>): (text: string) => string {
  return (text) => {
    let replaced = text;
    for (const [placeholder, path] of replacements) replaced = replaced.replaceAll(placeholder, path);
    return replaced;
  };
}
