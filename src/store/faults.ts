import { statfsSync } from 'node:fs';
import { DiagnosticError } from '../diagnostics/index.ts';

/** Runs what touches the disk, so that a full one becomes a diagnostic that says which disk and what to do. */
export function onDisk<T>(folder: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw diskFault(folder, error);
  }
}

/** The same for what takes its time. */
export async function onDiskLater<T>(folder: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw diskFault(folder, error);
  }
}

function diskFault(folder: string, error: unknown): unknown {
  return isDiskFull(error) ? diskFull(folder, error) : error;
}

/** With less than this free, in bytes, a disk is full: file systems keep a little back for themselves. */
const leastSpace = 1 << 20;

/** That the disk of the folder is full, where it is: for what met the full disk and could not say so. */
export function findDiskFull(folder: string, cause: unknown): DiagnosticError | undefined {
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  // File systems that make their inodes as they need them tell of none at all.
  const lacksFiles = files > 0 && ffree === 0;
  return bavail * bsize < leastSpace || lacksFiles ? diskFull(folder, cause) : undefined;
}

function diskFull(folder: string, cause: unknown): DiagnosticError {
  return new DiagnosticError(
    {
      code: 'CAB5002',
      severity: 'error',
      message: `the store cannot be written to: the disk that holds '${folder}' is full`,
      hint: 'free space there, or set CAB_STORE to a folder on another disk',
    },
    { cause },
  );
}

// Result codes of SQLite: https://sqlite.org/rescode.html
const sqliteFull = 13;
const sqliteNoSpaceForSharedMemory = 4874;

const sqliteBusy = 5;

/** A wait for another process's transaction that took too long, as a diagnostic; other errors as they are. */
export function waitFault(folder: string, error: unknown): unknown {
  if (((sqliteResult(error) ?? 0) & 0xff) !== sqliteBusy) return error;
  return new DiagnosticError(
    {
      code: 'CAB5006',
      severity: 'error',
      message: `another process has kept the database of the store '${folder}' locked for too long`,
      hint: 'see which other Cab process hangs, end it, and try again',
    },
    { cause: error },
  );
}

/** For what can be done only while nobody else has the store open. */
export function othersAtWork(folder: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5006',
    severity: 'error',
    message: `the database of the store '${folder}' is damaged, and others are at work with it`,
    hint: 'end every other Cab process that uses this store, and try again',
  });
}

function isDiskFull(error: unknown): boolean {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return true;
  const result = sqliteResult(error);
  return result !== undefined && ((result & 0xff) === sqliteFull || result === sqliteNoSpaceForSharedMemory);
}

const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;

/** Whether a database is not what it was when it was written. */
export function isDamage(error: unknown): boolean {
  const result = (sqliteResult(error) ?? 0) & 0xff;
  return result === sqliteCorrupt || result === sqliteNotADatabase;
}

/** The system's name of what failed, such as `ENOENT`, or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** SQLite's extended result code, or undefined for other errors. */
export function sqliteResult(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

export function cannotOpen(folder: string, reason: string, hint: string, cause?: unknown): DiagnosticError {
  return new DiagnosticError(
    {
      code: 'CAB5001',
      severity: 'error',
      message: `the store '${folder}' cannot be opened: ${reason}`,
      hint,
    },
    { cause },
  );
}

export function cannotHold(path: string, reason: string, hint?: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5005',
    severity: 'error',
    message: `the store cannot hold '${path}': ${reason}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

export function isNotInStore(error: unknown): boolean {
  return error instanceof DiagnosticError && error.diagnostics[0]?.code === 'CAB5004';
}

export function notInStore(what: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5004',
    severity: 'error',
    message: `the store does not have ${what}`,
    hint: "run 'cab store verify' to find what else is missing",
  });
}

/** That a collection does not begin, since it would not know what to keep. */
export function cannotTell(
  what: string,
  { reason, hint, cause }: { readonly reason: string; readonly hint: string; readonly cause?: unknown },
): DiagnosticError {
  return new DiagnosticError(
    {
      code: 'CAB5020',
      severity: 'error',
      message: `nothing is collected: it cannot be told what ${what} keeps`,
      notes: [reason],
      hint,
    },
    { cause },
  );
}
