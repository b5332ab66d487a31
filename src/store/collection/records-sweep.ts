import type { Digest } from '../../foundation/index.ts';
import type { Blobs } from '../blobs.ts';
import { contentKinds } from '../known-contents.ts';
import { folderRecords } from '../local/folder-record.ts';
import type { Metadata, Row } from '../metadata.ts';

/** How many rows go in one transaction: builders wait for it. */
const rowsAtOnce = 256;

export interface RecordsOptions {
  readonly metadata: Metadata;
  readonly blobs: Blobs;
  /** What an output was stays known if it went, or was asked for, at this time or later, in milliseconds since 1970. */
  readonly knowledgeMs: number;
}

/**
 * Removes rows that are about nothing any more, a little at a time: each step tells how many. They are found by a look without a
 * transaction, and looked at again in the one that removes them.
 */
export function* removeRecords(options: RecordsOptions): Generator<number> {
  const { metadata, blobs } = options;
  yield* removeUntilNone(
    metadata,
    `DELETE FROM known_contents WHERE (program, name) IN (SELECT program, name FROM outputs
     CROSS JOIN known_contents ON output = outputs.id WHERE present = 0 LIMIT ${rowsAtOnce}) RETURNING 1`,
  );
  yield* removeUntilNone(
    metadata,
    `DELETE FROM outputs WHERE id IN (SELECT id FROM outputs WHERE present = 0 AND (used < ${options.knowledgeMs}
       OR (NOT EXISTS (SELECT 1 FROM realisations WHERE output = outputs.id)
         AND NOT EXISTS (SELECT 1 FROM claims WHERE output = outputs.id)))
       LIMIT ${rowsAtOnce}) RETURNING 1`,
  );
  yield* removeUntilNone(
    metadata,
    `DELETE FROM derivations WHERE id IN (SELECT id FROM derivations
       WHERE NOT EXISTS (SELECT 1 FROM realisations WHERE derivation = derivations.id)
         AND NOT EXISTS (SELECT 1 FROM claims WHERE scope = derivations.id)
       LIMIT ${rowsAtOnce}) RETURNING 1`,
  );
  yield* removeUntilNone(
    metadata,
    `DELETE FROM programs WHERE id IN (SELECT id FROM programs
       WHERE NOT EXISTS (SELECT 1 FROM known_contents WHERE program = programs.id)
       LIMIT ${rowsAtOnce}) RETURNING 1`,
  );
  yield* removeUntilNone(
    metadata,
    `DELETE FROM local_trees WHERE path IN (SELECT path FROM local_trees
       WHERE NOT EXISTS (SELECT 1 FROM outputs WHERE outputs.tree = local_trees.tree AND present = 1)
       LIMIT ${rowsAtOnce}) RETURNING 1`,
  );
  yield* removeFileRecords(metadata, blobs);
  yield* removeDigests(metadata, blobs);
}

/** Removes results of actions that were used before this time, in milliseconds since 1970. */
export function* removeResults(metadata: Metadata, usedMs: number): Generator<number> {
  yield* removeUntilNone(
    metadata,
    `DELETE FROM action_results WHERE (function, action, identity) IN (SELECT function, action, identity
       FROM action_results WHERE used < ${usedMs} LIMIT ${rowsAtOnce}) RETURNING 1`,
  );
}

function* removeUntilNone(metadata: Metadata, sql: string): Generator<number> {
  for (;;) {
    const count = metadata.transaction(() => metadata.all(sql).length);
    yield count;
    if (count < rowsAtOnce) return;
  }
}

/** What is known of local folders, where the content of a file is gone. */
function* removeFileRecords(metadata: Metadata, blobs: Blobs): Generator<number> {
  for (const [path, record] of folderRecords(metadata)) {
    const isGone = record.contents().some(([, digest]) => !blobs.has(digest));
    if (!isGone) continue;
    // What was read again meanwhile is another record.
    metadata.run('DELETE FROM local_folders WHERE path = ? AND files = ?', path, record.bytes);
    yield 1;
  }
}

/** The SHA-256 digests of what is gone. */
function* removeDigests(metadata: Metadata, blobs: Blobs): Generator<number> {
  const page = `SELECT kind, digest FROM sha256_digests WHERE (kind, digest) > (?, ?) ORDER BY kind, digest LIMIT ${rowsAtOnce}`;
  for (let rows = metadata.all(page, 0, Buffer.alloc(0)); rows.length > 0;) {
    const gone = rows.filter((row) => {
      const digest = Buffer.from(row['digest'] as Uint8Array).toString('hex') as Digest;
      if (row['kind'] === contentKinds.file) return !blobs.has(digest);
      return metadata.get('SELECT 1 FROM trees WHERE digest = ?', digest) === undefined;
    });
    yield removeAll(gone, metadata, (row) =>
      metadata.run(
        'DELETE FROM sha256_digests WHERE kind = ? AND digest = ?',
        row['kind'] as number,
        row['digest'] as Uint8Array,
      ),
    );
    const last = rows.at(-1) as Row;
    rows = metadata.all(page, last['kind'] as number, last['digest'] as Uint8Array);
  }
}

function removeAll(rows: readonly Row[], metadata: Metadata, remove: (row: Row) => void): number {
  if (rows.length > 0) metadata.transaction(() => rows.forEach(remove));
  return rows.length;
}
