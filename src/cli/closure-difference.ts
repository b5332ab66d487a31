import type { ClosureGraph, ClosurePart, PackageChange } from '../workspace/index.ts';
import { shownGrowth, shownSize } from './sizes.ts';
import { alignedLines } from './table.ts';

/** Of a closure: how many outputs it has, and how many bytes their files have. */
export interface ClosureTotal {
  readonly outputs: number;
  readonly size: number;
}

export function totalOf({ records }: ClosureGraph): ClosureTotal {
  let size = 0;
  for (const record of records.values()) size += record.size;
  return { outputs: records.size, size };
}

/** A line a package, and one for the whole. */
export function packageChangeLines(
  packages: readonly PackageChange[],
  before: ClosureTotal,
  after: ClosureTotal,
): string {
  const rows = packages.map((change) => [
    change.change,
    change.name,
    change.onlyStorePaths ? 'only in store paths' : versionsText(change),
    shownGrowth(change.growth),
  ]);
  const lines = alignedLines(rows, ['left', 'left', 'left', 'right']);
  const growth = shownGrowth(after.size - before.size);
  return `${lines}${totalText(before)} → ${totalText(after)}: ${growth}\n`;
}

function versionsText({ before, after }: PackageChange): string {
  const [old, now] = [versionsOf(before), versionsOf(after)];
  if (old === now) return old;
  return [old, now].filter((text) => text !== '').join(' → ');
}

function versionsOf(parts: readonly ClosurePart[]): string {
  return parts.map(({ version }) => version).join(', ');
}

function totalText({ outputs, size }: ClosureTotal): string {
  return `${outputs} ${outputs === 1 ? 'output' : 'outputs'} of ${shownSize(size)}`;
}
