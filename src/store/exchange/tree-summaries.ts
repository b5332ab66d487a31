import {
  type Digest,
  type HashPart,
  type StorePath,
  hashPartLength,
  isTurnOver,
  nextTurn,
} from '../../foundation/index.ts';
import { textsOf } from '../archive/check-output.ts';
import { limits } from '../archive/format.ts';
import { type Measure, measureDirectory, tooDeep } from '../archive/measure.ts';
import type { BlobReference } from '../blobs.ts';
import type { Directory } from '../directory.ts';
import type { KnownTrees } from './known-trees.ts';
import { PartScan } from './part-scan.ts';
import type { PossibleMentions } from './possible-mentions.ts';

/** What a tree is if it is laid out on a disk, and what it may mention: it follows from the content alone. */
export interface TreeSummary extends Measure {
  /** Of the root's encoding, in bytes. */
  readonly encodingSize: number;
  /** What names, links and files in it may mention of outputs; undefined where that is too much to tell. */
  readonly parts: readonly HashPart[] | undefined;
}

export interface SummaryParts {
  readonly readTree: (digest: Digest) => Directory;
  readonly mentions: PossibleMentions;
  readonly known: KnownTrees;
}

/** How many different hash parts a tree may hold until they are too many to be kept. */
const partsLimit = 4096;

const none: readonly HashPart[] = [];

interface Step extends BlobReference {
  readonly directory: Directory;
  /** Which of its directories comes next. */
  next: number;
}

/** Sums up trees, each directory once. */
export class TreeSummaries {
  readonly #parts: SummaryParts;
  readonly #made = new Map<Digest, { readonly summary: TreeSummary; readonly holder: StorePath }>();

  constructor(parts: SummaryParts) {
    this.#parts = parts;
  }

  /** Sums up an output's tree, or says as a sentence's end what keeps it from being moved. Others get their turn. */
  async of(holder: StorePath, root: BlobReference): Promise<TreeSummary | string> {
    const way: Step[] = this.#find(root.digest) === undefined ? [this.#step(root)] : [];
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      if (isTurnOver()) await nextTurn();
      const child = step.directory.directories[step.next++];
      if (child !== undefined) {
        if (this.#find(child.digest) !== undefined) continue;
        if (way.length >= limits.depth) return tooDeep;
        way.push(this.#step(child));
        continue;
      }
      const measure = measureDirectory(step.directory, { get: (digest) => this.#find(digest) });
      if (typeof measure === 'string') return measure;
      const parts = await this.#partsOf(step.directory);
      this.#made.set(step.digest, { summary: { ...measure, encodingSize: step.size, parts }, holder });
      way.pop();
    }
    return this.#find(root.digest) as TreeSummary;
  }

  /** Keeps in mind what was found, once the outputs are recorded. */
  keep(): void {
    for (const [digest, { summary, holder }] of this.#made) this.#parts.known.note(digest, summary, holder);
  }

  #find(digest: Digest): TreeSummary | undefined {
    return this.#made.get(digest)?.summary ?? this.#parts.known.summaryOf(digest);
  }

  #step({ digest, size }: BlobReference): Step {
    return { digest, size, directory: this.#parts.readTree(digest), next: 0 };
  }

  async #partsOf(directory: Directory): Promise<readonly HashPart[] | undefined> {
    const found = new Set<HashPart>();
    const add = (parts: readonly HashPart[] | undefined): boolean => {
      for (const part of parts ?? none) found.add(part);
      return parts !== undefined && found.size <= partsLimit;
    };
    for (const text of textsOf(directory)) if (!add(partsOfText(text))) return undefined;
    for (const file of directory.files) if (!add(await this.#parts.mentions.of(file))) return undefined;
    for (const { digest } of directory.directories) if (!add(this.#find(digest)?.parts)) return undefined;
    return found.size === 0 ? none : [...found];
  }
}

/** The hash parts that a name, or the target of a link, may mention. */
export function partsOfText(text: string): readonly HashPart[] | undefined {
  if (text.length < hashPartLength) return none;
  const scan = new PartScan();
  scan.scan(Buffer.from(text));
  return scan.parts();
}
