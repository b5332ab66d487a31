import { DiagnosticError } from '../../diagnostics/index.ts';
import type { Slot, Value } from '../../language/evaluation/index.ts';
import type { Project } from '../../workspace/index.ts';

/** What is seen of a value that need not be known yet. */
export type Seen =
  | { readonly kind: 'value'; readonly value: Value }
  /** Nothing is to be evaluated, fetched or built any more just to be shown. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'fault'; readonly message: string };

/** How many values below the outermost list or attributes are evaluated to be shown. */
const innerLimit = 64;

/** Looks at values for somebody who reads: as far as that costs little, and makes nothing exist. */
export class Looker {
  readonly #project: Project;
  #left = innerLimit;

  constructor(project: Project) {
    this.#project = project;
  }

  /** `depth` is 1 for what the outermost list or attributes hold. */
  see(slot: Slot, depth: number): Seen {
    if (depth > 1 && --this.#left < 0) return { kind: 'unknown' };
    try {
      const seen = this.#project.glance((evaluator) => ({ value: evaluator.force(slot) }));
      return seen === undefined ? { kind: 'unknown' } : { kind: 'value', value: seen.value };
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      return { kind: 'fault', message: error.diagnostics[0]?.message ?? 'it cannot be evaluated' };
    }
  }
}
