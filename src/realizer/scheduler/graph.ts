import type { Derivation, DerivationId } from '../../derivations/index.ts';

/** Which derivations need which, of all that was asked for. It is gone through when that is first of interest. */
export class Graph {
  readonly #added: Derivation[] = [];
  readonly #seen = new Set<DerivationId>();
  readonly #consumers = new Map<DerivationId, Derivation[]>();

  add(roots: readonly Derivation[]): void {
    this.#added.push(...roots);
  }

  /** Those that have an output of the derivation among their inputs. */
  consumersOf({ id }: Derivation): readonly Derivation[] {
    this.#goThrough();
    return this.#consumers.get(id) ?? [];
  }

  #goThrough(): void {
    for (let next = this.#added.pop(); next !== undefined; next = this.#added.pop()) {
      if (this.#seen.has(next.id)) continue;
      this.#seen.add(next.id);
      for (const { derivation: input } of next.inputs.derivations) {
        const consumers = this.#consumers.get(input.id);
        if (consumers === undefined) this.#consumers.set(input.id, [next]);
        else consumers.push(next);
        this.#added.push(input);
      }
    }
  }
}
