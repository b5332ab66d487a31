import type { Digest } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';
import type { Directory } from '../directory.ts';

export type Content = BlobReference & { readonly kind: 'blob' | 'directory' };

interface Step extends BlobReference {
  readonly directory: Directory;
  /** Which of its directories comes next. */
  next: number;
}

/**
 * Goes through trees, and each time names what it has not named before: of a directory first the files, then the directories with
 * all that is in them, then itself. Who reads in this order always has what a directory is made of.
 */
export class ContentOrder {
  readonly #readTree: (digest: Digest) => Directory;
  // Two sets, since an empty file and an empty directory have the same digest.
  readonly #seenDirectories = new Set<Digest>();
  readonly #seenBlobs = new Set<Digest>();

  constructor(readTree: (digest: Digest) => Directory) {
    this.#readTree = readTree;
  }

  *of(root: BlobReference): Generator<Content> {
    if (this.#seenDirectories.has(root.digest)) return;
    const way: Step[] = [this.#step(root)];
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      if (step.next === 0) yield* this.#files(step.directory);
      const child = step.directory.directories[step.next++];
      if (child !== undefined) {
        if (!this.#seenDirectories.has(child.digest)) way.push(this.#step(child));
        continue;
      }
      way.pop();
      this.#seenDirectories.add(step.digest);
      yield { kind: 'directory', digest: step.digest, size: step.size };
    }
  }

  #step({ digest, size }: BlobReference): Step {
    return { digest, size, directory: this.#readTree(digest), next: 0 };
  }

  *#files(directory: Directory): Generator<Content> {
    for (const { digest, size } of directory.files) {
      if (this.#seenBlobs.has(digest)) continue;
      this.#seenBlobs.add(digest);
      yield { kind: 'blob', digest, size };
    }
  }
}
