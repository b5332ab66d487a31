import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy, sqliteResult } from './faults.ts';
import { ownedName } from './owner.ts';

// Result codes of SQLite: https://sqlite.org/rescode.html
const cannotOpenFile = 14;
const notADatabase = 26;

/**
 * A file that others find locked for as long as this process has it. The lock is SQLite's, and so the system's: it goes with the
 * process, however that ends, and is seen from other process namespaces as well.
 */
export class Presence {
  readonly name: string;
  readonly #file: string;
  readonly #database: DatabaseSync;

  /** It appears in the folder when it is locked already: whoever finds one that is not finds one of the dead. */
  constructor(folder: string, temporaryFolder: string) {
    this.name = ownedName('presence');
    this.#file = path.join(folder, this.name);
    const unlocked = path.join(temporaryFolder, this.name);
    this.#database = new DatabaseSync(unlocked, { timeout: 0 });
    try {
      this.#database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      renameSync(unlocked, this.#file);
    } catch (error) {
      this.#database.close();
      rmSync(unlocked, { force: true });
      throw error;
    }
  }

  close(): void {
    rmSync(this.#file, { force: true });
    this.#database.close();
  }
}

/** Whether the file is the presence of somebody who is still there. */
export function isPresent(file: string): boolean {
  if (!existsSync(file)) return false;
  let probe: DatabaseSync | undefined;
  try {
    probe = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    probe.prepare('SELECT 1 FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    const result = (sqliteResult(error) ?? 0) & 0xff;
    // It was removed meanwhile, or is what an older Cab left.
    if (result === notADatabase || (result === cannotOpenFile && !existsSync(file))) return false;
    throw error;
  } finally {
    probe?.close();
  }
}
