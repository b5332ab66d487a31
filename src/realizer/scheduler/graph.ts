import type { Derivation, DerivationId } from '../../derivations/index.ts';

/** Which derivations need which, of all that was asked for. It is gone through when that is first of interest. */
export class Graph {
  readonly #added: Derivation[] = [];
  readonly #seen = new Set<DerivationId>();
  readonly #consumers = new Map<DerivationId, Derivation[]>();
  readonly #heights = new Map<DerivationId, number>();

  add(roots: readonly Derivation[]): void {
    this.#added.push(...roots);
  }

  /** Those that have an output of the derivation among their inputs. */
  consumersOf({ id }: Derivation): readonly Derivation[] {
    this.#goThrough();
    return this.#consumers.get(id) ?? [];
  }

  /** How many steps the longest way from a derivation down has. */
  heightOf(derivation: Derivation): number {
    const waiting = [derivation];
    for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
      const inputs = next.inputs.derivations.map((input) => input.derivation);
      const open = this.#heights.has(next.id) ? [] : inputs.filter(({ id }) => !this.#heights.has(id));
      if (open.length > 0) {
        waiting.push(...open);
        continue;
      }
      const below = inputs.map(({ id }) => this.#heights.get(id) ?? 0);
      this.#heights.set(
        next.id,
        below.reduce((most, height) => Math.max(most, height + 1), 0),
      );
      waiting.pop();
    }
    return this.#heights.get(derivation.id) ?? 0;
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
