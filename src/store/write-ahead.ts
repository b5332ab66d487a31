import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './faults.ts';

/** How long to wait for another process's transaction, in milliseconds. */
export const busyTimeoutMs = 30_000;

const pauseMs = 5;

/**
 * Has a database keep its changes in a write-ahead log. Of two processes that see to that at once SQLite tells one that it is
 * locked, without a wait: both may hold what the other needs.
 */
export function useWriteAheadLog(database: DatabaseSync): void {
  const endMs = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > endMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}
