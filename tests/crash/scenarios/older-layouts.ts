import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { digestOf, sha256Of } from '../../../src/foundation/index.ts';
import { Blobs, type OutputRecord, encodeDirectory } from '../../../src/store/index.ts';
import { derivationId, putText } from './content.ts';

/*
 * The tables as they were in stores that older versions of Cab made. This is a copy on purpose: whatever the present tables come
 * to be, these are those that have to be taken over.
 */
const first = `
  CREATE TABLE trees (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    encoding BLOB NOT NULL
  ) STRICT;
  CREATE TABLE outputs (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    tree TEXT NOT NULL,
    size INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX outputs_by_tree ON outputs (tree);
  CREATE TABLE output_references (
    output INTEGER NOT NULL REFERENCES outputs (id) ON DELETE CASCADE,
    reference INTEGER NOT NULL REFERENCES outputs (id),
    PRIMARY KEY (output, reference)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX references_by_reference ON output_references (reference);
  CREATE TABLE realisations (
    derivation TEXT NOT NULL,
    name TEXT NOT NULL,
    output INTEGER NOT NULL REFERENCES outputs (id) ON DELETE CASCADE,
    PRIMARY KEY (derivation, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX realisations_by_output ON realisations (output);
  CREATE TABLE claims (
    scope TEXT NOT NULL,
    format TEXT NOT NULL,
    value TEXT NOT NULL,
    output INTEGER NOT NULL REFERENCES outputs (id) ON DELETE CASCADE,
    PRIMARY KEY (scope, format, value)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX claims_by_output ON claims (output);
  CREATE TABLE local_files (
    path TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE local_trees (
    path TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    tree TEXT NOT NULL,
    size INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const second = `
  CREATE TABLE programs (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE known_contents (
    program INTEGER NOT NULL REFERENCES programs (id),
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    output INTEGER NOT NULL REFERENCES outputs (id) ON DELETE CASCADE,
    PRIMARY KEY (program, name)
  ) STRICT, WITHOUT ROWID;
`;

const third = `
  ALTER TABLE outputs ADD COLUMN present INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE outputs ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE trees ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX known_contents_by_output ON known_contents (output);
  CREATE TABLE roots (
    path TEXT PRIMARY KEY,
    kind TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE derivations (
    id TEXT PRIMARY KEY,
    identity TEXT NOT NULL,
    encoding TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE sha256_digests (
    kind INTEGER NOT NULL,
    digest BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (kind, digest)
  ) STRICT, WITHOUT ROWID;
  DROP TABLE local_files;
  DELETE FROM local_trees;
  CREATE TABLE local_folders (
    path TEXT PRIMARY KEY,
    files BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const layouts: Readonly<Record<number, string>> = {
  1: first,
  2: first + second,
  3: first + second + third,
};

/** What an older store is filled with: two outputs, of which one refers to the other and to itself, and what is known of them. */
export const held = {
  derivation: derivationId('older'),
  claim: { format: 'git', value: 'abc' },
  program: digestOf('an older program'),
  content: 'git-tree:1',
  /** Of the lower output's tree, or so it was noted. */
  sha256: sha256Of(Buffer.from('the SHA-256 form of a tree')),
  localPath: '/where/it/lay',
} as const;

/** Makes a store as the Cab with that layout left it, and answers its outputs. */
export function makeOlderStore(folder: string, layout: number): readonly OutputRecord[] {
  for (const name of ['blobs', 'store', 'temporary', 'logs', 'locks']) {
    mkdirSync(path.join(folder, name), { recursive: true });
  }
  writeFileSync(path.join(folder, 'version'), '1\n');
  const database = new DatabaseSync(path.join(folder, 'metadata.sqlite'), {
    enableForeignKeyConstraints: true,
  });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(`BEGIN; ${layouts[layout]} PRAGMA user_version = ${layout}; COMMIT`);
  const outputs = fill(folder, database);
  if (layout >= 2) fillContents(database, outputs);
  if (layout >= 3) fillDigests(database, outputs);
  database.close();
  return outputs;
}

function fill(folder: string, database: DatabaseSync): readonly OutputRecord[] {
  const blobs = new Blobs(folder);
  const putTree = (encoding: Uint8Array) => {
    const digest = digestOf(encoding);
    database.prepare('INSERT INTO trees (digest, encoding) VALUES (?, ?)').run(digest, encoding);
    return { digest, size: encoding.length };
  };
  // Enough rows for the change of the tables to write more than one page.
  for (let index = 0; index < 300; index++) {
    const target = `${index}`.repeat(100);
    putTree(encodeDirectory({ files: [], directories: [], symlinks: [{ name: 'link', target }] }));
  }
  const lower = putText({ blobs, putTree }, 'an older lower');
  const upper = putText({ blobs, putTree }, 'an older upper', [lower.path]);
  for (const { path: output, tree, size } of [lower, upper]) {
    database.prepare('INSERT INTO outputs (path, tree, size) VALUES (?, ?, ?)').run(output, tree, size);
  }
  database.exec('INSERT INTO output_references (output, reference) VALUES (2, 1), (2, 2)');
  database
    .prepare("INSERT INTO realisations (derivation, name, output) VALUES (?, 'out', 2)")
    .run(held.derivation);
  database
    .prepare('INSERT INTO claims (scope, format, value, output) VALUES (?, ?, ?, 1)')
    .run(held.derivation, held.claim.format, held.claim.value);
  // Later layouts know no single files.
  const hasFiles = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'local_files'").get();
  if (hasFiles === undefined) return outputsOf(lower, upper);
  database
    .prepare('INSERT INTO local_files (path, status, digest, size) VALUES (?, ?, ?, ?)')
    .run(held.localPath, 'status', digestOf('local'), 5);
  database
    .prepare('INSERT INTO local_trees (path, fingerprint, tree, size) VALUES (?, ?, ?, ?)')
    .run(held.localPath, 'fingerprint', lower.tree, lower.size);
  return outputsOf(lower, upper);
}

function outputsOf(lower: OutputRecord, upper: OutputRecord): readonly OutputRecord[] {
  return [lower, { ...upper, references: [lower.path, upper.path].toSorted() }];
}

function fillDigests(database: DatabaseSync, [lower]: readonly OutputRecord[]): void {
  if (lower === undefined) throw new Error('there is no output to have another digest');
  database
    .prepare('INSERT INTO sha256_digests (kind, digest, sha256, size) VALUES (2, ?, ?, 99)')
    .run(Buffer.from(lower.tree, 'hex'), Buffer.from(held.sha256, 'hex'));
}

function fillContents(database: DatabaseSync, [, upper]: readonly OutputRecord[]): void {
  if (upper === undefined) throw new Error('there is no output to hold a part');
  database.prepare('INSERT INTO programs (digest) VALUES (?)').run(held.program);
  database
    .prepare(
      'INSERT INTO known_contents (program, name, kind, digest, size, output) SELECT 1, ?, 2, ?, length(encoding), 2 FROM trees WHERE digest = ?',
    )
    .run(held.content, Buffer.from(upper.tree, 'hex'), upper.tree);
}
