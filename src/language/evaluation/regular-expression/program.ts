import { unreachable } from '../../../foundation/index.ts';
import { CharacterTest } from './character-test.ts';
import type { Pattern, Repetition } from './syntax.ts';

/** A step of a program. Where a step names others, the first is tried first. */
export type Step =
  | { readonly kind: 'character'; readonly test: CharacterTest; readonly next: number }
  | { readonly kind: 'assertion'; readonly assertion: '^' | '$' | 'b' | 'B'; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }
  | { readonly kind: 'save'; readonly slot: number; readonly next: number }
  | { readonly kind: 'forget'; readonly from: number; readonly to: number; readonly next: number }
  | { readonly kind: 'end' };

/** Steps, of which the last is the first to be done. Slots 2n and 2n + 1 are the ends of group n. */
export type Program = readonly Step[];

/** How many steps a program may have: repetitions with a number are written out. */
export const stepLimit = 20_000;

export class TooLargePattern extends Error {}

/** Built from the end, since each step names those that follow it. */
export function compilePattern(pattern: Pattern): Program {
  const builder = new ProgramBuilder();
  builder.build({ kind: 'group', index: 0, body: pattern }, builder.add({ kind: 'end' }));
  return builder.steps;
}

class ProgramBuilder {
  readonly steps: Step[] = [];
  readonly #tests = new Map<string, CharacterTest>();

  add(step: Step): number {
    if (this.steps.length >= stepLimit) throw new TooLargePattern();
    return this.steps.push(step) - 1;
  }

  /** Adds what matches the pattern and then goes on at `next`, and says where it begins. */
  build(pattern: Pattern, next: number): number {
    switch (pattern.kind) {
      case 'character': {
        const test = this.#tests.getOrInsertComputed(pattern.source, (source) => new CharacterTest(source));
        return this.add({ kind: 'character', test, next });
      }
      case 'assertion':
        return this.add({ kind: 'assertion', assertion: pattern.assertion, next });
      case 'sequence':
        return pattern.parts.reduceRight((after, part) => this.build(part, after), next);
      case 'choice':
        return this.add({ kind: 'fork', next: pattern.branches.map((branch) => this.build(branch, next)) });
      case 'group': {
        const end = this.add({ kind: 'save', slot: pattern.index * 2 + 1, next });
        return this.add({ kind: 'save', slot: pattern.index * 2, next: this.build(pattern.body, end) });
      }
      case 'repetition':
        return this.#buildRepetition(pattern, next);
      default:
        return unreachable(pattern);
    }
  }

  #buildRepetition(repetition: Repetition, next: number): number {
    const { least, most } = repetition;
    let start = next;
    if (most === Number.POSITIVE_INFINITY) start = this.#buildLoop(repetition, next);
    else
      for (let count = least; count < most; count++)
        start = this.#fork(repetition, this.#once(repetition, start), next);
    for (let count = 0; count < least; count++) start = this.#once(repetition, start);
    return start;
  }

  #buildLoop(repetition: Repetition, next: number): number {
    const loop = this.add({ kind: 'fork', next: [] });
    const body = this.#once(repetition, loop);
    this.steps[loop] = { kind: 'fork', next: order(repetition, body, next) };
    return loop;
  }

  #fork(repetition: Repetition, body: number, next: number): number {
    return this.add({ kind: 'fork', next: order(repetition, body, next) });
  }

  /** Each time around, what the groups within matched before is forgotten. */
  #once({ body, groups: [first, end] }: Repetition, next: number): number {
    const start = this.build(body, next);
    return first === end ? start : this.add({ kind: 'forget', from: first * 2, to: end * 2, next: start });
  }
}

function order({ isGreedy }: Repetition, body: number, next: number): readonly number[] {
  return isGreedy ? [body, next] : [next, body];
}
