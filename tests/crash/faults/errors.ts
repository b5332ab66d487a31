import { constants } from 'node:os';
import type { FaultCode } from './plan.ts';

const words: Readonly<Record<FaultCode, string>> = {
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  EIO: 'i/o error',
  EMFILE: 'too many open files',
};

/** An error as Node makes it of the system's answer. */
export function systemError(code: FaultCode, syscall: string, path: string | undefined): Error {
  const place = path === undefined ? '' : ` '${path}'`;
  const error = new Error(`${code}: ${words[code]}, ${syscall}${place}`);
  return Object.assign(error, {
    code,
    errno: -constants.errno[code],
    syscall,
    ...(path !== undefined && { path }),
  });
}

/** What SQLite makes of the same: https://sqlite.org/rescode.html. It knows a full disk, but no quota. */
const results: Readonly<Record<FaultCode, readonly [number, string]>> = {
  ENOSPC: [13, 'database or disk is full'],
  EDQUOT: [778, 'disk I/O error'],
  EIO: [266, 'disk I/O error'],
  EMFILE: [14, 'unable to open database file'],
};

/** An error as `node:sqlite` makes it. */
export function databaseError(code: FaultCode): Error {
  const [errcode, errstr] = results[code];
  return Object.assign(new Error(errstr), { code: 'ERR_SQLITE_ERROR', errcode, errstr });
}
