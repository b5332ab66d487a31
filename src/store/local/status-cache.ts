import { type Digest, parseDigest } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';
import type { Metadata } from '../metadata.ts';
import type { LocalFile } from './local-tree.ts';

interface KnownFile {
  readonly status: string;
  readonly blob: BlobReference;
}

/** What is known of the files below one local path: which content had which status, and what the whole came out as. */
export class StatusCache {
  readonly #metadata: Metadata;
  readonly #root: string;
  readonly #noted = new Map<string, KnownFile>();
  #loaded: Map<string, KnownFile> | undefined;

  constructor(metadata: Metadata, root: string) {
    this.#metadata = metadata;
    this.#root = root;
  }

  /** What the whole came out as when it had this fingerprint. */
  treeWith(fingerprint: string): { readonly tree: Digest; readonly size: number } | undefined {
    const row = this.#metadata.get(
      'SELECT tree, size FROM local_trees WHERE path = ? AND fingerprint = ?',
      this.#root,
      fingerprint,
    );
    return row === undefined ? undefined : { tree: row['tree'] as Digest, size: row['size'] as number };
  }

  /** The content that a file with this status had. */
  digestOf(file: LocalFile): BlobReference | undefined {
    this.#loaded ??= this.#load();
    const known = this.#loaded.get(file.path);
    if (known?.status !== file.status) return undefined;
    return known.blob;
  }

  note(file: LocalFile, blob: BlobReference): void {
    this.#noted.set(file.path, { status: file.status, blob });
  }

  /** Writes down what was noted, and the whole where it had a fingerprint; within a transaction of the caller's. */
  save(fingerprint: string | undefined, whole: { readonly tree: Digest; readonly size: number }): void {
    for (const [path, { status, blob }] of this.#noted) {
      this.#metadata.run(
        `INSERT INTO local_files (path, status, digest, size) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET status = excluded.status, digest = excluded.digest, size = excluded.size`,
        path,
        status,
        blob.digest,
        blob.size,
      );
    }
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

  #load(): Map<string, KnownFile> {
    // `0` is the character behind `/`: the range holds what lies below the root, and the root itself.
    const rows = this.#metadata.all(
      'SELECT path, status, digest, size FROM local_files WHERE path = ? OR (path > ? AND path < ?)',
      this.#root,
      `${this.#root}/`,
      `${this.#root}0`,
    );
    const loaded = new Map<string, KnownFile>();
    for (const row of rows) {
      const digest = parseDigest(row['digest'] as string);
      if (digest === undefined) continue;
      const blob = { digest, size: row['size'] as number };
      loaded.set(row['path'] as string, { status: row['status'] as string, blob });
    }
    return loaded;
  }
}
