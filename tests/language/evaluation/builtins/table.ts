import { test } from 'node:test';
import { type ExpectedError, check, checkError } from '../check.ts';
import type { MemoryWorld } from '../memory-world.ts';

/** One test: each expression has the value beside it, as `cab eval` shows it. */
export function values(
  title: string,
  cases: Readonly<Record<string, string>>,
  world?: () => MemoryWorld,
): void {
  test(title, () => {
    for (const [expression, result] of Object.entries(cases)) check(expression, result, world?.());
  });
}

/** One test: each expression ends in an error with the code beside it, or with all that is said of it. */
export function errors(title: string, cases: Readonly<Record<string, string | ExpectedError>>): void {
  test(title, () => {
    for (const [expression, expected] of Object.entries(cases)) {
      checkError(expression, typeof expected === 'string' ? { code: expected } : expected);
    }
  });
}
