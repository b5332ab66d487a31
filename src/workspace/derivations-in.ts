import type { Derivation } from '../derivations/index.ts';
import { Attributes, type Evaluator, type Value } from '../language/evaluation/index.ts';

/** How deep sets of attributes are searched. */
const depthLimit = 8;

/** The derivations that a value is, or that its attributes hold; functions and other values are passed over. */
export function derivationsIn(evaluator: Evaluator, value: Value, depth = 0): readonly Derivation[] {
  const derivation = evaluator.asDerivation(value);
  if (derivation !== undefined) return [derivation];
  if (!(value instanceof Attributes) || depth === depthLimit) return [];
  return value
    .names()
    .flatMap((name) => derivationsIn(evaluator, evaluator.select(value, [name]), depth + 1));
}
