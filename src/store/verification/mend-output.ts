import type { OutputRecord } from '../records.ts';
import type { VerifyFinding } from './finding.ts';
import type { StoreParts } from './parts.ts';
import { Repair } from './repair.ts';
import { Wholeness } from './wholeness.ts';

/**
 * Puts an output right as far as that goes with what is on this machine, and what lies on disk of it. Answers whether it is whole
 * then: if not, it has to be made again, and mended once more.
 */
export async function mendOutput(record: OutputRecord, parts: StoreParts): Promise<boolean> {
  const repair = new Repair(parts, () => undefined);
  const lacking = [...lackingIn(record, parts)];
  if (lacking.length > 0) await repair.mend(lacking);
  if (!new Wholeness(parts).ofOutput(record)) return false;
  await repair.materialiseAnew([record]);
  return true;
}

/** What an output lacks. Each blob is hashed: one that is not what it should be lies aside then, and is missing. */
function* lackingIn(
  { tree, path: output }: OutputRecord,
  { trees, blobs }: StoreParts,
): Generator<VerifyFinding> {
  const seen = new Set([tree]);
  for (const digest of seen) {
    if (!trees.has(digest)) {
      yield { kind: 'tree-missing', path: digest, detail: '', digest, output };
      continue;
    }
    const directory = trees.get(digest);
    for (const { digest: child } of directory.directories) seen.add(child);
    for (const file of directory.files) {
      for (const executable of [false, true]) blobs.doubt(file.digest, executable);
      if (blobs.has(file.digest)) continue;
      yield { kind: 'blob-missing', path: file.digest, detail: '', digest: file.digest, output };
    }
  }
}
