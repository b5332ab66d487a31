import type { Digest } from '../../foundation/index.ts';
import type { Directory } from '../directory.ts';
import type { OutputRecord } from '../records.ts';
import type { Store } from '../store.ts';
import { BlankedDigests } from './blanked-digest.ts';

/**
 * Tells whether what differs in two outputs does so in nothing but names of store paths: other hashes and versions of the packages that
 * the outputs refer to, and of themselves. What was built again upon rebuilt inputs mostly does.
 */
export class StorePathDifferences {
  readonly #store: Store;
  readonly #blanked: BlankedDigests;
  readonly #known = new Map<Digest, Digest>();

  constructor(store: Store, outputs: Iterable<OutputRecord>) {
    this.#store = store;
    this.#blanked = new BlankedDigests([...outputs].flatMap(({ path, references }) => [path, ...references]));
  }

  inTexts(one: string, other: string): boolean {
    return one === other || this.#blanked.of([Buffer.from(one)]) === this.#blanked.of([Buffer.from(other)]);
  }

  inBlobs(one: Digest, other: Digest): boolean {
    return one === other || this.#blankedBlob(one) === this.#blankedBlob(other);
  }

  inTrees(one: Digest, other: Digest): boolean {
    return one === other || this.#inDirectories(this.#store.getTree(one), this.#store.getTree(other));
  }

  #inDirectories(one: Directory, other: Directory): boolean {
    const [files, symlinks, directories] = [
      pairsOf(one.files, other.files),
      pairsOf(one.symlinks, other.symlinks),
      pairsOf(one.directories, other.directories),
    ];
    if (files === undefined || symlinks === undefined || directories === undefined) return false;
    return (
      symlinks.every(([link, same]) => this.inTexts(link.target, same.target)) &&
      directories.every(([child, same]) => this.inTrees(child.digest, same.digest)) &&
      files.every(
        ([file, same]) => file.executable === same.executable && this.inBlobs(file.digest, same.digest),
      )
    );
  }

  #blankedBlob(blob: Digest): Digest {
    const known = this.#known.get(blob) ?? this.#blanked.of(this.#store.blobs.chunks(blob));
    this.#known.set(blob, known);
    return known;
  }
}

/** What has the same name in both lists; undefined where one has what the other has not. */
function pairsOf<Node extends { readonly name: string }>(
  one: readonly Node[],
  other: readonly Node[],
): readonly (readonly [Node, Node])[] | undefined {
  if (one.length !== other.length) return undefined;
  // Both are sorted.
  const pairs = one.map((node, index) => [node, other[index] as Node] as const);
  return pairs.every(([left, right]) => left.name === right.name) ? pairs : undefined;
}
