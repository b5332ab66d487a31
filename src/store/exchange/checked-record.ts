import {
  type Digest,
  type HashPart,
  type StorePath,
  compareCodePoints,
  hashPartOfStorePath,
  isTurnOver,
  nextTurn,
} from '../../foundation/index.ts';
import { directoriesOf } from '../add-tree.ts';
import { isNamedRightly, textsOf } from '../archive/check-output.ts';
import { KnownOutputs } from '../archive/known-outputs.ts';
import type { BlobReference, Blobs } from '../blobs.ts';
import type { Directory } from '../directory.ts';
import type { Outputs } from '../outputs.ts';
import type { OutputRecord } from '../records.ts';
import { type ExchangedOutput, rootOf } from './exchanged-output.ts';
import { cannotTake } from './faults.ts';
import type { PossibleMentions } from './possible-mentions.ts';
import { type TreeSummaries, type TreeSummary, partsOfText } from './tree-summaries.ts';

export interface CheckingParts {
  readonly blobs: Blobs;
  readonly outputs: Outputs;
  readonly mentions: PossibleMentions;
  readonly readTree: (digest: Digest) => Directory;
  readonly summaries: TreeSummaries;
  /** The outputs that come together. */
  readonly together: readonly StorePath[];
}

/**
 * Looks whether an output, all of which is in the store, is what its path says, and finds what it refers to, as an import does: the path
 * proves the content, and what is said of references is not believed, but read from the content.
 *
 * @throws DiagnosticError CAB5032 where it is not what its path says, or not of a shape that can be laid out on a disk.
 */
export async function checkedRecord(output: ExchangedOutput, parts: CheckingParts): Promise<OutputRecord> {
  const { path, tree, size } = output;
  const summary = await parts.summaries.of(path, rootOf(output));
  if (typeof summary === 'string') throw cannotTake(`'${path}'`, summary);
  if (summary.size !== size)
    throw cannotTake(`'${path}'`, `its files have ${summary.size} bytes, and not ${size}`);
  const mentions = await mentionsIn(output, summary, parts);
  if (!(await isNamedRightly(output, mentions.mentioning, parts)))
    throw cannotTake(`'${path}'`, 'its content is not the one that its path names');
  return { path, tree, size, references: referencesIn(output, mentions.parts, parts) };
}

/** Where an output mentions itself, or more than can be kept in mind, it is looked which files do so. */
async function mentionsIn(
  output: ExchangedOutput,
  { parts: mentioned }: TreeSummary,
  parts: CheckingParts,
): Promise<Mentions> {
  if (mentioned === undefined || mentioned.includes(hashPartOfStorePath(output.path)))
    return await new MentionSearch(output, parts).run();
  return { parts: new Set(mentioned), mentioning: new Set() };
}

function referencesIn(
  output: OutputRecord,
  mentioned: ReadonlySet<HashPart>,
  { outputs, together }: CheckingParts,
): readonly StorePath[] {
  const known = new KnownOutputs([...outputs.namedBy(mentioned), ...together]);
  const references = [...mentioned].flatMap((part) => known.meantBy(output, part));
  return [...new Set(references)].toSorted(compareCodePoints);
}

interface Mentions {
  readonly parts: ReadonlySet<HashPart>;
  /** The blobs that mention the output itself. */
  readonly mentioning: ReadonlySet<Digest>;
}

class MentionSearch {
  readonly #output: OutputRecord;
  readonly #parts: CheckingParts;
  readonly #own: HashPart;
  readonly #found = new Set<HashPart>();
  readonly #mentioning = new Set<Digest>();
  readonly #seen = new Set<Digest>();
  /** Made where a content may mention so much that all known outputs have to be looked for in it. */
  #known: KnownOutputs | undefined;

  constructor(output: OutputRecord, parts: CheckingParts) {
    this.#output = output;
    this.#parts = parts;
    this.#own = hashPartOfStorePath(output.path);
  }

  async run(): Promise<Mentions> {
    for (const directory of directoriesOf(this.#output.tree, this.#parts.readTree)) {
      for (const text of textsOf(directory)) this.#text(text);
      for (const file of directory.files) await this.#file(file);
      if (isTurnOver()) await nextTurn();
    }
    return { parts: this.#found, mentioning: this.#mentioning };
  }

  #text(text: string): void {
    for (const part of partsOfText(text) ?? []) this.#found.add(part);
  }

  async #file(file: BlobReference): Promise<void> {
    if (this.#seen.has(file.digest)) return;
    this.#seen.add(file.digest);
    const parts = (await this.#parts.mentions.of(file)) ?? (await this.#searched(file.digest));
    for (const part of parts) {
      this.#found.add(part);
      if (part === this.#own) this.#mentioning.add(file.digest);
    }
  }

  async #searched(digest: Digest): Promise<Iterable<HashPart>> {
    const { outputs, together, blobs } = this.#parts;
    this.#known ??= new KnownOutputs([...outputs.paths(), ...together]);
    const stream = this.#known.scanner.stream();
    for (const piece of blobs.chunks(digest)) {
      stream.scan(piece);
      if (isTurnOver()) await nextTurn();
    }
    return stream.found;
  }
}
