import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { DiagnosticError } from '../diagnostics/index.ts';
import { UnknownVersion, damaged, openingFault, usingFault } from './database-faults.ts';
import { busyTimeoutMs, useWriteAheadLog } from './write-ahead.ts';

const firstSchema = `
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

const knownContents = `
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

/**
 * An output whose bytes were collected stays known, `present` being 0: what a derivation came out as is worth more than it weighs.
 * `used` is in milliseconds since 1970; 0 where nobody noted it. Of an output that is gone it is when it went, or was last asked for.
 */
const collection = `
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

/**
 * What a store that serves has besides: content is asked for by its SHA-256, and what actions of others came to is kept as bytes.
 * `used` is in milliseconds since 1970.
 */
const serving = `
  CREATE INDEX sha256_digests_by_sha256 ON sha256_digests (sha256);
  CREATE TABLE action_results (
    function TEXT NOT NULL,
    action BLOB NOT NULL,
    identity TEXT NOT NULL,
    result BLOB NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (function, action, identity)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX action_results_by_use ON action_results (used);
  CREATE INDEX trees_by_use ON trees (used);
`;

/** What leads from each layout to the next, from an empty database on: a store of an older Cab is taken over as it is. */
const steps: readonly string[] = [firstSchema, knownContents, collection, serving];

/** The number of the tables' layout. */
const schemaVersion = steps.length;

type Value = null | number | bigint | string | Uint8Array;
export type Row = Readonly<Record<string, Value>>;

/** For a store that is to survive a power cut: what sees to it that all is on the disk that rows are about. */
export interface Durability {
  readonly sync: () => void;
}

/** The database of a store: statements by their text, and transactions. Readers never wait; one writes at a time. */
export class Metadata {
  readonly #store: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #durability: Durability | undefined;

  /** @throws DiagnosticError CAB5001 where the file is no database, is damaged or is of another version. */
  constructor(storeFolder: string, durability?: Durability) {
    this.#store = storeFolder;
    this.#durability = durability;
    const file = databaseFile(storeFolder);
    try {
      this.#database = openDatabase(file, durability === undefined ? 'NORMAL' : 'FULL');
    } catch (error) {
      throw openingFault(storeFolder, file, error);
    }
  }

  get(sql: string, ...values: Value[]): Row | undefined {
    return this.#run(() => this.#statement(sql).get(...values));
  }

  all(sql: string, ...values: Value[]): readonly Row[] {
    return this.#run(() => this.#statement(sql).all(...values));
  }

  /** Rows page by page. The statement takes the key of the row before, and gives the next ones in the order of that key. */
  *pages(sql: string, key: string, first: string | number): Generator<readonly Row[]> {
    for (let last = first; ;) {
      const rows = this.all(sql, last);
      const next = rows.at(-1)?.[key] as string | number | undefined;
      if (next === undefined) return;
      // Where a page of the file is damaged, rows may be in no order, and would come again and again.
      if (!(next > last)) throw this.damaged();
      yield rows;
      last = next;
    }
  }

  /** That what was read cannot be what was written. */
  damaged(): DiagnosticError {
    return damaged(this.#store, databaseFile(this.#store), undefined);
  }

  run(sql: string, ...values: Value[]): void {
    if (!this.#database.isTransaction) this.#durability?.sync();
    this.#run(() => this.#statement(sql).run(...values));
  }

  /** All of it or nothing. Not to be nested. */
  transaction<T>(body: () => T): T {
    this.#durability?.sync();
    return this.#run(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const result = body();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    });
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** Where the disk was full SQLite may have done so by itself; where it fails nothing of the transaction stays either. */
  #rollBack(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // What went wrong before is what is to be told.
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #run<T>(operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      const [folder, database] = [this.#store, this.#database];
      const hasTables = (): boolean => hasKnownTables(database);
      throw usingFault({ folder, file: databaseFile(folder), database, hasTables }, error);
    }
  }
}

/** Where the database of a store lies. */
export function databaseFile(storeFolder: string): string {
  return path.join(storeFolder, 'metadata.sqlite');
}

function openDatabase(file: string, synchronous: 'NORMAL' | 'FULL'): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  try {
    database.exec(`PRAGMA synchronous = ${synchronous}`);
    if (versionOf(database) !== schemaVersion) makeSchema(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function makeSchema(database: DatabaseSync): void {
  useWriteAheadLog(database);
  database.exec('BEGIN EXCLUSIVE');
  // Another process may have made the tables while this one waited.
  const version = versionOf(database);
  const missing = version >= 0 && version < schemaVersion ? steps.slice(version) : [];
  for (const step of missing) database.exec(step);
  if (missing.length > 0) database.exec(`PRAGMA user_version = ${schemaVersion}`);
  database.exec('COMMIT');
  if (version < 0 || version > schemaVersion) throw new UnknownVersion(version, schemaVersion);
}

/** Whether the tables and indexes are those of the layout that the file says it has, to the letter; a layout to come counts as right. */
export function hasKnownTables(database: DatabaseSync): boolean {
  const version = versionOf(database);
  if (version < 0 || version > schemaVersion) return true;
  using made = new DatabaseSync(':memory:');
  for (const step of steps.slice(0, version)) made.exec(step);
  return describe(database) === describe(made);
}

function describe(database: DatabaseSync): string {
  return JSON.stringify(
    database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all(),
  );
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}
