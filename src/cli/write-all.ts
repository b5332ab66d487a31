import { writeSync } from 'node:fs';
import { type Diagnostic, DiagnosticError } from '../diagnostics/index.ts';

/**
 * Writes all of it before going on; a reader that has gone away ends the output, not the run, and makes it answer false.
 *
 * @throws DiagnosticError CAB6007 where a result cannot be written. Of a standard error that cannot, nobody can be told.
 */
export function writeAll(descriptor: 1 | 2, piece: string | Uint8Array): boolean {
  let rest: Uint8Array = typeof piece === 'string' ? Buffer.from(piece) : piece;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') continue;
      if (code === 'EPIPE' || descriptor === 2) return false;
      throw unwritable(code, error);
    }
  }
  return true;
}

function unwritable(code: string | undefined, cause: unknown): DiagnosticError {
  const diagnostic: Diagnostic = {
    code: 'CAB6007',
    severity: 'error',
    message: `the standard output cannot be written (${code})`,
    hint: code === 'ENOSPC' ? 'the disk that it leads to is full' : 'see where it leads to',
  };
  return new DiagnosticError(diagnostic, { cause });
}
