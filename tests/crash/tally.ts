import type { TestContext } from 'node:test';
import { chooseSeed, randomFrom } from '../support/random.ts';

/** How many times as much is tried as in `npm test`: what `npm run test:crash` asks for. */
const factor = Number(process.env['CAB_CRASH'] ?? 1);

/** Whether it is the long form that runs. */
export const isLong = factor > 1;

/** Counts the faults that a test injects, and tells what it needs to be had again. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #test: TestContext;
  readonly seed = chooseSeed();
  readonly random: () => number;

  constructor(test: TestContext) {
    this.#test = test;
    this.random = randomFrom(this.seed);
    test.diagnostic(`seed ${this.seed} (CAB_TEST_SEED)`);
    test.after(() => this.#tell());
  }

  count(kind: string, number = 1): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + number);
  }

  /** So many times in `npm test`, and more in the long form. */
  rounds(usual: number): number {
    return Math.ceil(usual * factor);
  }

  /** A whole number from 0 on, and below the limit. */
  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  choose<T>(values: readonly T[]): T {
    if (values.length === 0) throw new Error('there is nothing to choose from');
    return values[this.below(values.length)] as T;
  }

  // `scripts/test.ts` adds up what all tests say so.
  #tell(): void {
    const words = [...this.#counts].map(([kind, number]) => `${number} ${kind}`);
    this.#test.diagnostic(`faults injected: ${words.join(', ')}`);
  }
}
