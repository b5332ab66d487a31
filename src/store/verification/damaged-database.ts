import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { isDamage } from '../faults.ts';
import { type Row, hasKnownTables } from '../metadata.ts';

/** How many rows are asked for one by one, between what can be read from the front and what can from the back. */
const probesLimit = 5_000_000;

/** Whether the database in a file is damaged. @throws what else keeps it from being read. */
export function isDatabaseDamaged(file: string): boolean {
  if (!existsSync(file)) return false;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    if (!hasKnownTables(database)) return true;
    return database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'] !== 'ok';
  } catch (error) {
    if (isDamage(error)) return true;
    throw error;
  } finally {
    closeQuietly(database);
  }
}

/** A damaged database, of which is read what can be. Nothing that it says is to be believed without a proof. */
export class DamagedDatabase implements Disposable {
  readonly #database: DatabaseSync | undefined;
  #isReadable: boolean;

  constructor(file: string) {
    const whole = open(file);
    this.#database = whole ?? open(alone(file));
    this.#isReadable = whole !== undefined;
  }

  /** Whether nothing so far could not be read. */
  get isReadable(): boolean {
    return this.#isReadable;
  }

  /** The rows of a table in the order of its key, from both ends as far as they go. */
  *rows(table: string, columns: string, key: string): Generator<Row> {
    yield* this.#bothWays(`SELECT ${columns} FROM ${table} NOT INDEXED`, key);
  }

  /** The same rows as an index holds them, which has to have all the columns. */
  *indexed(table: string, columns: string, index: string, key: string): Generator<Row> {
    const first = key.split(',')[0] ?? key;
    yield* this.#bothWays(
      `SELECT ${columns} FROM ${table} INDEXED BY ${index} WHERE ${first} IS NOT NULL`,
      key,
    );
  }

  /** The rows of a table that has an `id`; where a page in its middle is lost, also those behind it. */
  *rowsById(table: string, columns: string): Generator<Row> {
    const select = `SELECT id, ${columns} FROM ${table} NOT INDEXED`;
    let first = 0;
    let last = 0;
    for (const row of this.#until(`${select} ORDER BY id`)) {
      first = row['id'] as number;
      yield row;
    }
    for (const row of this.#until(`${select} WHERE id > ${first} ORDER BY id DESC`)) {
      last = row['id'] as number;
      yield row;
    }
    const end = Math.min(last, first + probesLimit);
    for (let id = first + 1; id < end; id++) yield* this.#until(`${select} WHERE id = ?`, id);
  }

  [Symbol.dispose](): void {
    closeQuietly(this.#database);
  }

  *#bothWays(select: string, key: string): Generator<Row> {
    yield* this.#until(`${select} ORDER BY ${key}`);
    const backwards = key.split(',').map((column) => `${column} DESC`);
    yield* this.#until(`${select} ORDER BY ${backwards.join(',')}`);
  }

  /** The rows up to the first that cannot be read, be it that there is no such table any more. */
  *#until(sql: string, ...values: number[]): Generator<Row> {
    if (this.#database === undefined) return;
    try {
      yield* this.#database.prepare(sql).iterate(...values) as Iterable<Row>;
    } catch (error) {
      if (!(error instanceof Error && 'errcode' in error)) throw error;
      this.#isReadable = false;
    }
  }
}

function open(file: string | URL): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    database.prepare('SELECT name FROM sqlite_schema').all();
    return database;
  } catch (error) {
    closeQuietly(database);
    if (!(error instanceof Error && 'errcode' in error)) throw error;
    return undefined;
  }
}

/** The file without what lies in its write-ahead log, which may be what is damaged. */
function alone(file: string): URL {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  return url;
}

function closeQuietly(database: DatabaseSync | undefined): void {
  try {
    database?.close();
  } catch {
    // There is nothing left that it could keep.
  }
}
