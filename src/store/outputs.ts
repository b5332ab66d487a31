import type { Claim, DerivationId } from '../derivations/index.ts';
import { type Digest, type StorePath, compareCodePoints } from '../foundation/index.ts';
import { notInStore } from './faults.ts';
import type { Metadata, Row } from './metadata.ts';
import type { ClaimRecord, OutputRecord, Realisation } from './records.ts';

/** The outputs that the store has, what they came from, and what was claimed of them. */
export class Outputs {
  readonly #metadata: Metadata;

  constructor(metadata: Metadata) {
    this.#metadata = metadata;
  }

  has(path: StorePath): boolean {
    return this.#metadata.get('SELECT 1 FROM outputs WHERE path = ?', path) !== undefined;
  }

  get(path: StorePath): OutputRecord | undefined {
    const row = this.#metadata.get('SELECT id, tree, size FROM outputs WHERE path = ?', path);
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

  /** The digest of an output's tree, or undefined where the output is not there. */
  treeOf(path: StorePath): Digest | undefined {
    return this.#metadata.get('SELECT tree FROM outputs WHERE path = ?', path)?.['tree'] as
      Digest | undefined;
  }

  /** Whether some output has this tree, and so all of it is in the store. */
  hasTree(tree: Digest): boolean {
    return this.#metadata.get('SELECT 1 FROM outputs WHERE tree = ?', tree) !== undefined;
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

  findRealisation(derivation: DerivationId, name: string): StorePath | undefined {
    const row = this.#metadata.get(
      'SELECT path FROM realisations JOIN outputs ON outputs.id = output WHERE derivation = ? AND name = ?',
      derivation,
      name,
    );
    return row === undefined ? undefined : pathOf(row);
  }

  findClaim(scope: DerivationId, claim: Claim): StorePath | undefined {
    const row = this.#metadata.get(
      'SELECT path FROM claims JOIN outputs ON outputs.id = output WHERE scope = ? AND format = ? AND value = ?',
      scope,
      claim.format,
      claim.value,
    );
    return row === undefined ? undefined : pathOf(row);
  }

  hasClaims(scope: DerivationId): boolean {
    return this.#metadata.get('SELECT 1 FROM claims WHERE scope = ? LIMIT 1', scope) !== undefined;
  }

  /** What was claimed of an output within the scope, sorted by format and value. */
  claimsOf(scope: DerivationId, path: StorePath): Claim[] {
    const rows = this.#metadata.all(
      `SELECT format, value FROM claims JOIN outputs ON outputs.id = output
       WHERE scope = ? AND path = ? ORDER BY format, value`,
      scope,
      path,
    );
    return rows.map((row) => ({ format: row['format'] as string, value: row['value'] as string }));
  }

  *all(): Generator<OutputRecord> {
    const page = 'SELECT path FROM outputs WHERE path > ? ORDER BY path LIMIT 256';
    for (let last = ''; ;) {
      const paths = this.#metadata.all(page, last).map(pathOf);
      for (const path of paths) {
        const record = this.get(path);
        if (record !== undefined) yield record;
        last = path;
      }
      if (paths.length === 0) return;
    }
  }

  /** Adds the outputs, whose trees and blobs are there; within a transaction of the caller's. */
  add(outputs: readonly OutputRecord[]): void {
    for (const { path, tree, size } of outputs) {
      this.#metadata.run(
        'INSERT INTO outputs (path, tree, size) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        path,
        tree,
        size,
      );
      const known = this.treeOf(path);
      if (known !== tree) throw new Error(`'${path}' has the tree ${known}, and was to get the tree ${tree}`);
    }
    for (const { path, references } of outputs) {
      for (const reference of references) this.#addReference(path, reference);
    }
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
      this.#idOf(reference),
    );
  }

  #idOf(path: StorePath): number {
    const row = this.#metadata.get('SELECT id FROM outputs WHERE path = ?', path);
    if (row === undefined) throw new Error(`'${path}' is not in the store, and something was to refer to it`);
    return row['id'] as number;
  }
}

function pathOf(row: Row): StorePath {
  return row['path'] as StorePath;
}
