import { chmodSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { digestOf } from '../../src/foundation/index.ts';
import type { CabRig } from '../support/index.ts';

/** Where the rig's store keeps content of this text. */
export function blobOf(rig: CabRig, content: string | Uint8Array, executable = false): string {
  const digest = digestOf(content);
  return path.join(rig.store, 'blobs', digest.slice(0, 2), `${digest}${executable ? '.x' : ''}`);
}

/** Flips a bit in a file of the store, as a disk does: neither its times nor its mode tell of it. */
export function flipBit(file: string, at = 0): void {
  const content = readFileSync(file);
  content[at] = (content[at] as number) ^ 1;
  overwrite(file, content);
}

export function overwrite(file: string, content: Uint8Array | string): void {
  chmodSync(file, 0o644);
  writeFileSync(file, content);
  chmodSync(file, file.endsWith('.x') ? 0o555 : 0o444);
  utimesSync(file, 1, 1);
}

/** Changes the rig's database as nobody but a fault would. */
export function damageRows(rig: CabRig, sql: string): void {
  const database = new DatabaseSync(path.join(rig.store, 'metadata.sqlite'), {
    enableForeignKeyConstraints: false,
  });
  database.exec(sql);
  database.close();
}

/** What lies in the store's folder for what is damaged. */
export function keptDamage(rig: CabRig): readonly string[] {
  try {
    return readdirSync(path.join(rig.store, 'damaged')).toSorted();
  } catch {
    return [];
  }
}
