import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { digestOf, toStoreName } from '../foundation/index.ts';
import { onDisk, sqliteResult } from './faults.ts';

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Told once, before the wait, which process holds the lock, as far as that is known. */
  readonly onWait?: (holder: string) => void;
}

const firstPauseMs = 10;
const longestPauseMs = 200;

/**
 * Waits until nobody else, in this process or another, holds the lock of this name, and takes it. SQLite's lock on a file
 * of its own is the system's: it goes with the process that held it, however that ended.
 *
 * The file stays, empty, for good: a lock is on what was opened and not on its name, so that whoever removed the file could let
 * a second one in by another file of the same name.
 */
export async function takeLock(store: string, name: string, options: LockOptions): Promise<Disposable> {
  const folder = path.join(store, 'locks');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, fileNameOf(name));
  let told = false;
  for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, pause * 1.5)) {
    options.signal?.throwIfAborted();
    const lock = onDisk(store, () => tryLock(file));
    if (lock !== undefined) return lock;
    if (!told) options.onWait?.(holderOf(file));
    told = true;
    // A wait that is given up ends here, and with the signal's own reason at the top of the loop.
    await delay(pause, undefined, options).catch(() => undefined);
  }
}

/** A name that is not its own file name gets a digest, so that no two names share a file. */
function fileNameOf(name: string): string {
  const safe = toStoreName(name);
  return safe === name ? name : `${safe.slice(0, 100)}.${digestOf(name).slice(0, 16)}`;
}

const busy = 5;

function tryLock(file: string): Disposable | undefined {
  const database = new DatabaseSync(`${file}.lock`, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    writeFileSync(`${file}.holder`, `${process.pid}\n`);
    return { [Symbol.dispose]: () => release(database, file) };
  } catch (error) {
    database.close();
    if (((sqliteResult(error) ?? 0) & 0xff) === busy) return undefined;
    throw error;
  }
}

function release(database: DatabaseSync, file: string): void {
  if (!database.isOpen) return;
  rmSync(`${file}.holder`, { force: true });
  database.close();
}

function holderOf(file: string): string {
  try {
    return `process ${readFileSync(`${file}.holder`, 'utf8').trim()}`;
  } catch {
    return 'another process';
  }
}
