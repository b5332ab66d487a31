import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type Digest, type StorePath, digestOf, hashPartOf, storePath } from '../../foundation/index.ts';
import { type BlobReference, type Blobs, fileChunks } from '../blobs.ts';
import { encodeDirectory } from '../directory-encoding.ts';
import type { DirectoryNode, FileNode } from '../directory.ts';
import { cannotHold, errorCode } from '../faults.ts';
import type { Metadata } from '../metadata.ts';
import type { Outputs } from '../outputs.ts';
import type { Trees } from '../trees.ts';
import { type LocalDirectory, type LocalFile, type LocalOptions, lookAtLocalTree } from './local-tree.ts';
import { StatusCache } from './status-cache.ts';

export type { LocalOptions } from './local-tree.ts';

export interface LocalPlace {
  readonly store: string;
  readonly blobs: Blobs;
  readonly metadata: Metadata;
  readonly trees: Trees;
  readonly outputs: Outputs;
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
  const { root, fingerprint } = lookAtLocalTree(target, place.store, options);
  const cache = new StatusCache(place.metadata, target);
  const before = fingerprint === undefined ? undefined : cache.treeWith(fingerprint);
  const known = before && recordKnown(before, name, place);
  if (known !== undefined) return known;
  const intake = new Intake(place, cache);
  const { digest: tree } = intake.directory(root);
  const result = { tree, size: intake.size };
  const output = storePath(hashPartOf(tree), name);
  place.metadata.transaction(() => {
    for (const encoding of intake.encodings) place.trees.put(encoding);
    place.outputs.add([{ path: output, ...result, references: [] }]);
    cache.save(fingerprint, result);
  });
  return output;
}

/** Puts all that a local tree holds, whatever is known of it, and records nothing: for a store that lacks parts of it. */
export function rereadLocalTree(
  localPath: string,
  place: Pick<LocalPlace, 'store' | 'blobs' | 'metadata' | 'trees'>,
): void {
  const { root } = lookAtLocalTree(localPath, place.store, {});
  const intake = new Intake(place, { digestOf: () => undefined, note: () => undefined });
  intake.directory(root);
  place.metadata.transaction(() => {
    for (const encoding of intake.encodings) place.trees.put(encoding);
  });
}

/** Records a tree that some output has had before, if one that is there still has it. */
function recordKnown(
  result: { readonly tree: Digest; readonly size: number },
  name: string,
  { outputs, metadata }: LocalPlace,
): StorePath | undefined {
  const output = storePath(hashPartOf(result.tree), name);
  if (outputs.use([output]).has(output)) return output;
  return metadata.transaction(() => {
    if (!outputs.useTree(result.tree)) return undefined;
    outputs.add([{ path: output, ...result, references: [] }]);
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

/** Files up to this size are read at once. */
const wholeSize = 1 << 20;

/** Makes blobs of the files whose digests are not known, and encodes the directories. */
class Intake {
  readonly encodings: Uint8Array[] = [];
  size = 0;
  readonly #blobs: Blobs;
  readonly #cache: Pick<StatusCache, 'digestOf' | 'note'>;

  constructor(place: Pick<LocalPlace, 'blobs'>, cache: Pick<StatusCache, 'digestOf' | 'note'>) {
    this.#blobs = place.blobs;
    this.#cache = cache;
  }

  directory({ files, directories, symlinks }: LocalDirectory): BlobReference {
    const fileNodes = files.map((file): FileNode => this.#file(file));
    const directoryNodes = directories.map(({ name, directory }): DirectoryNode => ({
      name,
      ...this.directory(directory),
    }));
    const encoding = encodeDirectory({ files: fileNodes, directories: directoryNodes, symlinks });
    this.encodings.push(encoding);
    return { digest: digestOf(encoding), size: encoding.length };
  }

  #file(file: LocalFile): FileNode {
    const { name, executable } = file;
    const known = this.#cache.digestOf(file);
    const blob = known !== undefined && this.#blobs.use(known.digest) ? known : this.#put(file);
    this.size += blob.size;
    return { name, digest: blob.digest, size: blob.size, executable };
  }

  #put(file: LocalFile): BlobReference {
    const blob = this.#read(file);
    if (!file.recent) this.#cache.note(file, blob);
    return blob;
  }

  #read(file: LocalFile): BlobReference {
    if (file.size <= wholeSize) return this.#blobs.put(readFileSync(file.path));
    const writer = this.#blobs.writer();
    try {
      for (const chunk of fileChunks(file.path)) writer.write(chunk);
      return writer.finish();
    } finally {
      writer.abort();
    }
  }
}
