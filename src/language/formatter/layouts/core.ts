import { unbounded } from '../document.ts';
import type { Laid } from '../laid.ts';

/**
 * Which of several things that stand side by side may be broken where it stands, all others staying on one line: the last
 * that is not short by its kind, if nothing else has to break. -1 if there is none.
 */
export function chooseCore(laid: readonly Laid[], mayBreak: (laid: Laid) => boolean): number {
  const core = laid.findLastIndex(({ role }) => role !== 'atom');
  const candidate = laid[core];
  if (candidate === undefined || !mayBreak(candidate)) return -1;
  if (laid.some(({ document }, index) => index !== core && document.flat === unbounded)) return -1;
  // Nothing may stand behind the quote that closes a string of several lines.
  return candidate.role === 'lines' && core < laid.length - 1 ? -1 : core;
}
