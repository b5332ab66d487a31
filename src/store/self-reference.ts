import {
  type Digest,
  DigestHasher,
  type HashPart,
  digestOf,
  hashPartLength,
  hashPartOf,
  isTurnOver,
  nextTurn,
} from '../foundation/index.ts';
import type { BlobReference, Blobs } from './blobs.ts';
import { encodeDirectory } from './directory-encoding.ts';
import type { Directory } from './directory.ts';

/** What stands in the place of the own hash part while a tree is hashed: no character of base32. */
const blank = '0'.repeat(hashPartLength);

/** A tree that may mention the path at which it was built. */
export interface ScratchTree {
  readonly root: Digest;
  readonly readTree: (digest: Digest) => Directory;
  readonly scratch: HashPart;
  /** The blobs that mention the scratch path. */
  readonly mentioning: ReadonlySet<Digest>;
  /** A blob's content, piece by piece. */
  readonly chunks: (digest: Digest) => Iterable<Uint8Array>;
}

/** The tree as it is in the store. `encodings` are those of its directories that are not in the scratch tree. */
export interface PlacedTree {
  readonly hashPart: HashPart;
  readonly root: Digest;
  readonly encodings: readonly Uint8Array[];
  readonly selfReferring: boolean;
}

/**
 * Finds the hash part of a tree. Where nothing in it mentions its own path, that is the root's digest. Otherwise the tree is hashed
 * with the mentions blanked and their places noted, and the mentions are rewritten to what comes out: two
 * builds that differ in nothing but their scratch paths come to lie at the same path.
 */
export function placeTree(tree: ScratchTree, blobs: Blobs): PlacedTree {
  const blanked = new Blanking(tree).treeOf(tree.root);
  if (blanked.digest === tree.root) {
    return { hashPart: hashPartOf(tree.root), root: tree.root, encodings: [], selfReferring: false };
  }
  const hashPart = hashPartOf(digestOf(`cab self-reference:${blanked.digest}`));
  const rewriting = new Rewriting(tree, hashPart, blobs);
  const { digest: root } = rewriting.treeOf(tree.root);
  return { hashPart, root, encodings: rewriting.encodings, selfReferring: true };
}

/** The tree with each mention of its scratch path rewritten to another one. `encodings` are those of all its directories. */
export function renameInTree(
  tree: ScratchTree,
  to: HashPart,
  blobs: Blobs,
): { readonly root: Digest; readonly encodings: readonly Uint8Array[] } {
  const rewriting = new Rewriting(tree, to, blobs);
  const { digest: root } = rewriting.treeOf(tree.root);
  return { root, encodings: rewriting.encodings };
}

/** Whether the tree at a path is the one that the path's hash part names; `readTree` and `chunks` may throw. */
export function isNamedBy(hashPart: HashPart, tree: Omit<ScratchTree, 'scratch'>): boolean {
  if (hashPartOf(tree.root) === hashPart) return true;
  const { digest } = new Blanking({ ...tree, scratch: hashPart }).treeOf(tree.root);
  return hashPartOf(digestOf(`cab self-reference:${digest}`)) === hashPart;
}

/** The same, with turns for others while it reads what mentions the path. */
export async function isNamedByLater(
  hashPart: HashPart,
  tree: Omit<ScratchTree, 'scratch'>,
): Promise<boolean> {
  if (hashPartOf(tree.root) === hashPart) return true;
  const blanking = new Blanking({ ...tree, scratch: hashPart });
  for (const digest of tree.mentioning) await blanking.blank(digest);
  const { digest } = blanking.treeOf(tree.root);
  return hashPartOf(digestOf(`cab self-reference:${digest}`)) === hashPart;
}

/** Walks a tree from the leaves to the root and makes another of it. */
abstract class Walk {
  protected readonly tree: ScratchTree;
  readonly #trees = new Map<Digest, BlobReference>();
  readonly #files = new Map<Digest, Digest>();

  constructor(tree: ScratchTree) {
    this.tree = tree;
  }

  treeOf(digest: Digest): BlobReference {
    let reference = this.#trees.get(digest);
    if (reference === undefined) {
      reference = this.encoded(this.#directoryOf(this.tree.readTree(digest)));
      this.#trees.set(digest, reference);
    }
    return reference;
  }

  #directoryOf(directory: Directory): Directory {
    return {
      files: directory.files.map((file) => ({
        ...file,
        name: this.text(file.name),
        digest: this.#fileOf(file.digest),
      })),
      directories: directory.directories.map((child) => ({
        name: this.text(child.name),
        ...this.treeOf(child.digest),
      })),
      symlinks: directory.symlinks.map((link) => ({
        name: this.text(link.name),
        target: this.text(link.target),
      })),
    };
  }

  protected know(digest: Digest, result: Digest): void {
    this.#files.set(digest, result);
  }

  #fileOf(digest: Digest): Digest {
    if (!this.tree.mentioning.has(digest)) return digest;
    let result = this.#files.get(digest);
    if (result === undefined) {
      result = this.file(digest);
      this.#files.set(digest, result);
    }
    return result;
  }

  protected abstract encoded(directory: Directory): BlobReference;
  protected abstract file(digest: Digest): Digest;
  protected abstract text(text: string): string;
}

/**
 * The tree with the mentions blanked. Their places are written behind the digests and texts in a form that no real tree can
 * have, so that a tree which holds blanks of its own can never come out as another one's.
 */
class Blanking extends Walk {
  protected encoded(directory: Directory): BlobReference {
    const encoding = encodeDirectory(directory);
    return { digest: digestOf(encoding), size: encoding.length };
  }

  /** Blanks a file before the tree is walked. */
  async blank(digest: Digest): Promise<void> {
    const steps = this.#blankInSteps(digest);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return this.know(digest, step.value);
      if (isTurnOver()) await nextTurn();
    }
  }

  protected file(digest: Digest): Digest {
    const steps = this.#blankInSteps(digest);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  *#blankInSteps(digest: Digest): Generator<void, Digest> {
    const hasher = new DigestHasher();
    const offsets: number[] = [];
    for (const piece of replaced(this.tree.chunks(digest), this.tree.scratch, blank, offsets)) {
      hasher.update(piece);
      yield;
    }
    return offsets.length === 0 ? digest : (`${hasher.digest()}:${offsets.join(',')}` as Digest);
  }

  protected text(text: string): string {
    const parts = text.split(this.tree.scratch);
    if (parts.length === 1) return text;
    return `${parts.join(blank)}\0${parts.map((part) => Buffer.byteLength(part)).join(',')}`;
  }
}

/** The tree with the mentions rewritten: its new blobs are put, its new directories gathered. */
class Rewriting extends Walk {
  readonly #hashPart: HashPart;
  readonly #blobs: Blobs;
  readonly encodings: Uint8Array[] = [];

  constructor(tree: ScratchTree, hashPart: HashPart, blobs: Blobs) {
    super(tree);
    this.#hashPart = hashPart;
    this.#blobs = blobs;
  }

  protected encoded(directory: Directory): BlobReference {
    const encoding = encodeDirectory(directory);
    this.encodings.push(encoding);
    return { digest: digestOf(encoding), size: encoding.length };
  }

  protected file(digest: Digest): Digest {
    const writer = this.#blobs.writer();
    try {
      for (const piece of replaced(this.tree.chunks(digest), this.tree.scratch, this.#hashPart, [])) {
        writer.write(piece);
      }
      return writer.finish().digest;
    } finally {
      writer.abort();
    }
  }

  protected text(text: string): string {
    return text.replaceAll(this.tree.scratch, this.#hashPart);
  }
}

/** Content with each `from` replaced by `to` of the same length; where they were is added to `offsets`. */
function* replaced(
  chunks: Iterable<Uint8Array>,
  from: string,
  to: string,
  offsets: number[],
): Generator<Uint8Array> {
  let held = Buffer.alloc(0);
  let start = 0;
  for (const chunk of chunks) {
    const content = Buffer.concat([held, chunk]);
    let end = 0;
    for (let at = content.indexOf(from, 0, 'latin1'); at !== -1; at = content.indexOf(from, end, 'latin1')) {
      content.write(to, at, 'latin1');
      offsets.push(start + at);
      end = at + from.length;
    }
    // The end may hold the beginning of a mention, and waits for the next piece.
    const certain = Math.max(end, content.length - (from.length - 1));
    yield content.subarray(0, certain);
    held = content.subarray(certain);
    start += certain;
  }
  yield held;
}

/** The bytes of all files of a tree together. */
export function sizeOfTree(root: Digest, readTree: (digest: Digest) => Directory): number {
  const sizes = new Map<Digest, number>();
  const sizeOf = (digest: Digest): number => {
    const known = sizes.get(digest);
    if (known !== undefined) return known;
    const { files, directories } = readTree(digest);
    let size = 0;
    for (const file of files) size += file.size;
    for (const child of directories) size += sizeOf(child.digest);
    sizes.set(digest, size);
    return size;
  };
  return sizeOf(root);
}
