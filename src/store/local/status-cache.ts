import { type Digest, digestFromBytes } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';
import type { Metadata } from '../metadata.ts';
import { hasStatus, statusLength, writeStatus } from './file-status.ts';
import type { LocalDirectory, LocalFile } from './local-tree.ts';

const digestLength = 32;

/** `0` is the character behind `/`: the range holds what lies below the root, and the root itself. */
const below = 'FROM local_folders WHERE path = ? OR (path > ? AND path < ?)';

/** A file as it was looked at, and the blob that it was then. */
export interface TakenFile {
  readonly file: LocalFile;
  readonly blob: BlobReference;
}

/** What is known of the files below one local path: which content had which status, and what the whole came out as. */
export class StatusCache {
  readonly #metadata: Metadata;
  readonly #root: string;
  readonly #rows = new Map<string, Buffer>();
  #isLoaded = false;

  constructor(metadata: Metadata, root: string) {
    this.#metadata = metadata;
    this.#root = root;
  }

  /** Whether anything is known of this path. */
  get isFamiliar(): boolean {
    return this.#metadata.get(`SELECT 1 ${below} LIMIT 1`, ...this.#range) !== undefined;
  }

  /** What the whole came out as when it had this fingerprint. */
  treeWith(fingerprint: Digest): { readonly tree: Digest; readonly size: number } | undefined {
    const row = this.#metadata.get(
      'SELECT tree, size FROM local_trees WHERE path = ? AND fingerprint = ?',
      this.#root,
      fingerprint,
    );
    return row === undefined ? undefined : { tree: row['tree'] as Digest, size: row['size'] as number };
  }

  /** The contents that the files of a folder had with these statuses, by their names. */
  knownIn({ path, files }: LocalDirectory): ReadonlyMap<string, BlobReference> {
    if (!this.#isLoaded) this.#load();
    const known = new Map<string, BlobReference>();
    const row = this.#rows.get(path);
    if (row === undefined) return known;
    const positions = positionsIn(row);
    for (const { name, status } of files) {
      const position = positions.get(name);
      if (position === undefined || !hasStatus(row, position, status)) continue;
      const digest = digestFromBytes(
        row.subarray(position + statusLength, position + statusLength + digestLength),
      );
      known.set(name, { digest, size: status.size });
    }
    return known;
  }

  /** Notes what the files of a folder hold; within a transaction of the caller's, as all that writes. */
  saveFolder(path: string, files: readonly TakenFile[]): void {
    // A file that changed a moment ago, or while it was read, may change again and keep its status.
    const settled = files.filter(({ file, blob }) => !file.recent && blob.size === file.status.size);
    const row = rowOf(settled);
    const before = this.#rows.get(path);
    this.#rows.delete(path);
    if (before === undefined ? row.length === 0 : row.equals(before)) return;
    this.#metadata.run(
      `INSERT INTO local_folders (path, files) VALUES (?, ?) ON CONFLICT DO UPDATE SET files = excluded.files`,
      path,
      row,
    );
  }

  /** Notes what the whole came out as, where it had a fingerprint, and forgets folders that were not saved and are no more. */
  saveWhole(fingerprint: Digest | undefined, whole: { readonly tree: Digest; readonly size: number }): void {
    for (const path of this.#rows.keys()) {
      this.#metadata.run('DELETE FROM local_folders WHERE path = ?', path);
    }
    this.#rows.clear();
    if (fingerprint === undefined) return;
    this.#metadata.run(
      `INSERT INTO local_trees (path, fingerprint, tree, size) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, tree = excluded.tree, size = excluded.size`,
      this.#root,
      fingerprint,
      whole.tree,
      whole.size,
    );
  }

  get #range(): readonly [string, string, string] {
    return [this.#root, `${this.#root}/`, `${this.#root}0`];
  }

  #load(): void {
    this.#isLoaded = true;
    const rows = this.#metadata.all(`SELECT path, files ${below}`, ...this.#range);
    for (const row of rows) {
      const { buffer, byteOffset, byteLength } = row['files'] as Uint8Array;
      this.#rows.set(row['path'] as string, Buffer.from(buffer, byteOffset, byteLength));
    }
  }
}

/** Files one after another: the length of the name, the name, the status, the digest. */
function rowOf(files: readonly TakenFile[]): Buffer {
  const names = files.map(({ file }) => Buffer.byteLength(file.name));
  const length = names.reduce((sum, name) => sum + 2 + name + statusLength + digestLength, 0);
  const row = Buffer.allocUnsafe(length);
  let position = 0;
  for (const [index, { file, blob }] of files.entries()) {
    position = row.writeUInt16LE(names[index] as number, position);
    position += row.write(file.name, position, 'utf8');
    writeStatus(row, position, file.status);
    position += statusLength;
    position += row.write(blob.digest, position, 'hex');
  }
  return row;
}

/** Where the status of each file stands. */
function positionsIn(row: Buffer): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (let position = 0; position < row.length;) {
    const nameEnd = position + 2 + row.readUInt16LE(position);
    positions.set(row.toString('utf8', position + 2, nameEnd), nameEnd);
    position = nameEnd + statusLength + digestLength;
  }
  return positions;
}
