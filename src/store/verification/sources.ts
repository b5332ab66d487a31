import { lstatSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticError } from '../../diagnostics/index.ts';
import { type Digest, digestOf } from '../../foundation/index.ts';
import { type Blobs, fileChunks } from '../blobs.ts';
import type { FileNode } from '../directory.ts';
import { errorCode } from '../faults.ts';
import { rereadLocalTree } from '../local/add-local.ts';
import { folderRecords } from '../local/folder-record.ts';
import type { Metadata } from '../metadata.ts';
import type { OutputRecord } from '../records.ts';
import type { Trees } from '../trees.ts';
import { encodeFolder } from './encode-folder.ts';
import { hashFile } from './on-disk.ts';
import type { MaterialisedPath } from './parts.ts';

/** Blobs and directories that the store lacks. */
export class Wanted {
  readonly blobs = new Set<Digest>();
  readonly trees = new Set<Digest>();

  get isEmpty(): boolean {
    return this.blobs.size === 0 && this.trees.size === 0;
  }

  /** Is told of what is there again. */
  forget(digest: Digest): void {
    this.blobs.delete(digest);
    this.trees.delete(digest);
  }
}

export interface SourceParts {
  readonly folder: string;
  readonly blobs: Blobs;
  readonly trees: Trees;
  readonly metadata: Metadata;
  readonly materialisedPath: MaterialisedPath;
}

/** What is taken from where on this machine. */
export type OnFound = (digest: Digest, source: string) => void;

/** Takes what is wanted from local files that it once was read from, where they are as they were. */
export async function takeFromLocalFiles(
  wanted: Wanted,
  { blobs, metadata }: SourceParts,
  onFound: OnFound,
): Promise<void> {
  for (const [folder, record] of folderRecords(metadata)) {
    for (const [name, digest] of record.contents()) {
      // A file that was added alone has no name of its own.
      const file = path.join(folder, name);
      if (!wanted.blobs.has(digest) || !(await isContent(file, digest))) continue;
      putFile(file, blobs);
      wanted.blobs.delete(digest);
      onFound(digest, `the local file '${file}'`);
    }
  }
}

/** Reads again the local folders that the trees of these outputs once were read from, and takes what is wanted of them. */
export function takeFromLocalTrees(
  wanted: Wanted,
  outputs: Iterable<OutputRecord>,
  parts: SourceParts,
  onFound: OnFound,
): void {
  const { blobs, trees, metadata, folder } = parts;
  for (const { tree } of outputs) {
    for (const row of metadata.all('SELECT path FROM local_trees WHERE tree = ?', tree)) {
      const local = row['path'] as string;
      try {
        rereadLocalTree(local, { store: folder, blobs, metadata, trees });
      } catch (error) {
        if (errorCode(error) === undefined && !(error instanceof DiagnosticError)) throw error;
        continue;
      }
      for (const digest of [...wanted.blobs, ...wanted.trees]) {
        if (wanted.blobs.has(digest) ? !blobs.has(digest) : !trees.has(digest)) continue;
        wanted.forget(digest);
        onFound(digest, `the local folder '${local}'`);
      }
    }
  }
}

/**
 * Takes what is wanted from trees on disk: of a file that could not be a link to its blob there is a copy, and the entries of a folder
 * tell its directory.
 */
export class MaterialisedSources {
  readonly #wanted: Wanted;
  readonly #parts: SourceParts;
  readonly #onFound: OnFound;

  constructor(wanted: Wanted, parts: SourceParts, onFound: OnFound) {
    this.#wanted = wanted;
    this.#parts = parts;
    this.#onFound = onFound;
  }

  async take(outputs: Iterable<OutputRecord>): Promise<void> {
    for (const { path: output, tree } of outputs) {
      if (this.#wanted.isEmpty) return;
      const target = this.#parts.materialisedPath(output);
      if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) await this.#look(target, tree);
    }
  }

  async #look(place: string, digest: Digest): Promise<void> {
    const { trees } = this.#parts;
    if (this.#wanted.trees.has(digest)) await this.#takeTree(place, digest);
    if (!trees.has(digest)) return;
    const { files, directories } = trees.get(digest);
    for (const file of files) await this.#takeFile(path.join(place, file.name), file);
    for (const child of directories) {
      const folder = path.join(place, child.name);
      if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) await this.#look(folder, child.digest);
    }
  }

  async #takeTree(place: string, digest: Digest): Promise<void> {
    const encodings = await encodeFolder(place);
    const root = encodings?.at(-1);
    if (encodings === undefined || root === undefined || digestOf(root) !== digest) return;
    for (const encoding of encodings) {
      const { digest: put } = this.#parts.trees.put(encoding);
      if (!this.#wanted.trees.delete(put)) continue;
      this.#onFound(put, `the folder '${place}'`);
    }
  }

  async #takeFile(file: string, { digest, executable }: FileNode): Promise<void> {
    if (!this.#wanted.blobs.has(digest) || !(await isContent(file, digest))) return;
    putFile(file, this.#parts.blobs);
    this.#parts.blobs.file(digest, executable);
    this.#wanted.blobs.delete(digest);
    this.#onFound(digest, `the copy '${file}'`);
  }
}

export async function isContent(file: string, digest: Digest): Promise<boolean> {
  try {
    return lstatSync(file).isFile() && (await hashFile(file)) === digest;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

function putFile(file: string, blobs: Blobs): void {
  const writer = blobs.writer();
  try {
    for (const chunk of fileChunks(file)) writer.write(chunk);
    writer.finish();
  } finally {
    writer.abort();
  }
}
