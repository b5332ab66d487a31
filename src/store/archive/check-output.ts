import {
  type Digest,
  type HashPart,
  compareCodePoints,
  hashPartOfStorePath,
} from '../../foundation/index.ts';
import { directoriesOf } from '../add-tree.ts';
import { type Directory, entriesOf } from '../directory.ts';
import type { OutputRecord } from '../records.ts';
import { isNamedByLater } from '../self-reference.ts';
import { cannotImport } from './faults.ts';
import type { BlobIntake } from './blob-intake.ts';
import type { ArchivedOutput } from './format.ts';
import type { ImportPlace } from './import.ts';
import type { KnownOutputs } from './known-outputs.ts';
import { measureTree } from './measure.ts';

/** Where an output and what is known of it come from. */
export interface CheckedParts extends Pick<ImportPlace, 'blobs' | 'readTree' | 'useTree'> {
  readonly known: KnownOutputs;
  readonly intake: BlobIntake;
}

/**
 * Looks whether an output, all of which is in the store, is what its path says, and finds what it refers to.
 *
 * The path names the content, so it proves it. It does not prove the references: what an archive says of them is not believed, and
 * what is recorded is what the content mentions of all the outputs that are known.
 *
 * @throws DiagnosticError CAB5023 where it is not what its path says, or not of a shape that can be laid out on a disk.
 */
export async function checkOutput(output: ArchivedOutput, parts: CheckedParts): Promise<OutputRecord> {
  const { path, tree, size } = output;
  const measure = measureTree(tree, parts.readTree);
  if (typeof measure === 'string') throw cannotImport(path, measure);
  if (measure.size !== size)
    throw cannotImport(path, `its files have ${measure.size} bytes, and not ${size}`);
  if (!isWhole(tree, parts)) throw cannotImport(path, 'the archive does not hold all of it');
  const { mentioned, mentioning } = await mentionsIn(output, parts);
  if (!(await isNamedRightly(output, mentioning, parts)))
    throw cannotImport(path, 'its content is not the one that its path names');
  const references = [...mentioned].flatMap((hashPart) => parts.known.meantBy(output, hashPart));
  return { path, tree, size, references: references.toSorted(compareCodePoints) };
}

/** Archives hold all of their outputs. Should one rely on what the store has anyway, that stays until the output is recorded. */
function isWhole(tree: Digest, { intake, readTree, useTree }: CheckedParts): boolean {
  if (!useTree(tree)) return false;
  for (const { files, directories } of directoriesOf(tree, readTree)) {
    if (!files.every(({ digest }) => intake.sizeOf(digest) !== undefined)) return false;
    if (!directories.every(({ digest }) => useTree(digest))) return false;
  }
  return true;
}

/** Whether a tree is the one that its path names, of which the blobs that mention the path itself are known. */
export async function isNamedRightly(
  { path, tree }: Pick<ArchivedOutput, 'path' | 'tree'>,
  mentioning: ReadonlySet<Digest>,
  { blobs, readTree }: Pick<CheckedParts, 'blobs' | 'readTree'>,
): Promise<boolean> {
  const hashPart = hashPartOfStorePath(path);
  const chunks = (digest: Digest): Iterable<Uint8Array> => blobs.chunks(digest);
  return await isNamedByLater(hashPart, { root: tree, readTree, mentioning, chunks });
}

interface Mentions {
  readonly mentioned: ReadonlySet<HashPart>;
  /** The blobs that mention the output itself. */
  readonly mentioning: ReadonlySet<Digest>;
}

async function mentionsIn(
  { path, tree }: ArchivedOutput,
  { intake, known, readTree }: CheckedParts,
): Promise<Mentions> {
  const own = hashPartOfStorePath(path);
  const mentioned = new Set<HashPart>();
  const mentioning = new Set<Digest>();
  for (const directory of directoriesOf(tree, readTree)) {
    for (const text of textsOf(directory)) {
      const stream = known.scanner.stream();
      stream.scan(Buffer.from(text));
      for (const hashPart of stream.found) mentioned.add(hashPart);
    }
    for (const file of directory.files) {
      const mentions = await intake.mentionsOf(file);
      for (const hashPart of mentions) mentioned.add(hashPart);
      if (mentions.includes(own)) mentioning.add(file.digest);
    }
  }
  return { mentioned, mentioning };
}

/** Its names, and the targets of its links. */
export function* textsOf(directory: Directory): Generator<string> {
  for (const entry of entriesOf(directory)) {
    yield entry.name;
    if ('target' in entry) yield entry.target;
  }
}
