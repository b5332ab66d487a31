import { type StorePath, hashPartLength, storeFolder } from '../foundation/index.ts';
import type { Metadata, Row } from './metadata.ts';

/** Where the name begins in a store path, counted from 1 as SQLite does. */
const nameStart = storeFolder.length + 1 + hashPartLength + 1 + 1;

/** The outputs that are there, by what a user may remember of their paths. */
export class NamedOutputs {
  readonly #metadata: Metadata;

  constructor(metadata: Metadata) {
    this.#metadata = metadata;
  }

  /** Those whose hash part begins so, sorted, at most `limit` of them. */
  withHashPart(beginning: string, limit: number): readonly StorePath[] {
    return this.#beginningSo(beginning, 1, limit);
  }

  /** Those whose hash part begins so, and that were collected. */
  goneWithHashPart(beginning: string, limit: number): readonly StorePath[] {
    return this.#beginningSo(beginning, 0, limit);
  }

  #beginningSo(beginning: string, present: 0 | 1, limit: number): readonly StorePath[] {
    const first = `${storeFolder}/${beginning}`;
    // '~' comes behind whatever a store path may hold.
    const rows = this.#metadata.all(
      'SELECT path FROM outputs WHERE path >= ? AND path < ? AND present = ? ORDER BY path LIMIT ?',
      first,
      `${first}~`,
      present,
      limit,
    );
    return rows.map(pathOf);
  }

  /** Those of this name, sorted, at most `limit` of them. */
  withName(name: string, limit: number): readonly StorePath[] {
    const rows = this.#metadata.all(
      'SELECT path FROM outputs WHERE substr(path, ?) = ? AND present = 1 ORDER BY path LIMIT ?',
      nameStart,
      name,
      limit,
    );
    return rows.map(pathOf);
  }

  /** Those of this name with any version behind it, sorted, at most `limit` of them. */
  withPackageName(name: string, limit: number): readonly StorePath[] {
    const rows = this.#metadata.all(
      `SELECT path FROM outputs WHERE substr(path, ?1, length(?2) + 1) = ?2 || '-'
       AND substr(path, ?1 + length(?2) + 1, 1) BETWEEN '0' AND '9' AND present = 1 ORDER BY path LIMIT ?3`,
      nameStart,
      name,
      limit,
    );
    return rows.map(pathOf);
  }

  /** Every name once. */
  names(): readonly string[] {
    const rows = this.#metadata.all(
      'SELECT DISTINCT substr(path, ?) AS name FROM outputs WHERE present = 1',
      nameStart,
    );
    return rows.map((row) => row['name'] as string);
  }
}

function pathOf(row: Row): StorePath {
  return row['path'] as StorePath;
}
