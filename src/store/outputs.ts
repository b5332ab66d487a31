import type { Claim, DerivationId } from '../derivations/index.ts';
import {
  type Digest,
  type HashPart,
  type StorePath,
  compareCodePoints,
  storeFolder,
} from '../foundation/index.ts';
import { notInStore } from './faults.ts';
import type { Metadata, Row } from './metadata.ts';
import type { ClaimRecord, OutputRecord, Realisation } from './records.ts';
import type { Session } from './session.ts';

/** How seldom it is noted that what an output was is still asked for once the output is gone, in milliseconds. */
const knowledgeMarkLifetimeMs = 7 * 24 * 3600 * 1000;

/**
 * The row of an output that is there. The index leads to it, and it says itself what it is about: of a database that is damaged the
 * index may lead elsewhere, and an output must never be taken for another.
 */
const ofPath = `
  FROM outputs AS named JOIN outputs AS row NOT INDEXED ON row.id = named.id
  WHERE named.path = ? AND row.path = named.path AND row.present = 1`;

/**
 * The outputs that the store has, what they came from, and what was claimed of them. One that was collected counts as not there,
 * but what it was and came from may still be known.
 */
export class Outputs {
  readonly #metadata: Metadata;
  readonly #session: Session;

  constructor(metadata: Metadata, session: Session) {
    this.#metadata = metadata;
    this.#session = session;
  }

  /** Whether an output is there now: whoever is to rely on that asks by `use`. */
  has(path: StorePath): boolean {
    return this.#metadata.get('SELECT 1 FROM outputs WHERE path = ? AND present = 1', path) !== undefined;
  }

  /** Which of the outputs are there. They, and what they refer to, are not collected as long as the session lasts. */
  use(paths: Iterable<StorePath>): ReadonlySet<StorePath> {
    const asked = [...paths];
    const oldest = this.#session.oldestMark();
    const rows = new Map(asked.map((path) => [path, this.#markOf(path)]));
    const isStale = (path: StorePath): boolean => (rows.get(path) ?? oldest) < oldest;
    if (!asked.some(isStale)) return new Set(asked.filter((path) => rows.get(path) !== undefined));
    return this.#metadata.transaction(() => {
      for (const path of asked.filter(isStale)) this.mark(path);
      return new Set(asked.filter((path) => this.has(path)));
    });
  }

  /** Marks an output as used; within a transaction of the caller's. */
  mark(path: StorePath): void {
    this.#metadata.run(
      'UPDATE outputs SET used = ? WHERE path = ? AND present = 1 AND used < ?',
      this.#session.now(),
      path,
      this.#session.oldestMark(),
    );
  }

  /** When an output was last marked as used, or undefined where it is not there. */
  #markOf(path: StorePath): number | undefined {
    return this.#metadata.get('SELECT used FROM outputs WHERE path = ? AND present = 1', path)?.['used'] as
      number | undefined;
  }

  get(path: StorePath): OutputRecord | undefined {
    const row = this.#metadata.get(`SELECT row.id AS id, row.tree AS tree, row.size AS size ${ofPath}`, path);
    if (row === undefined) return undefined;
    const references = this.#metadata.all(
      'SELECT path FROM output_references JOIN outputs ON outputs.id = reference WHERE output = ?',
      row['id'] as number,
    );
    return {
      path,
      tree: row['tree'] as Digest,
      size: row['size'] as number,
      references: references.map(pathOf).toSorted(compareCodePoints),
    };
  }

  /** The outputs that are there with one of these hash parts. */
  namedBy(parts: Iterable<HashPart>): StorePath[] {
    const rows = this.#metadata.all(
      `SELECT outputs.path AS path FROM json_each(?1) JOIN outputs
       ON outputs.path > ?2 || value || '-' AND outputs.path < ?2 || value || '.' WHERE present = 1`,
      JSON.stringify([...parts]),
      `${storeFolder}/`,
    );
    return rows.map(pathOf);
  }

  /** The digest of an output's tree, or undefined where the output is not there. */
  treeOf(path: StorePath): Digest | undefined {
    return this.#metadata.get(`SELECT row.tree AS tree ${ofPath}`, path)?.['tree'] as Digest | undefined;
  }

  /** Marks an output that has this tree, if one is there: then all of the tree is. Within a transaction of the caller's. */
  useTree(tree: Digest): boolean {
    const row = this.#metadata.get('SELECT path FROM outputs WHERE tree = ? AND present = 1', tree);
    if (row === undefined) return false;
    this.mark(pathOf(row));
    return true;
  }

  /**
   * The outputs and all that they refer to, themselves included, sorted.
   *
   * @throws DiagnosticError CAB5004 where one of them is not there.
   */
  closure(paths: Iterable<StorePath>): StorePath[] {
    const found = new Set<StorePath>();
    const waiting = [...paths];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (found.has(path)) continue;
      found.add(path);
      const record = this.get(path);
      if (record === undefined) throw notInStore(`'${path}'`);
      waiting.push(...record.references);
    }
    return [...found].toSorted(compareCodePoints);
  }

  /**
   * What the derivation's output came out as, be it that it is not there any more. Which output that is stands in the table and in its
   * index; where they differ, the disk has changed one of them, and it is not known.
   */
  findRealisation(derivation: DerivationId, name: string): StorePath | undefined {
    const row = this.#metadata.get(
      `SELECT path, present, used FROM realisations JOIN outputs ON outputs.id = output
       WHERE derivation = ? AND name = ? AND EXISTS (
         SELECT 1 FROM realisations AS again INDEXED BY realisations_by_output
         WHERE again.output = outputs.id AND again.derivation = realisations.derivation AND again.name = realisations.name
       )`,
      derivation,
      name,
    );
    return row && this.#known(row);
  }

  /** The output of which this was claimed, be it that it is not there any more. */
  recallClaim(scope: DerivationId, claim: Claim): StorePath | undefined {
    const row = this.#metadata.get(
      `SELECT path, present, used FROM claims JOIN outputs ON outputs.id = output
       WHERE scope = ? AND format = ? AND value = ? AND EXISTS (
         SELECT 1 FROM claims AS again INDEXED BY claims_by_output
         WHERE again.output = outputs.id AND again.scope = claims.scope
           AND again.format = claims.format AND again.value = claims.value
       )`,
      scope,
      claim.format,
      claim.value,
    );
    return row && this.#known(row);
  }

  /** The output of which this was claimed, if it is there: then it is used. */
  findClaim(scope: DerivationId, claim: Claim): StorePath | undefined {
    const path = this.recallClaim(scope, claim);
    return path !== undefined && this.use([path]).has(path) ? path : undefined;
  }

  /** The hash of the output itself, which is noted of every one, is not counted. */
  hasClaims(scope: DerivationId): boolean {
    return (
      this.#metadata.get(
        'SELECT 1 FROM claims JOIN outputs ON outputs.id = output WHERE scope = ? AND present = 1 AND format <> ? LIMIT 1',
        scope,
        'cab',
      ) !== undefined
    );
  }

  /** The path of an output that somebody wants to know of, and which is to stay known. */
  #known(row: Row): StorePath {
    const path = pathOf(row);
    const nowMs = this.#session.now();
    if (row['present'] === 0 && (row['used'] as number) < nowMs - knowledgeMarkLifetimeMs) {
      this.#metadata.run('UPDATE outputs SET used = ? WHERE path = ? AND present = 0', nowMs, path);
    }
    return path;
  }

  /** What was claimed of an output within the scope, sorted by format and value. */
  claimsOf(scope: DerivationId, path: StorePath): Claim[] {
    return readClaims(this.#metadata, scope, path);
  }

  *paths(): Generator<StorePath> {
    const page = 'SELECT path FROM outputs WHERE path > ? AND present = 1 ORDER BY path LIMIT 4096';
    for (const rows of this.#metadata.pages(page, 'path', '')) yield* rows.map(pathOf);
  }

  *all(): Generator<OutputRecord> {
    const page = 'SELECT path FROM outputs WHERE path > ? AND present = 1 ORDER BY path LIMIT 256';
    for (const rows of this.#metadata.pages(page, 'path', '')) {
      for (const path of rows.map(pathOf)) {
        const record = this.get(path);
        if (record !== undefined) yield record;
      }
    }
  }

  /** Adds the outputs, whose trees and blobs are there; within a transaction of the caller's. */
  add(outputs: readonly OutputRecord[]): void {
    for (const { path, tree, size } of outputs) {
      this.#metadata.run(
        `INSERT INTO outputs (path, tree, size, used) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET present = 1, used = max(used, excluded.used),
           tree = CASE present WHEN 1 THEN tree ELSE excluded.tree END,
           size = CASE present WHEN 1 THEN size ELSE excluded.size END`,
        path,
        tree,
        size,
        this.#session.now(),
      );
      const known = this.treeOf(path);
      // What was just written can be read, unless the file is not what it was.
      if (known === undefined) throw this.#metadata.damaged();
      if (known !== tree) throw new Error(`'${path}' has the tree ${known}, and was to get the tree ${tree}`);
    }
    for (const { path, references } of outputs) {
      for (const reference of references) this.#addReference(path, reference);
    }
  }

  /**
   * Notes outputs that another store has, so that it can be known what derivations came out as; within a transaction of the caller's.
   * What they are is believed until one comes here.
   */
  note(outputs: readonly OutputRecord[]): void {
    for (const { path, tree, size } of outputs) {
      this.#metadata.run(
        `INSERT INTO outputs (path, tree, size, used, present) VALUES (?, ?, ?, ?, 0)
         ON CONFLICT DO UPDATE SET used = max(used, excluded.used) WHERE present = 0`,
        path,
        tree,
        size,
        this.#session.now(),
      );
    }
  }

  /** Puts an output in the place of what is recorded under its path; within a transaction of the caller's. */
  restore(output: OutputRecord): void {
    const { path, tree, size } = output;
    this.#metadata.run(
      `INSERT INTO outputs (path, tree, size, used) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
       SET tree = excluded.tree, size = excluded.size, present = 1, used = max(used, excluded.used)`,
      path,
      tree,
      size,
      this.#session.now(),
    );
    this.#metadata.run('DELETE FROM output_references WHERE output = ?', this.#idOf(path));
    for (const reference of output.references) this.#addReference(path, reference);
  }

  /** Removes outputs, and those that refer to them, with all that is known of them; within a transaction of the caller's. */
  remove(paths: Iterable<StorePath>): StorePath[] {
    const removed = new Set<StorePath>(paths);
    for (const path of removed) {
      for (const row of this.#metadata.all(
        `SELECT path FROM outputs JOIN output_references ON output = id
         WHERE reference = (SELECT id FROM outputs WHERE path = ?)`,
        path,
      )) {
        removed.add(pathOf(row));
      }
    }
    for (const path of removed) {
      this.#metadata.run(
        'DELETE FROM output_references WHERE reference = (SELECT id FROM outputs WHERE path = ?)',
        path,
      );
    }
    for (const path of removed) this.#metadata.run('DELETE FROM outputs WHERE path = ?', path);
    return [...removed];
  }

  /** Notes what a derivation came out as; what was noted before is replaced. */
  addRealisation({ derivation, output, path }: Realisation): void {
    this.#metadata.run(
      `INSERT INTO realisations (derivation, name, output) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET output = excluded.output`,
      derivation,
      output,
      this.#idOf(path),
    );
  }

  /** Notes a claim; what was claimed with the same value before is replaced. */
  addClaim({ scope, claim, path }: ClaimRecord): void {
    this.#metadata.run(
      `INSERT INTO claims (scope, format, value, output) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET output = excluded.output`,
      scope,
      claim.format,
      claim.value,
      this.#idOf(path),
    );
  }

  #addReference(path: StorePath, reference: StorePath): void {
    this.#metadata.run(
      'INSERT INTO output_references (output, reference) VALUES (?, ?) ON CONFLICT DO NOTHING',
      this.#idOf(path),
      this.#presentIdOf(reference),
    );
  }

  #presentIdOf(path: StorePath): number {
    if (!this.has(path)) throw new Error(`'${path}' is not in the store, and an output refers to it`);
    return this.#idOf(path);
  }

  /** The number of an output that is known, be it that it is not there any more. */
  #idOf(path: StorePath): number {
    const row = this.#metadata.get('SELECT id FROM outputs WHERE path = ?', path);
    if (row === undefined) throw new Error(`'${path}' is not in the store, and something was to refer to it`);
    return row['id'] as number;
  }
}

function pathOf(row: Row): StorePath {
  return row['path'] as StorePath;
}

/** What was claimed of an output within the scope, sorted by format and value. */
export function readClaims(metadata: Metadata, scope: DerivationId, path: StorePath): Claim[] {
  const rows = metadata.all(
    `SELECT format, value FROM claims JOIN outputs ON outputs.id = output
     WHERE scope = ? AND path = ? ORDER BY format, value`,
    scope,
    path,
  );
  return rows.map((row) => ({ format: row['format'] as string, value: row['value'] as string }));
}
