import { unreachable } from '../../../foundation/index.ts';
import type { Pattern } from './syntax.ts';

/**
 * In how many ways at most a pattern can be tried on a text of that length by an engine that tries one way after the other:
 * infinite where that grows with more than a power of the length, as in `(a+)+`.
 */
export function triesOf(pattern: Pattern, length: number): number {
  switch (pattern.kind) {
    case 'character':
    case 'assertion':
      return 1;
    case 'group':
      return triesOf(pattern.body, length);
    case 'sequence':
      return pattern.parts.reduce((product, part) => product * triesOf(part, length), 1);
    case 'choice':
      return pattern.branches.reduce((sum, branch) => sum + triesOf(branch, length), 0);
    case 'repetition': {
      const { body, least, most } = pattern;
      // What engines make of the repetition of nothing is not the same.
      if (canBeEmpty(body)) return Number.POSITIVE_INFINITY;
      const tries = triesOf(body, length);
      if (most <= 1) return 1 + tries;
      return tries > 1 ? Number.POSITIVE_INFINITY : Math.min(most - least, length) + 1;
    }
    default:
      return unreachable(pattern);
  }
}

function canBeEmpty(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'character':
      return false;
    case 'assertion':
      return true;
    case 'group':
      return canBeEmpty(pattern.body);
    case 'sequence':
      return pattern.parts.every(canBeEmpty);
    case 'choice':
      return pattern.branches.some(canBeEmpty);
    case 'repetition':
      return pattern.least === 0 || canBeEmpty(pattern.body);
    default:
      return unreachable(pattern);
  }
}
