import type { Digest } from '../../foundation/index.ts';
import type { Metadata } from '../metadata.ts';
import { FolderRecord, type TakenFile } from './folder-record.ts';
import type { LocalDirectory } from './local-tree.ts';

/** `0` is the character behind `/`: the range holds what lies below the root, and the root itself. */
const below = 'FROM local_folders WHERE path = ? OR (path > ? AND path < ?)';

/** What is known of the files below one local path: which content had which status, and what the whole came out as. */
export class StatusCache {
  readonly #metadata: Metadata;
  readonly #root: string;
  readonly #records = new Map<string, FolderRecord>();
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
  knownIn({ path, files }: LocalDirectory): ReadonlyMap<string, Digest> {
    if (!this.#isLoaded) this.#load();
    const record = this.#records.get(path);
    if (record === undefined) return new Map();
    const statuses = new Map(files.map(({ name, status }) => [name, status]));
    const unchanged = record.unchanged((name) => statuses.get(name));
    return new Map(unchanged);
  }

  /** Notes what the files of a folder hold; within a transaction of the caller's, as all that writes. */
  saveFolder(path: string, files: readonly TakenFile[]): void {
    // A file that changed a moment ago, or while it was read, may change again and keep its status.
    const settled = files.filter(({ file, blob }) => !file.recent && blob.size === file.status.size);
    const { bytes } = FolderRecord.of(settled);
    const before = this.#records.get(path);
    this.#records.delete(path);
    if (before === undefined ? bytes.length === 0 : bytes.equals(before.bytes)) return;
    this.#metadata.run(
      `INSERT INTO local_folders (path, files) VALUES (?, ?) ON CONFLICT DO UPDATE SET files = excluded.files`,
      path,
      bytes,
    );
  }

  /** Notes what the whole came out as, where it had a fingerprint, and forgets folders that were not saved and are no more. */
  saveWhole(fingerprint: Digest | undefined, whole: { readonly tree: Digest; readonly size: number }): void {
    for (const path of this.#records.keys()) {
      this.#metadata.run('DELETE FROM local_folders WHERE path = ?', path);
    }
    this.#records.clear();
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
      this.#records.set(row['path'] as string, new FolderRecord(row['files'] as Uint8Array));
    }
  }
}
