import {
  type DerivationId,
  decodeDerivation,
  encodeDerivation,
  realisationKey,
} from '../derivations/index.ts';
import { type StorePath, canonicalJson } from '../foundation/index.ts';
import type { Metadata, Row } from './metadata.ts';
import { readClaims } from './outputs.ts';
import type { DerivationRecord, Deriver } from './records.ts';

/** The derivations that outputs were made by, so that they can be made again. */
export class Derivers {
  readonly #metadata: Metadata;

  constructor(metadata: Metadata) {
    this.#metadata = metadata;
  }

  /** Keeps a derivation, whose encoding its key says, so that the first is as good as any; within a transaction of the caller's. */
  add({ key, identity, derivation }: DerivationRecord): void {
    this.#metadata.run(
      'INSERT INTO derivations (id, identity, encoding) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      key,
      identity,
      canonicalJson(encodeDerivation(derivation)),
    );
  }

  /** What the output was made by; a damaged row counts as none. */
  of(path: StorePath): Deriver[] {
    const realised = this.#metadata.all(
      `SELECT derivations.id AS key, identity, encoding, name FROM outputs JOIN realisations ON output = outputs.id
       JOIN derivations ON derivations.id = derivation WHERE path = ? ORDER BY key`,
      path,
    );
    const claimed = this.#metadata.all(
      `SELECT DISTINCT derivations.id AS key, identity, encoding FROM outputs JOIN claims ON output = outputs.id
       JOIN derivations ON derivations.id = scope WHERE path = ? ORDER BY key`,
      path,
    );
    return [...realised, ...claimed].flatMap((row) => {
      const record = recordOf(row);
      if (record === undefined) return [];
      const output = (row['name'] as string | undefined) ?? record.derivation.outputs[0];
      if (output === undefined) return [];
      const claims =
        record.derivation.fix.kind === 'none' ? [] : readClaims(this.#metadata, record.key, path);
      return [{ ...record, output, claims }];
    });
  }

  /** Each key whose row cannot be what was kept under it. */
  *damaged(): Generator<DerivationId> {
    const page = 'SELECT id AS key, identity, encoding FROM derivations WHERE id > ? ORDER BY id LIMIT 256';
    for (const rows of this.#metadata.pages(page, 'key', '')) {
      for (const row of rows) {
        if (recordOf(row) === undefined) yield row['key'] as DerivationId;
      }
    }
  }

  remove(key: DerivationId): void {
    this.#metadata.run('DELETE FROM derivations WHERE id = ?', key);
  }
}

/** The derivation of a row, which has to be the one that its key names. */
function recordOf(row: Row): DerivationRecord | undefined {
  const key = row['key'] as DerivationId;
  const identity = row['identity'] as string;
  const derivation = decodeDerivation(row['encoding'] as string);
  if (derivation === undefined || realisationKey(derivation.id, identity) !== key) return undefined;
  return { key, identity, derivation };
}
