import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { cannotOpen, isDamage, onDisk, waitFault } from './faults.ts';
import { Presence, isPresent } from './presence.ts';
import { busyTimeoutMs, useWriteAheadLog } from './write-ahead.ts';

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Told once, before the wait, which process holds the lock, as far as that is known. */
  readonly onWait?: (holder: string) => void;
}

const firstPauseMs = 10;
const longestPauseMs = 200;

const databaseName = 'locks.sqlite';

/**
 * Locks by name, within a process and across processes: rows of a small database, each with the presence of its holder. A row
 * whose holder is no more is as good as none. What is locked is written and taken away by one statement each.
 */
export class Locks {
  readonly #store: string;
  readonly #folder: string;
  #table: LockTable | undefined;

  constructor(storeFolder: string) {
    this.#store = storeFolder;
    this.#folder = path.join(storeFolder, 'locks');
  }

  /** Waits until nobody else holds the lock of this name, and takes it. @throws the signal's reason where it is aborted. */
  async take(name: string, options: LockOptions): Promise<Disposable> {
    let told = false;
    for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, pause * 1.5)) {
      options.signal?.throwIfAborted();
      const holder = this.#onDisk((table) => table.tryToTake(name));
      if (holder === undefined) return { [Symbol.dispose]: () => this.#release(name) };
      if (!told) options.onWait?.(`process ${holder.process}`);
      told = true;
      // A wait that is given up ends here, and with the signal's own reason at the top of the loop.
      await delay(pause, undefined, options).catch(() => undefined);
    }
  }

  /** Lets go of all that is held. */
  close(): void {
    this.#table?.close();
    this.#table = undefined;
  }

  #release(name: string): void {
    if (this.#table !== undefined) this.#onDisk((table) => table.release(name));
  }

  #onDisk<T>(operation: (table: LockTable) => T): T {
    try {
      return onDisk(this.#store, () => {
        this.#table ??= LockTable.open(this.#folder, path.join(this.#store, 'temporary'));
        return operation(this.#table);
      });
    } catch (error) {
      if (!isDamage(error)) throw waitFault(this.#store, error);
      const reason = `its table of locks in '${this.#folder}' is damaged`;
      throw cannotOpen(this.#store, reason, 'remove that folder while no Cab is at work', error);
    }
  }
}

/** Who holds a lock. */
interface Holder {
  readonly presence: string;
  readonly process: number;
}

class LockTable {
  readonly #folder: string;
  readonly #presence: Presence;
  readonly #database: DatabaseSync;
  /** What this process has let go of, and has a row for all the same. */
  readonly #released = new Set<string>();
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #delete: StatementSync;

  private constructor(folder: string, presence: Presence, database: DatabaseSync) {
    this.#folder = folder;
    this.#presence = presence;
    this.#database = database;
    this.#insert = database.prepare('INSERT INTO locks VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
    this.#find = database.prepare('SELECT presence, process FROM locks WHERE name = ?');
    this.#delete = database.prepare('DELETE FROM locks WHERE name = ? AND presence = ?');
  }

  static open(folder: string, temporaryFolder: string): LockTable {
    mkdirSync(folder, { recursive: true });
    const database = openDatabase(path.join(folder, databaseName));
    try {
      removeDead(folder, database);
      return new LockTable(folder, new Presence(folder, temporaryFolder), database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Takes the lock, or says who holds it. */
  tryToTake(name: string): Holder | undefined {
    for (;;) {
      const { changes } = this.#insert.run(name, this.#presence.name, process.pid);
      if (changes === 1) return undefined;
      const holder = this.#find.get(name) as Holder | undefined;
      if (holder === undefined) continue;
      if (holder.presence === this.#presence.name && this.#released.delete(name)) return undefined;
      if (this.#isThere(holder)) return holder;
      // Of several that find this out one makes the row anew, and the row of a living one is not taken away: its presence is another.
      this.#delete.run(name, holder.presence);
    }
  }

  /** Where the row cannot be taken away, be it that the disk is full, this process knows that it means nothing. */
  release(name: string): void {
    try {
      this.#delete.run(name, this.#presence.name);
    } catch {
      this.#released.add(name);
    }
  }

  close(): void {
    try {
      this.#database.prepare('DELETE FROM locks WHERE presence = ?').run(this.#presence.name);
    } catch {
      // The rows of who is not there any more are as good as none.
    }
    this.#presence.close();
    this.#database.close();
  }

  #isThere({ presence }: Holder): boolean {
    return presence === this.#presence.name || isPresent(path.join(this.#folder, presence));
  }
}

function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    database.exec('PRAGMA synchronous = NORMAL');
    if (database.prepare('PRAGMA journal_mode').get()?.['journal_mode'] !== 'wal') {
      useWriteAheadLog(database);
    }
    database.exec(`CREATE TABLE IF NOT EXISTS locks (
      name TEXT PRIMARY KEY,
      presence TEXT NOT NULL,
      process INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Removes what processes have left that are no more. */
function removeDead(folder: string, database: DatabaseSync): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (name.startsWith(databaseName) || isPresent(file)) continue;
    database.prepare('DELETE FROM locks WHERE presence = ?').run(name);
    rmSync(file, { force: true });
  }
}
