import type { DatabaseSync } from 'node:sqlite';
import type { DiagnosticError } from '../diagnostics/index.ts';
import {
  cannotOpen,
  diskFault,
  errorCode,
  findDiskFull,
  isDamage,
  sqliteResult,
  waitFault,
} from './faults.ts';

/** That the database was made by a Cab with other tables. */
export class UnknownVersion extends Error {
  readonly version: number;
  readonly known: number;

  constructor(version: number, known: number) {
    super(`the database has the version ${version}`);
    this.version = version;
    this.known = known;
  }
}

// Result codes of SQLite: https://sqlite.org/rescode.html
const wrongStatement = 1;
const internal = 2;
const readOnly = 8;
const cannotOpenFile = 14;
const constraint = 19;
const mismatch = 20;

/** What went wrong where the database was opened, as a diagnostic wherever a user can do something about it. */
export function openingFault(folder: string, file: string, error: unknown): unknown {
  if (error instanceof UnknownVersion) {
    const reason = `its database has the layout ${error.version}, and this Cab knows the layout ${error.known}`;
    return cannotOpen(folder, reason, 'use the Cab that made it, or set CAB_STORE to another folder', error);
  }
  // Tables that cannot be taken over are not those of the layout that the file says it has.
  if (isDamage(error) || isOdd(error)) return damaged(folder, file, error);
  const result = resultOf(error);
  if (result === readOnly || result === cannotOpenFile) {
    const full = findDiskFull(folder, error);
    if (full !== undefined) return full;
    const hint = 'make it writable for this user, or set CAB_STORE to another folder';
    return cannotOpen(folder, `its database '${file}' cannot be written to`, hint, error);
  }
  return waitFault(folder, diskFault(folder, error));
}

export interface UsedDatabase {
  readonly folder: string;
  readonly file: string;
  readonly database: DatabaseSync;
  /** Whether it has the tables that it should have. */
  readonly hasTables: () => boolean;
}

/** What went wrong where the database was used. */
export function usingFault(used: UsedDatabase, error: unknown): unknown {
  const { folder, file } = used;
  if (isDamage(error) || (isOdd(error) && !isSound(used))) return damaged(folder, file, error);
  return waitFault(folder, diskFault(folder, error));
}

export function damaged(folder: string, file: string, cause: unknown): DiagnosticError {
  const hint = "run 'cab store verify --repair', which keeps of it what can be read";
  return cannotOpen(folder, `its database '${file}' is damaged`, hint, cause);
}

/** Whether it is an error that Cab's own statements give only where Cab has a fault, or the file. */
function isOdd(error: unknown): boolean {
  if (errorCode(error) === 'ERR_OUT_OF_RANGE') return true;
  return [wrongStatement, internal, constraint, mismatch].includes(resultOf(error));
}

/** Asks SQLite to look at all of it. That takes its time, and is for where something failed already. */
function isSound({ database, hasTables }: UsedDatabase): boolean {
  try {
    if (!hasTables()) return false;
    const [row] = database.prepare('PRAGMA integrity_check(1)').all();
    return row?.['integrity_check'] === 'ok';
  } catch {
    return false;
  }
}

function resultOf(error: unknown): number {
  return (sqliteResult(error) ?? 0) & 0xff;
}
