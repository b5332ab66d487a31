import type { StorePath } from '../../foundation/index.ts';
import type { Metadata } from '../metadata.ts';
import type { VerifyFinding } from './finding.ts';

/** How many of its faults a damaged database is asked for. */
const faultsLimit = 20;

/** What SQLite finds wrong with the database itself. */
export function* faultsOfDatabase({
  folder,
  metadata,
}: {
  readonly folder: string;
  readonly metadata: Metadata;
}): Generator<VerifyFinding> {
  for (const row of metadata.all(`PRAGMA integrity_check(${faultsLimit})`)) {
    const detail = String(row['integrity_check']);
    if (detail === 'ok') return;
    yield {
      kind: 'database-damaged',
      path: `${folder}/metadata.sqlite`,
      detail: detail.replaceAll('\n', ' '),
    };
  }
}

/** Rows that are about an output which has none; the database's own rules keep them from being written. */
export function* danglingRows(metadata: Metadata): Generator<VerifyFinding> {
  const counts = new Map<string, number>();
  for (const row of metadata.all('PRAGMA foreign_key_check')) {
    const table = String(row['table']);
    counts.set(table, (counts.get(table) ?? 0) + 1);
  }
  for (const [table, count] of counts) {
    const detail = `${count} of its rows ${count === 1 ? 'is' : 'are'} about what is not there`;
    yield { kind: 'row-dangling', path: table, detail };
  }
}

/** Takes such rows out; answers the outputs of which it is not known any more what they refer to. */
export function removeDanglingRows(metadata: Metadata): StorePath[] {
  const isThere = '(SELECT id FROM outputs)';
  return metadata.transaction(() => {
    const lost = metadata.all(
      `SELECT DISTINCT path FROM outputs JOIN output_references ON output = outputs.id WHERE reference NOT IN ${isThere}`,
    );
    for (const table of ['realisations', 'claims', 'known_contents', 'output_references']) {
      metadata.run(`DELETE FROM ${table} WHERE output NOT IN ${isThere}`);
    }
    metadata.run(`DELETE FROM output_references WHERE reference NOT IN ${isThere}`);
    metadata.run('DELETE FROM known_contents WHERE program NOT IN (SELECT id FROM programs)');
    return lost.map((row) => row['path'] as StorePath);
  });
}
