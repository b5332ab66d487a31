import { DiagnosticError } from '../../diagnostics/index.ts';
import { type Digest, digestOf, isTurnOver, nextTurn } from '../../foundation/index.ts';
import type { BlobReference, Blobs } from '../blobs.ts';
import type { Directory } from '../directory.ts';
import type { Trees } from '../trees.ts';
import type { Lacking } from './exchanged-output.ts';
import { cannotTake } from './faults.ts';

/** Where content comes from that the store lacks. */
export interface ContentSource {
  /** The encodings of directories, as far as there are; they are verified here. */
  readonly directories: (asked: readonly BlobReference[]) => Promise<Iterable<Uint8Array>>;
  /** Puts blobs into the store, as far as there are. */
  readonly blobs: (asked: readonly BlobReference[]) => Promise<void>;
}

export interface IntakePlace {
  readonly blobs: Blobs;
  readonly trees: Trees;
  readonly putTrees: (encodings: Iterable<Uint8Array>) => void;
  /** Those of the directories that have to be looked at: of the others it is known that they are there with all that is in them. */
  readonly others?: (asked: readonly BlobReference[]) => readonly BlobReference[];
}

/** How many directories, or blobs, are asked for at once. */
const atOnce = 1000;
/** How many blobs are marked as used at once. */
const markedAtOnce = 256;
/** How much that is lacking is told at once: whoever brings that hears of the rest. */
const lackingLimit = 40_000;

/**
 * Takes in trees from their roots down. All that is in them is used from when it is found, and directories are put only when all of it
 * is there.
 */
export class TreeIntake {
  readonly #source: ContentSource;
  readonly #place: IntakePlace;
  /** The sizes of directories and blobs that were come upon. */
  readonly #directories = new Map<Digest, number>();
  readonly #blobs = new Map<Digest, number>();
  /** The encodings of directories that are to be put. */
  readonly #new = new Map<Digest, Uint8Array>();
  readonly #lackingDirectories: BlobReference[] = [];
  readonly #lackingBlobs: BlobReference[] = [];
  #waitingDirectories: BlobReference[] = [];
  #waitingBlobs: BlobReference[] = [];

  constructor(source: ContentSource, place: IntakePlace) {
    this.#source = source;
    this.#place = place;
  }

  /**
   * Brings what the trees are made of, and says what is lacking still.
   *
   * @throws DiagnosticError CAB5032 where something is not of the size that is said of it, CAB5007 where a directory is not canonical.
   */
  async take(roots: readonly BlobReference[]): Promise<Lacking> {
    for (const root of roots) this.#meetDirectory(root);
    while (this.#waitingDirectories.length > 0 && !this.#isLackingMuch()) {
      const asked = this.#waitingDirectories.splice(-atOnce);
      await this.#takeDirectories(this.#place.others?.(asked) ?? asked);
      if (this.#waitingBlobs.length >= atOnce) await this.#takeBlobs();
    }
    await this.#takeBlobs();
    return { directories: this.#lackingDirectories, blobs: this.#lackingBlobs };
  }

  /** A directory that was come upon. */
  readonly readTree = (digest: Digest): Directory => {
    const encoding = this.#new.get(digest);
    return encoding === undefined
      ? this.#place.trees.get(digest)
      : this.#place.trees.decode(digest, encoding);
  };

  /** Puts the directories that the store lacks, each after those in it. */
  async put(): Promise<void> {
    let batch: Uint8Array[] = [];
    for (const digest of this.#childrenFirst()) {
      batch.push(this.#new.get(digest) as Uint8Array);
      if (batch.length >= atOnce) {
        this.#place.putTrees(batch);
        batch = [];
      }
      if (isTurnOver()) await nextTurn();
    }
    if (batch.length > 0) this.#place.putTrees(batch);
  }

  #isLackingMuch(): boolean {
    return this.#lackingDirectories.length + this.#lackingBlobs.length >= lackingLimit;
  }

  async #takeDirectories(asked: readonly BlobReference[]): Promise<void> {
    const there = this.#place.trees.useAll(asked.map(({ digest }) => digest));
    const lacking: BlobReference[] = [];
    for (const reference of asked) {
      const size = there.get(reference.digest);
      if (size === undefined) lacking.push(reference);
      else this.#enter(reference, size);
      if (isTurnOver()) await nextTurn();
    }
    if (lacking.length === 0) return;
    for (const encoding of await this.#source.directories(lacking)) {
      const digest = digestOf(encoding);
      // What nobody has asked for is of no interest.
      if (!this.#directories.has(digest) || there.has(digest)) continue;
      this.#new.set(digest, encoding);
      if (isTurnOver()) await nextTurn();
    }
    for (const reference of lacking) {
      const encoding = this.#new.get(reference.digest);
      if (encoding === undefined) this.#lackingDirectories.push(reference);
      else this.#enter(reference, encoding.length);
      if (isTurnOver()) await nextTurn();
    }
  }

  /** Meets what a directory is made of. */
  #enter({ digest, size }: BlobReference, found: number): void {
    if (size !== found) throw cannotTake(`the directory ${digest}`, `it has ${found} bytes, and not ${size}`);
    const { files, directories } = this.#read(digest);
    for (const child of directories) this.#meetDirectory(child);
    for (const file of files) this.#meetBlob(file);
  }

  #read(digest: Digest): Directory {
    try {
      return this.readTree(digest);
    } catch (error) {
      const [diagnostic] = error instanceof DiagnosticError ? error.diagnostics : [];
      if (diagnostic?.code !== 'CAB5007') throw error;
      throw cannotTake(`the directory ${digest}`, diagnostic.message);
    }
  }

  #meetDirectory({ digest, size }: BlobReference): void {
    if (isMet(this.#directories, digest, size)) return;
    this.#waitingDirectories.push({ digest, size });
  }

  #meetBlob({ digest, size }: BlobReference): void {
    if (isMet(this.#blobs, digest, size)) return;
    this.#waitingBlobs.push({ digest, size });
  }

  async #takeBlobs(): Promise<void> {
    const lacking = await this.#lackingOf(this.#waitingBlobs);
    this.#waitingBlobs = [];
    for (let start = 0; start < lacking.length; start += atOnce) {
      const asked = lacking.slice(start, start + atOnce);
      await this.#source.blobs(asked);
      this.#lackingBlobs.push(...(await this.#lackingOf(asked)));
    }
  }

  async #lackingOf(blobs: readonly BlobReference[]): Promise<BlobReference[]> {
    const lacking: BlobReference[] = [];
    for (let start = 0; start < blobs.length; start += markedAtOnce) {
      const some = blobs.slice(start, start + markedAtOnce);
      const sizes = this.#place.blobs.useSizes(some.map(({ digest }) => digest));
      for (const blob of some) {
        const found = sizes.get(blob.digest) ?? this.#copyDirectory(blob.digest);
        if (found === undefined) lacking.push(blob);
        else if (found !== blob.size)
          throw cannotTake(`the blob ${blob.digest}`, `it has ${found} bytes, and not ${blob.size}`);
      }
      if (isTurnOver()) await nextTurn();
    }
    return lacking;
  }

  /** A file may hold what is known as a directory's encoding; nobody is asked to send what is there in another form. */
  #copyDirectory(digest: Digest): number | undefined {
    const encoding = this.#new.get(digest) ?? this.#encodingOf(digest);
    if (encoding === undefined) return undefined;
    this.#place.blobs.putHashed(encoding, digest);
    return encoding.length;
  }

  #encodingOf(digest: Digest): Uint8Array | undefined {
    if (digest === emptyDigest) return new Uint8Array(0);
    return this.#place.trees.use(digest) ? this.#place.trees.encoding(digest) : undefined;
  }

  *#childrenFirst(): Generator<Digest> {
    const done = new Set<Digest>();
    const way: { readonly digest: Digest; readonly children: Digest[] }[] = [];
    const enter = (digest: Digest): void => {
      if (!this.#new.has(digest) || done.has(digest)) return;
      way.push({ digest, children: this.readTree(digest).directories.map((child) => child.digest) });
    };
    for (const root of this.#new.keys()) {
      enter(root);
      for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
        const child = step.children.pop();
        if (child !== undefined) {
          enter(child);
          continue;
        }
        way.pop();
        if (!done.has(step.digest)) yield step.digest;
        done.add(step.digest);
      }
    }
  }
}

const emptyDigest = digestOf('');

/** Whether something was come upon before; then its size has to be the same. */
function isMet(sizes: Map<Digest, number>, digest: Digest, size: number): boolean {
  const known = sizes.get(digest);
  if (known === undefined) {
    sizes.set(digest, size);
    return false;
  }
  if (known !== size) throw cannotTake(digest, `it is said to have ${known} bytes, and ${size}`);
  return true;
}
