import type { Derivation } from '../derivations/index.ts';
import { type Diagnostic, DiagnosticError } from '../diagnostics/index.ts';
import { Attributes, type Evaluator, type Slot, isList } from '../language/evaluation/index.ts';

/** How deep attributes and lists are searched. */
const depthLimit = 32;

export interface FoundDerivations {
  readonly derivations: readonly Derivation[];
  /** What could not be evaluated: the search goes on beside it. */
  readonly failures: readonly Diagnostic[];
}

/** The derivations that a value is, or that its attributes and lists hold; functions and other values are passed over. */
export function derivationsIn(evaluator: Evaluator, value: Slot): FoundDerivations {
  const derivations: Derivation[] = [];
  const failures: Diagnostic[] = [];
  search(value, 0);
  return { derivations, failures };

  function search(slot: Slot, depth: number): void {
    try {
      const forced = evaluator.force(slot);
      const derivation = evaluator.asDerivation(forced);
      if (derivation !== undefined) derivations.push(derivation);
      else if (depth < depthLimit) for (const inner of slotsIn(forced)) search(inner, depth + 1);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      failures.push(...error.diagnostics);
    }
  }
}

function slotsIn(value: Slot): readonly Slot[] {
  if (value instanceof Attributes) return value.names().map((name) => value.get(name) as Slot);
  return isList(value) ? value : [];
}
