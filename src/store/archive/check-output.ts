import {
  type Digest,
  type HashPart,
  type StorePath,
  compareCodePoints,
  hashPartLength,
  hashPartOf,
  hashPartOfStorePath,
  isTurnOver,
  nextTurn,
} from '../../foundation/index.ts';
import { directoriesOf } from '../add-tree.ts';
import { type Directory, entriesOf } from '../directory.ts';
import type { OutputRecord } from '../records.ts';
import { ReferenceScanner } from '../reference-scanner.ts';
import { isNamedBy } from '../self-reference.ts';
import { cannotImport } from './faults.ts';
import type { ArchivedOutput } from './format.ts';
import type { ImportPlace } from './import.ts';
import { measureTree } from './measure.ts';

type Place = Pick<ImportPlace, 'blobs' | 'readTree' | 'useTree'>;

/** The outputs that content may refer to, by their hash parts. */
export class KnownOutputs {
  readonly scanner: ReferenceScanner;
  readonly #paths = new Map<HashPart, StorePath[]>();

  constructor(paths: Iterable<StorePath>) {
    for (const path of new Set(paths)) {
      const twins = this.#paths.get(hashPartOfStorePath(path));
      if (twins === undefined) this.#paths.set(hashPartOfStorePath(path), [path]);
      else twins.push(path);
    }
    this.scanner = new ReferenceScanner(this.#paths.keys());
  }

  /** What an output means that mentions a hash part: of several of that content the one that it says, itself before all. */
  meantBy({ path, references }: ArchivedOutput, hashPart: HashPart): readonly StorePath[] {
    if (hashPart === hashPartOfStorePath(path)) return [path];
    const paths = this.#paths.get(hashPart) ?? [];
    const said = paths.filter((each) => references.includes(each));
    return said.length > 0 ? said : paths;
  }
}

/**
 * Looks whether an output, all of which is in the store, is what its path says, and finds what it refers to.
 *
 * The path names the content, so it proves it. It does not prove the references: what an archive says of them is not believed, and
 * what is recorded is what the content mentions of all the outputs that are known.
 *
 * @throws DiagnosticError CAB5023 where it is not what its path says, or not of a shape that can be laid out on a disk.
 */
export async function checkOutput(
  output: ArchivedOutput,
  place: Place,
  known: KnownOutputs,
): Promise<OutputRecord> {
  const { path, tree, size } = output;
  const measure = measureTree(tree, place.readTree);
  if (typeof measure === 'string') throw cannotImport(path, measure);
  if (measure.size !== size)
    throw cannotImport(path, `its files have ${measure.size} bytes, and not ${size}`);
  if (!isWhole(tree, place)) throw cannotImport(path, 'the archive does not hold all of it');
  const { mentioned, mentioning } = await mentionsIn(output, place, known);
  if (!isNamedRightly(output, mentioning, place))
    throw cannotImport(path, 'its content is not the one that its path names');
  const references = [...mentioned].flatMap((hashPart) => known.meantBy(output, hashPart));
  return { path, tree, size, references: references.toSorted(compareCodePoints) };
}

/** Archives hold all of their outputs. Should one rely on what the store has anyway, that stays until the output is recorded. */
function isWhole(tree: Digest, { blobs, readTree, useTree }: Place): boolean {
  if (!useTree(tree)) return false;
  for (const { files, directories } of directoriesOf(tree, readTree)) {
    if (!files.every(({ digest }) => blobs.use(digest))) return false;
    if (!directories.every(({ digest }) => useTree(digest))) return false;
  }
  return true;
}

function isNamedRightly(
  { path, tree }: ArchivedOutput,
  mentioning: ReadonlySet<Digest>,
  { blobs, readTree }: Place,
): boolean {
  const hashPart = hashPartOfStorePath(path);
  if (hashPartOf(tree) === hashPart) return true;
  const chunks = (digest: Digest): Iterable<Uint8Array> => blobs.chunks(digest);
  return isNamedBy(hashPart, { root: tree, readTree, mentioning, chunks });
}

interface Mentions {
  readonly mentioned: ReadonlySet<HashPart>;
  /** The blobs that mention the output itself. */
  readonly mentioning: ReadonlySet<Digest>;
}

async function mentionsIn(
  { path, tree }: ArchivedOutput,
  { blobs, readTree }: Place,
  known: KnownOutputs,
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
    for (const { digest, size } of directory.files) {
      if (size < hashPartLength) continue;
      const stream = known.scanner.stream();
      for (const chunk of blobs.chunks(digest)) {
        stream.scan(chunk);
        if (isTurnOver()) await nextTurn();
      }
      for (const hashPart of stream.found) mentioned.add(hashPart);
      if (stream.found.has(own)) mentioning.add(digest);
    }
  }
  return { mentioned, mentioning };
}

function* textsOf(directory: Directory): Generator<string> {
  for (const entry of entriesOf(directory)) {
    yield entry.name;
    if ('target' in entry) yield entry.target;
  }
}
