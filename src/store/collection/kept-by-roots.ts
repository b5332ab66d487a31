import { DiagnosticError } from '../../diagnostics/index.ts';
import type { StorePath } from '../../foundation/index.ts';
import type { Blobs } from '../blobs.ts';
import type { Outputs } from '../outputs.ts';
import type { RootLook, RootState } from '../roots.ts';
import type { Trees } from '../trees.ts';

interface Parts {
  readonly outputs: Outputs;
  readonly trees: Trees;
  readonly blobs: Blobs;
}

/**
 * What the roots keep. A tree that a lock pins may come with a lock of its own, by which islands are read that it names: what that
 * pins is kept as well, as far as it is there.
 */
export function keptByRoots(
  states: readonly RootState[],
  look: RootLook,
  parts: Parts,
): ReadonlySet<StorePath> {
  const kept = new Set(states.flatMap(({ keeps }) => keeps));
  const waiting = states.filter(({ kind }) => kind === 'lock').flatMap(({ keeps }) => keeps);
  const seen = new Set<StorePath>();
  for (let output = waiting.pop(); output !== undefined; output = waiting.pop()) {
    if (seen.has(output)) continue;
    seen.add(output);
    for (const pinned of pinnedInside(output, look, parts)) {
      kept.add(pinned);
      waiting.push(pinned);
    }
  }
  return kept;
}

/** The name of lock files, as the language has it. */
const lockFileName = 'cab.lock';

function pinnedInside(
  output: StorePath,
  look: RootLook,
  { outputs, trees, blobs }: Parts,
): readonly StorePath[] {
  const tree = outputs.treeOf(output);
  if (tree === undefined) return [];
  try {
    const lock = trees.get(tree).files.find(({ name }) => name === lockFileName);
    return lock === undefined
      ? []
      : look.pinnedBy(Buffer.from(blobs.read(lock.digest)).toString('utf8'), output);
  } catch (error) {
    // What is malformed inside a tree pins nothing, and what is damaged is for others to find.
    if (error instanceof DiagnosticError) return [];
    throw error;
  }
}
