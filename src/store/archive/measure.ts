import type { Digest } from '../../foundation/index.ts';
import { type Directory, entriesOf } from '../directory.ts';
import { limits } from './format.ts';

/** What a tree is if all of it is laid out on a disk. */
export interface Measure {
  /** The bytes of all files together. */
  readonly size: number;
  readonly entries: number;
  readonly depth: number;
}

/** That a tree cannot be moved, as a sentence's end. */
export const tooDeep = `its directories are nested more than ${limits.depth} deep`;

interface Step {
  readonly digest: Digest;
  readonly directory: Directory;
  /** Which of its directories comes next. */
  next: number;
}

/**
 * Measures a tree, directories that come again as often as they come, or says as a sentence's end what keeps it from being moved. A
 * directory that holds the same one twice, and that again, is small in an archive and endless on a disk.
 */
export function measureTree(root: Digest, readTree: (digest: Digest) => Directory): Measure | string {
  const measures = new Map<Digest, Measure>();
  const way: Step[] = [{ digest: root, directory: readTree(root), next: 0 }];
  for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
    const child = step.directory.directories[step.next++];
    if (child !== undefined) {
      if (measures.has(child.digest)) continue;
      if (way.length >= limits.depth) return tooDeep;
      way.push({ digest: child.digest, directory: readTree(child.digest), next: 0 });
      continue;
    }
    const measure = measureDirectory(step.directory, measures);
    if (typeof measure === 'string') return measure;
    measures.set(step.digest, measure);
    way.pop();
  }
  return measures.get(root) as Measure;
}

/** Measures a directory, of whose directories the measures are known. */
export function measureDirectory(
  directory: Directory,
  measures: { readonly get: (digest: Digest) => Measure | undefined },
): Measure | string {
  let size = 0;
  let entries = 0;
  let depth = 0;
  for (const entry of entriesOf(directory)) {
    if (Buffer.byteLength(entry.name) > limits.nameBytes)
      return `the name '${entry.name.slice(0, 40)}…' in it is longer than ${limits.nameBytes} bytes`;
    if ('target' in entry && Buffer.byteLength(entry.target) > limits.targetBytes)
      return `the target of its link '${entry.name}' is longer than ${limits.targetBytes} bytes`;
    if ('target' in entry && (entry.target === '' || entry.target.includes('\0')))
      return `its link '${entry.name}' has a target that no link can have`;
    if ('executable' in entry) size += entry.size;
    entries++;
  }
  for (const { digest } of directory.directories) {
    const child = measures.get(digest) as Measure;
    size += child.size;
    entries += child.entries;
    depth = Math.max(depth, child.depth);
  }
  if (depth >= limits.depth) return tooDeep;
  if (entries > limits.entries) return `it has more than ${limits.entries} entries`;
  if (!Number.isSafeInteger(size)) return 'the sizes of its files do not fit a number';
  return { size, entries, depth: depth + 1 };
}
