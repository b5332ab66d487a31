import { type StatsFs, statfsSync } from 'node:fs';
import path from 'node:path';
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

/** What the disk or the system refused, as a diagnostic; other errors as they are. */
export function diskFault(folder: string, error: unknown): unknown {
  if (isDiskFull(error)) return diskFull(folder, error);
  const hint = remedyOf(error);
  if (hint === undefined) return error;
  // SQLite has one word for all that can happen to it.
  const full = sqliteResult(error) === undefined ? undefined : findDiskFull(folder, error);
  return full ?? refused(folder, error as Error, hint);
}

/**
 * What a disk or the system refused whoever works on files, as a diagnostic, or undefined where the error is another. For errors that
 * were met where it is not known which disk they are about.
 */
export function systemFault(error: unknown): DiagnosticError | undefined {
  if (!(error instanceof Error)) return undefined;
  const place = 'path' in error && typeof error.path === 'string' ? path.dirname(error.path) : undefined;
  const fault = diskFault(place ?? 'the store', error);
  return fault instanceof DiagnosticError ? fault : undefined;
}

/** With less than this free, in bytes, a disk is full: file systems keep a little back for themselves. */
const leastSpace = 1 << 20;
/** With fewer files to be had a disk is full: the database makes two, and removes them when it is closed. */
const leastFiles = 3;

/** That the disk of the folder is full, where it is: for what met the full disk and could not say so. */
export function findDiskFull(folder: string, cause: unknown): DiagnosticError | undefined {
  const room = roomOf(folder);
  if (room === undefined) return undefined;
  const { bavail, bsize, files, ffree } = room;
  // File systems that make their inodes as they need them tell of none at all.
  const lacksFiles = files > 0 && ffree < leastFiles;
  return bavail * bsize < leastSpace || lacksFiles ? diskFull(folder, cause) : undefined;
}

function roomOf(folder: string): StatsFs | undefined {
  try {
    return statfsSync(folder);
  } catch {
    return undefined;
  }
}

const failingDisk =
  'see what the system says of the disk (dmesg); once it works, cab store verify finds what it lost';

/** What helps where the system refuses what everybody may ask for, by the name of its error. */
const remedies: Readonly<Record<string, string>> = {
  EIO: failingDisk,
  EUCLEAN: failingDisk,
  ENXIO: failingDisk,
  ENODEV: failingDisk,
  ESTALE: 'see whether the disk is mounted, and the server that it is on can be reached',
  EROFS: 'mount the disk so that it can be written to, or set CAB_STORE to another folder',
  EMFILE: 'let a process have more files open (ulimit -n)',
  ENFILE: 'let the system have more files open (sysctl fs.file-max)',
};

// Result codes of SQLite: https://sqlite.org/rescode.html
const databaseRemedies: Readonly<Record<number, string>> = {
  8: 'make it writable for this user, or set CAB_STORE to another folder',
  10: `free space if the disk is full or a quota used up; else ${failingDisk}`,
  14: 'make it writable for this user, and let a process have enough files open (ulimit -n)',
};

function remedyOf(error: unknown): string | undefined {
  const result = sqliteResult(error);
  return result === undefined ? remedies[errorCode(error) ?? ''] : databaseRemedies[result & 0xff];
}

function refused(folder: string, error: Error, hint: string): DiagnosticError {
  const what = sqliteResult(error) === undefined ? error.message : `its database: ${error.message}`;
  return new DiagnosticError(
    {
      code: 'CAB5040',
      severity: 'error',
      message: `the system does not let the store '${folder}' be used: ${what}`,
      hint,
    },
    { cause: error },
  );
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

/** Whether another process has locked what was wanted of a database. */
export function isBusy(error: unknown): boolean {
  return ((sqliteResult(error) ?? 0) & 0xff) === sqliteBusy;
}

/** A wait for another process's transaction that took too long, as a diagnostic; other errors as they are. */
export function waitFault(folder: string, error: unknown): unknown {
  if (!isBusy(error)) return error;
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

export function damagedLog(file: string, cause: unknown): DiagnosticError {
  return new DiagnosticError(
    {
      code: 'CAB5003',
      severity: 'error',
      message: `the log '${file}' is damaged, and cannot be read`,
      hint: 'remove it; another is kept when the derivation is built again',
    },
    { cause },
  );
}

/** What does not have the digest under which the store has it. */
export function damagedContent(what: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5003',
    severity: 'error',
    message: `the store is damaged: ${what} does not have the digest that it is stored under`,
    hint: "run 'cab store verify --repair'",
  });
}

/** Whether an error says that content is not there, or not any more what it was. */
export function isDamagedContent(error: unknown): error is DiagnosticError {
  const code = error instanceof DiagnosticError ? error.diagnostics[0]?.code : undefined;
  return code === 'CAB5003' || code === 'CAB5004' || code === 'CAB5010';
}

/** That a file of the store is not what it was any more; `aside` is where it is now, or where it still is. */
export function writtenTo(what: string, aside: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5010',
    severity: 'error',
    message: `a file of the store was written to, and does not hold ${what} any more`,
    notes: [
      `what it holds now: '${aside}'`,
      'all trees in the store share equal files: who changes a file of one, changes it in all',
    ],
    hint: "run 'cab store verify --repair', and copy what you want to change out of the store first",
  });
}

export function notInStore(what: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5004',
    severity: 'error',
    message: `the store does not have ${what}`,
    hint: "run 'cab store verify --repair', which finds what else is missing, and brings it back",
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
