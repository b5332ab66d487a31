import { realpathSync } from 'node:fs';
import path from 'node:path';
import { type Digest, type StorePath, hashPartOf, storePath } from '../../foundation/index.ts';
import type { BlobReference, Blobs } from '../blobs.ts';
import { withEncoding } from '../directory-encoding.ts';
import type { DirectoryNode, FileNode } from '../directory.ts';
import { cannotHold, errorCode } from '../faults.ts';
import type { Helper } from '../helper/helper.ts';
import type { Metadata } from '../metadata.ts';
import type { Outputs } from '../outputs.ts';
import { FileIntake } from '../take-files.ts';
import type { Trees } from '../trees.ts';
import type { TakenFile } from './folder-record.ts';
import {
  type LocalDirectory,
  type LocalFile,
  type LocalOptions,
  type LocalTree,
  lookAtLocalTree,
} from './local-tree.ts';
import { StatusCache } from './status-cache.ts';

export type { LocalOptions } from './local-tree.ts';

export interface LocalPlace {
  readonly store: string;
  readonly blobs: Blobs;
  readonly helper: Helper;
  readonly metadata: Metadata;
  readonly trees: Trees;
  readonly outputs: Outputs;
}

interface Whole {
  readonly tree: Digest;
  readonly size: number;
}

/** Takes in a local folder or file and records it. What did not change since the last time is not read again. */
export function addLocalTree(
  localPath: string,
  name: string,
  place: LocalPlace,
  options: LocalOptions,
): StorePath {
  try {
    return takeIn(realpathSync(path.resolve(localPath)), name, place, options);
  } catch (error) {
    throw readingFault(localPath, error);
  }
}

function takeIn(target: string, name: string, place: LocalPlace, options: LocalOptions): StorePath {
  const cache = new StatusCache(place.metadata, target);
  using files = new FileIntake<LocalFile>(place.blobs, place.helper);
  if (!cache.isFamiliar) {
    // Nothing of it is known: each file is taken in as it is found.
    const look = lookAtLocalTree(target, place.store, options, (file) => files.add(file));
    return recordNew(look, name, files.finish(), cache, place);
  }
  const look = lookAtLocalTree(target, place.store, options);
  const before = look.fingerprint === undefined ? undefined : cache.treeWith(look.fingerprint);
  const unchanged = before && recordKnown(before, name, place);
  if (unchanged !== undefined) return unchanged;
  const known = new Map(knownFiles(look.root, cache, place.blobs));
  for (const file of filesOf(look.root)) if (!known.has(file)) files.add(file);
  return recordNew(look, name, new Map([...known, ...files.finish()]), cache, place);
}

/** Puts all that a local tree holds, whatever is known of it, and records nothing: for a store that lacks parts of it. */
export function rereadLocalTree(
  localPath: string,
  place: Pick<LocalPlace, 'store' | 'blobs' | 'metadata' | 'trees'>,
): void {
  using files = new FileIntake<LocalFile>(place.blobs);
  const { root } = lookAtLocalTree(localPath, place.store, {}, (file) => files.add(file));
  const encoder = new TreeEncoder(place.trees, files.finish());
  place.metadata.transaction(() => encoder.put(root));
}

/** Records a tree that some output has had before, if one that is there still has it. */
function recordKnown(whole: Whole, name: string, { outputs, metadata }: LocalPlace): StorePath | undefined {
  const output = storePath(hashPartOf(whole.tree), name);
  if (outputs.use([output]).has(output)) return output;
  return metadata.transaction(() => {
    if (!outputs.useTree(whole.tree)) return undefined;
    outputs.add([{ path: output, ...whole, references: [] }]);
    return output;
  });
}

/** What a user can do something about, named; other errors as they are. */
function readingFault(localPath: string, error: unknown): unknown {
  const code = errorCode(error);
  const file = error instanceof Error && 'path' in error ? String(error.path) : localPath;
  if (code === 'ENOENT') return cannotHold(file, 'it does not exist');
  if (code !== 'EACCES') return error;
  return cannotHold(
    file,
    'this user may not read it',
    'make it readable, or let git or .cabignore ignore it',
  );
}

function* filesOf({ files, directories }: LocalDirectory): Generator<LocalFile> {
  yield* files;
  for (const { directory } of directories) yield* filesOf(directory);
}

/** The files whose content is known by their status, and in the store to stay. */
function* knownFiles(
  directory: LocalDirectory,
  cache: StatusCache,
  blobs: Blobs,
): Generator<readonly [LocalFile, BlobReference]> {
  const known = cache.knownIn(directory);
  for (const file of directory.files) {
    const digest = known.get(file.name);
    if (digest !== undefined && blobs.use(digest)) yield [file, { digest, size: file.size }];
  }
  for (const child of directory.directories) yield* knownFiles(child.directory, cache, blobs);
}

/** Records a tree whose files are blobs, and what they were when they were looked at. */
function recordNew(
  { root, fingerprint }: LocalTree,
  name: string,
  blobs: Blobbed,
  cache: StatusCache,
  { metadata, outputs, trees }: LocalPlace,
): StorePath {
  const encoder = new TreeEncoder(trees, blobs, (folder, files) => cache.saveFolder(folder, files));
  return metadata.transaction(() => {
    const { digest: tree } = encoder.put(root);
    const whole = { tree, size: encoder.size };
    const output = storePath(hashPartOf(tree), name);
    outputs.add([{ path: output, ...whole, references: [] }]);
    cache.saveWhole(fingerprint, whole);
    return output;
  });
}

type Blobbed = ReadonlyMap<LocalFile, BlobReference>;
type OnFolder = (folder: string, files: readonly TakenFile[]) => void;

/** Encodes the directories of a tree whose files are blobs, and puts them. */
class TreeEncoder {
  /** The bytes of all files so far. */
  size = 0;
  readonly #trees: Trees;
  readonly #blobs: Blobbed;
  readonly #onFolder: OnFolder;

  constructor(trees: Trees, blobs: Blobbed, onFolder: OnFolder = () => undefined) {
    this.#trees = trees;
    this.#blobs = blobs;
    this.#onFolder = onFolder;
  }

  put({ path: folder, files, directories, symlinks }: LocalDirectory): BlobReference {
    const directoryNodes = directories.map(({ name, directory }): DirectoryNode => ({
      name,
      ...this.put(directory),
    }));
    const taken = files.map((file) => ({ file, blob: this.#blobOf(file) }));
    this.#onFolder(folder, taken);
    const fileNodes = taken.map(({ file, blob }): FileNode => {
      this.size += blob.size;
      return { name: file.name, ...blob, executable: (file.status.mode & 0o100) !== 0 };
    });
    const encoded = withEncoding({ files: fileNodes, directories: directoryNodes, symlinks });
    this.#trees.putEncoded(encoded);
    return { digest: encoded.digest, size: encoded.encoding.length };
  }

  #blobOf(file: LocalFile): BlobReference {
    const blob = this.#blobs.get(file);
    if (blob === undefined) throw new Error(`'${file.path}' has not been taken in`);
    return blob;
  }
}
