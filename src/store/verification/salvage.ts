import { copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DerivationId } from '../../derivations/index.ts';
import {
  type Digest,
  type HashPart,
  type StorePath,
  digestOf,
  hashPartOfStorePath,
  parseDigest,
  parseStorePath,
} from '../../foundation/index.ts';
import { Blobs } from '../blobs.ts';
import { Derivers } from '../derivers.ts';
import { othersAtWork } from '../faults.ts';
import { Metadata, type Row, databaseFile } from '../metadata.ts';
import { Outputs } from '../outputs.ts';
import type { OutputRecord } from '../records.ts';
import { sizeOfTree } from '../self-reference.ts';
import { Session, livingSessions } from '../session.ts';
import { TemporaryPlace } from '../temporary.ts';
import { Trees } from '../trees.ts';
import { DamagedDatabase, isDatabaseDamaged } from './damaged-database.ts';
import { DamagedPlace } from './damaged-place.ts';
import { MentionReader } from './mentions.ts';
import { Wholeness, removeBrokenTrees } from './wholeness.ts';

/** What a damaged database left. */
export interface Salvaged {
  /** Where the damaged one lies now. */
  readonly kept: string;
  readonly trees: number;
  readonly outputs: number;
  readonly realisations: number;
  readonly claims: number;
  readonly roots: number;
  /** Whether all of it could be read, and all that was read could be believed. */
  readonly isComplete: boolean;
}

/**
 * Puts a new database in the place of a damaged one, with all of it that can be read and proves to be right: trees by their
 * digests, outputs by the trees that their paths name, derivations by their ids. What says which output something came out as can be
 * proved by nothing, but stands in the database twice: it counts where both places say the same.
 *
 * Undefined where the database is not damaged. Nobody else may have the store open.
 */
export function salvageDatabase(storeFolder: string): Salvaged | undefined {
  const file = databaseFile(storeFolder);
  if (!isDatabaseDamaged(file)) return undefined;
  if (livingSessions(storeFolder).length > 0) throw othersAtWork(storeFolder);
  using session = openSession(storeFolder);
  const kept = new DamagedPlace(storeFolder).place('metadata.sqlite');
  for (const part of ['', '-wal', '-shm']) {
    if (existsSync(`${file}${part}`)) copyFileSync(`${file}${part}`, `${kept}${part}`);
  }
  using aside = new TemporaryPlace(storeFolder).makeFolder('salvage');
  const salvaged = new Salvage({ kept, newFolder: aside.path, storeFolder, session }).run();
  // A new database must never meet the log of the old one.
  for (const part of ['-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
  renameSync(databaseFile(aside.path), file);
  tidy(kept);
  return { kept, ...salvaged };
}

/** Leaves of what SQLite has beside a database only what holds something. */
function tidy(kept: string): void {
  rmSync(`${kept}-shm`, { force: true });
  if (statSync(`${kept}-wal`, { throwIfNoEntry: false })?.size === 0) rmSync(`${kept}-wal`);
}

/** Rows that are taken over in one transaction. */
const rowsAtOnce = 10_000;

interface SalvagePlace {
  readonly kept: string;
  readonly newFolder: string;
  readonly storeFolder: string;
  readonly session: Session;
}

/** Keeps a collection from what is salvaged. */
function openSession(storeFolder: string): Session & Disposable {
  const session = Session.open(storeFolder, 'work');
  return Object.assign(session, { [Symbol.dispose]: () => session.close() });
}

class Salvage {
  readonly #damagedFile: string;
  readonly #blobs: Blobs;
  readonly #metadata: Metadata;
  readonly #trees: Trees;
  readonly #outputs: Outputs;
  readonly #derivers: Derivers;
  /** How many rows were not taken over. */
  #dropped = 0;
  readonly #readTree = (digest: Digest) => this.#trees.get(digest);

  constructor({ kept, newFolder, storeFolder, session }: SalvagePlace) {
    this.#damagedFile = kept;
    this.#blobs = new Blobs(storeFolder);
    this.#metadata = new Metadata(newFolder);
    this.#trees = new Trees(this.#metadata, session);
    this.#outputs = new Outputs(this.#metadata, session);
    this.#derivers = new Derivers(this.#metadata);
  }

  run(): Omit<Salvaged, 'kept'> {
    try {
      using damaged = new DamagedDatabase(this.#damagedFile);
      const trees = this.#takeTrees(damaged);
      const paths = confirmedIds(damaged);
      const isKnown = ({ output }: Agreed) => paths.has(output);
      const claims = this.#agreeing(damaged, 'claims', ['scope', 'format', 'value']).filter(isKnown);
      const realisations = this.#agreeing(damaged, 'realisations', ['derivation', 'name']).filter(isKnown);
      const fixed = new Set(claims.map(({ output }) => paths.get(output)));
      const outputs = this.#takeOutputs(damaged, { paths, fixed });
      const isThere = ({ output }: Agreed) => outputs.has(paths.get(output) as StorePath);
      this.#metadata.transaction(() => {
        for (const {
          fields: [derivation, output],
          output: id,
        } of realisations.filter(isThere)) {
          this.#outputs.addRealisation({
            derivation: derivation as DerivationId,
            output: output as string,
            path: paths.get(id) as StorePath,
          });
        }
        for (const {
          fields: [scope, format, value],
          output: id,
        } of claims.filter(isThere)) {
          const claim = { format: format as string, value: value as string };
          this.#outputs.addClaim({ scope: scope as DerivationId, claim, path: paths.get(id) as StorePath });
        }
      });
      this.#takeDerivations(damaged);
      removeBrokenTrees({ blobs: this.#blobs, trees: this.#trees, metadata: this.#metadata });
      return {
        trees,
        outputs: outputs.size,
        realisations: realisations.filter(isThere).length,
        claims: claims.filter(isThere).length,
        roots: this.#takeRoots(damaged),
        isComplete: damaged.isReadable && this.#dropped === 0,
      };
    } finally {
      this.#metadata.close();
    }
  }

  #takeTrees(damaged: DamagedDatabase): number {
    let count = 0;
    for (const rows of batches(damaged.rowsById('trees', 'digest, encoding'))) {
      this.#metadata.transaction(() => {
        for (const { digest, encoding } of rows) {
          if (!(encoding instanceof Uint8Array) || digestOf(encoding) !== digest) {
            this.#dropped++;
            continue;
          }
          this.#trees.put(encoding);
          count++;
        }
      });
    }
    return count;
  }

  /** The outputs that are whole, with all that they refer to, which is read again from their content. */
  #takeOutputs(
    damaged: DamagedDatabase,
    known: {
      readonly paths: ReadonlyMap<number, StorePath>;
      readonly fixed: ReadonlySet<StorePath | undefined>;
    },
  ): ReadonlySet<StorePath> {
    const wholeness = new Wholeness({ blobs: this.#blobs, trees: this.#trees });
    let rows = 0;
    const candidates = new Map<HashPart, Map<StorePath, Digest>>();
    for (const row of damaged.rowsById('outputs', 'path, tree')) {
      rows++;
      const output = parseStorePath(String(row['path']));
      const tree = parseDigest(String(row['tree']));
      if (output === undefined || tree === undefined || !wholeness.ofTree(tree)) continue;
      const hashPart = hashPartOfStorePath(output);
      candidates.set(hashPart, (candidates.get(hashPart) ?? new Map()).set(output, tree));
    }
    const reader = new MentionReader(this.#blobs, this.#readTree, new Set(candidates.keys()));
    const records = new Map<StorePath, OutputRecord>();
    for (const [output, tree] of [...candidates.values()].flatMap((paths) => [...paths])) {
      const mentions = known.fixed.has(output) ? undefined : reader.ofTree(tree);
      // It may refer to what is lost. A local tree that names such a path by chance is added again when it is wanted.
      if (mentions?.namesUnknown === true) continue;
      const parts = [...(mentions?.known ?? [])];
      const references = parts.flatMap((part) => {
        return part === hashPartOfStorePath(output) ? [output] : [...(candidates.get(part)?.keys() ?? [])];
      });
      const record = { path: output, tree, size: sizeOfTree(tree, this.#readTree), references };
      if (wholeness.isNamedRightly(record)) records.set(output, record);
    }
    dropIncomplete(records, lostReferrers(damaged, known.paths, records));
    this.#dropped += rows - records.size;
    this.#metadata.transaction(() => this.#outputs.add([...records.values()]));
    return new Set(records.keys());
  }

  /** The rows that the table and its index have alike. */
  #agreeing(damaged: DamagedDatabase, table: string, columns: readonly string[]): Agreed[] {
    const all = [...columns, 'output'].join(', ');
    const inIndex = new Set<string>();
    for (const row of damaged.indexed(table, all, `${table}_by_output`, 'output')) {
      inIndex.add(textOf(row, columns));
    }
    const agreed = new Map<string, Agreed>();
    for (const row of damaged.rows(table, all, columns.join(','))) {
      const text = textOf(row, columns);
      if (!inIndex.has(text)) this.#dropped++;
      else
        agreed.set(text, {
          fields: columns.map((column) => String(row[column])),
          output: Number(row['output']),
        });
    }
    this.#dropped += inIndex.size - agreed.size;
    return [...agreed.values()];
  }

  #takeDerivations(damaged: DamagedDatabase): void {
    this.#metadata.transaction(() => {
      for (const { id, identity, encoding } of damaged.rows('derivations', 'id, identity, encoding', 'id')) {
        this.#metadata.run(
          'INSERT INTO derivations (id, identity, encoding) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
          String(id),
          String(identity),
          String(encoding),
        );
      }
      for (const key of this.#derivers.damaged()) this.#derivers.remove(key);
    });
  }

  #takeRoots(damaged: DamagedDatabase): number {
    const roots = new Map<string, string>();
    for (const row of damaged.rows('roots', 'path, kind', 'path')) {
      if (path.isAbsolute(String(row['path']))) roots.set(String(row['path']), String(row['kind']));
    }
    this.#metadata.transaction(() => {
      for (const [root, kind] of roots) {
        this.#metadata.run('INSERT INTO roots (path, kind) VALUES (?, ?)', root, kind);
      }
    });
    return roots.size;
  }
}

/** A row that two places of the database have alike. */
interface Agreed {
  readonly fields: readonly string[];
  /** The id of the output that it is about. */
  readonly output: number;
}

function textOf(row: Row, columns: readonly string[]): string {
  return JSON.stringify([...columns, 'output'].map((column) => String(row[column])));
}

/** Which output has which id, as far as the table and its index say the same. */
function confirmedIds(damaged: DamagedDatabase): ReadonlyMap<number, StorePath> {
  const inIndex = new Map<number, string>();
  for (const row of damaged.indexed('outputs', 'id, path', 'sqlite_autoindex_outputs_1', 'path')) {
    inIndex.set(Number(row['id']), String(row['path']));
  }
  const confirmed = new Map<number, StorePath>();
  for (const row of damaged.rowsById('outputs', 'path')) {
    const [id, output] = [Number(row['id']), parseStorePath(String(row['path']))];
    if (output !== undefined && inIndex.get(id) === output) confirmed.set(id, output);
  }
  return confirmed;
}

/** The outputs that once referred to what is lost. */
function lostReferrers(
  damaged: DamagedDatabase,
  paths: ReadonlyMap<number, StorePath>,
  records: ReadonlyMap<StorePath, OutputRecord>,
): ReadonlySet<StorePath> {
  const lost = new Set<StorePath>();
  const isThere = (id: number): boolean => records.has(paths.get(id) as StorePath);
  for (const row of damaged.rows('output_references', 'output, reference', 'output,reference')) {
    const output = paths.get(Number(row['output']));
    if (output !== undefined && !isThere(Number(row['reference']))) lost.add(output);
  }
  return lost;
}

/** Drops these outputs, and those that refer to what is dropped. */
function dropIncomplete(records: Map<StorePath, OutputRecord>, lost: ReadonlySet<StorePath>): void {
  for (const output of lost) records.delete(output);
  for (let before = -1; before !== records.size;) {
    before = records.size;
    for (const [output, { references }] of records) {
      if (!references.every((reference) => records.has(reference))) records.delete(output);
    }
  }
}

function* batches(rows: Iterable<Row>): Generator<readonly Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < rowsAtOnce) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
