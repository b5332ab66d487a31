import {
  type Digest,
  type HashPart,
  type StorePath,
  compareCodePoints,
  digestOf,
  hashPartOf,
  hashPartOfStorePath,
  storePath,
} from '../foundation/index.ts';
import type { Blobs } from './blobs.ts';
import { type Directory, entriesOf } from './directory.ts';
import type { OutputRecord } from './records.ts';
import { ReferenceScanner } from './reference-scanner.ts';
import { placeTree, renameInTree, sizeOfTree } from './self-reference.ts';

/** A tree whose blobs are in the store, as a builder left it. */
export interface BuiltTree {
  /** The digest of the root's encoding, which is among `encodings` or in the store. */
  readonly root: Digest;
  readonly encodings: Iterable<Uint8Array>;
  /** The path at which it was built, where it may mention that. */
  readonly scratch?: StorePath;
  readonly name: string;
  /** The hash parts that its files mention; names and link targets are looked at here. */
  readonly references: ReadonlySet<HashPart>;
  /** The paths that it may refer to. */
  readonly candidates: readonly StorePath[];
  /** The blobs that mention the scratch path. Where nobody noted them, all are read again. */
  readonly mentioning?: ReadonlySet<Digest>;
}

/** What adding a tree needs of the store, and of a native output whose files are not blobs yet. */
export interface TreePlace {
  readonly blobs: Blobs;
  readonly readTree: (digest: Digest) => Directory;
  readonly decode: (digest: Digest, encoding: Uint8Array) => Directory;
  readonly chunks: (digest: Digest) => Iterable<Uint8Array>;
  readonly putTrees: (encodings: Iterable<Uint8Array>) => void;
}

/** A tree of which it is known what it mentions, and that has yet to be added. */
export interface PreparedTree {
  /** Which of the candidates' hash parts, and whether its own, it mentions. */
  readonly mentions: ReadonlySet<HashPart>;
  /** Adds it, with its mentions of other outputs of its build, by their scratch paths, rewritten to where these lie. */
  readonly add: (others: ReadonlyMap<StorePath, StorePath>) => OutputRecord;
}

/**
 * Finds what the tree mentions. To add it finds its path, rewrites its mentions of itself, puts its directories and says what it
 * refers to.
 */
export function prepareTree(built: BuiltTree, place: TreePlace): PreparedTree {
  const trees = new Map<Digest, Uint8Array>();
  for (const encoding of built.encodings) trees.set(digestOf(encoding), encoding);
  const readTree = (digest: Digest): Directory => {
    const encoding = trees.get(digest);
    if (encoding === undefined) return place.readTree(digest);
    return place.decode(digest, encoding);
  };
  const mentions = new Set([...built.references, ...mentionedInNames(built, readTree)]);
  const add = (others: ReadonlyMap<StorePath, StorePath>): OutputRecord => {
    const mentioned = [...others].filter(([scratch]) => mentions.has(hashPartOfStorePath(scratch)));
    const parts = { built, mentions, trees, readTree };
    return addTo(mentioned.length === 0 ? parts : withOthers(parts, mentioned, place), place);
  };
  return { mentions, add };
}

/** A built tree with its directories by their digests. */
interface BuiltParts {
  readonly built: BuiltTree;
  readonly mentions: ReadonlySet<HashPart>;
  readonly trees: Map<Digest, Uint8Array>;
  readonly readTree: (digest: Digest) => Directory;
}

/** The tree with other outputs of its build mentioned by where they lie. It is rare, and read as a whole once for each of them. */
function withOthers(
  { built, mentions, trees, readTree }: BuiltParts,
  others: readonly (readonly [scratch: StorePath, path: StorePath])[],
  { blobs, chunks }: TreePlace,
): BuiltParts {
  let { root } = built;
  const mentioned = new Set(mentions);
  for (const [scratch, path] of others) {
    const [from, to] = [hashPartOfStorePath(scratch), hashPartOfStorePath(path)];
    const tree = { root, readTree, scratch: from, mentioning: blobsOf(root, readTree), chunks };
    const renamed = renameInTree(tree, to, blobs);
    root = renamed.root;
    // What the tree was before holds files that are no blobs.
    trees.clear();
    for (const encoding of renamed.encodings) trees.set(digestOf(encoding), encoding);
    mentioned.delete(from);
    mentioned.add(to);
  }
  const { mentioning: _, ...rest } = built;
  const places = others.map(([, path]) => path);
  const candidates = [...built.candidates, ...places];
  return { built: { ...rest, root, candidates }, mentions: mentioned, trees, readTree };
}

function addTo({ built, mentions: mentioned, trees, readTree }: BuiltParts, place: TreePlace): OutputRecord {
  const scratch = built.scratch === undefined ? undefined : hashPartOfStorePath(built.scratch);
  const candidates = built.candidates.filter((candidate) => candidate !== built.scratch);
  const references = candidates.filter((candidate) => mentioned.has(hashPartOfStorePath(candidate)));

  if (scratch === undefined || !mentioned.has(scratch)) {
    place.putTrees(trees.values());
    return recordOf(storePath(hashPartOf(built.root), built.name), built.root, references, readTree);
  }
  const mentioning = built.mentioning ?? blobsOf(built.root, readTree);
  const placed = placeTree(
    { root: built.root, readTree, scratch, mentioning, chunks: place.chunks },
    place.blobs,
  );
  place.putTrees(placed.selfReferring ? placed.encodings : trees.values());
  const path = storePath(placed.hashPart, built.name);
  const all = placed.selfReferring ? [...references, path] : references;
  return recordOf(path, placed.root, all, placed.selfReferring ? place.readTree : readTree);
}

function recordOf(
  path: StorePath,
  tree: Digest,
  references: readonly StorePath[],
  readTree: (digest: Digest) => Directory,
): OutputRecord {
  return {
    path,
    tree,
    size: sizeOfTree(tree, readTree),
    references: [...new Set(references)].toSorted(compareCodePoints),
  };
}

function mentionedInNames(built: BuiltTree, readTree: (digest: Digest) => Directory): ReadonlySet<HashPart> {
  const paths = built.scratch === undefined ? built.candidates : [...built.candidates, built.scratch];
  if (paths.length === 0) return new Set();
  const scanner = new ReferenceScanner(paths.map(hashPartOfStorePath));
  for (const directory of directoriesOf(built.root, readTree)) {
    for (const entry of entriesOf(directory)) {
      scanner.stream().scan(Buffer.from(entry.name));
      if ('target' in entry) scanner.stream().scan(Buffer.from(entry.target));
    }
  }
  return scanner.found();
}

function blobsOf(root: Digest, readTree: (digest: Digest) => Directory): ReadonlySet<Digest> {
  const blobs = new Set<Digest>();
  for (const directory of directoriesOf(root, readTree)) {
    for (const file of directory.files) blobs.add(file.digest);
  }
  return blobs;
}

/** Each directory of a tree, once. */
export function* directoriesOf(root: Digest, readTree: (digest: Digest) => Directory): Generator<Directory> {
  const seen = new Set<Digest>([root]);
  const waiting = [root];
  for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
    const directory = readTree(digest);
    yield directory;
    for (const child of directory.directories) {
      if (seen.has(child.digest)) continue;
      seen.add(child.digest);
      waiting.push(child.digest);
    }
  }
}
