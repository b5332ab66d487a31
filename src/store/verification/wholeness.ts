import { type Digest, hashPartOfStorePath } from '../../foundation/index.ts';
import { directoriesOf } from '../add-tree.ts';
import type { Blobs } from '../blobs.ts';
import type { Directory } from '../directory.ts';
import type { Metadata } from '../metadata.ts';
import type { OutputRecord } from '../records.ts';
import { isNamedBy } from '../self-reference.ts';
import type { Trees } from '../trees.ts';

/** Whether trees are there with all that they name. Each directory is looked at once, as long as this lives. */
export class Wholeness {
  readonly #blobs: Blobs;
  readonly #trees: Trees;
  readonly #known = new Map<Digest, boolean>();
  readonly #lacking = new Set<Digest>();

  constructor(parts: { readonly blobs: Blobs; readonly trees: Trees }) {
    this.#blobs = parts.blobs;
    this.#trees = parts.trees;
  }

  /** Notes a blob or directory that is not there, or not what it should be. */
  lacks(digest: Digest): void {
    this.#lacking.add(digest);
  }

  ofTree(digest: Digest): boolean {
    const known = this.#known.get(digest);
    if (known !== undefined) return known;
    const whole = this.#look(digest);
    this.#known.set(digest, whole);
    return whole;
  }

  /** Whether the tree of an output is there, and is the one that its path names. */
  ofOutput(record: OutputRecord): boolean {
    return this.ofTree(record.tree) && this.isNamedRightly(record);
  }

  /** Of an output whose tree is whole. */
  isNamedRightly({ path, tree, references }: OutputRecord): boolean {
    const mentioning = new Set<Digest>();
    if (references.includes(path)) {
      for (const directory of directoriesOf(tree, this.#readTree)) {
        for (const file of directory.files) mentioning.add(file.digest);
      }
    }
    return isNamedBy(hashPartOfStorePath(path), {
      root: tree,
      readTree: this.#readTree,
      mentioning,
      chunks: (digest) => this.#blobs.chunks(digest),
    });
  }

  #look(digest: Digest): boolean {
    if (this.#lacking.has(digest) || !this.#trees.has(digest)) return false;
    const { files, directories } = this.#trees.get(digest);
    const hasFiles = files.every(
      (file) => !this.#lacking.has(file.digest) && this.#blobs.exists(file.digest),
    );
    return hasFiles && directories.every((child) => this.ofTree(child.digest));
  }

  readonly #readTree = (digest: Digest): Directory => this.#trees.get(digest);
}

/** Removes the directories that lack something: they are of no use, and would be taken for known. */
export function removeBrokenTrees(parts: {
  readonly blobs: Blobs;
  readonly trees: Trees;
  readonly metadata: Metadata;
}): void {
  const wholeness = new Wholeness(parts);
  const broken: Digest[] = [];
  for (const { digest } of parts.trees.all()) if (!wholeness.ofTree(digest)) broken.push(digest);
  parts.metadata.transaction(() => {
    for (const digest of broken) parts.trees.remove(digest);
  });
}
