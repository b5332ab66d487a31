import { chmodSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DiagnosticError } from '../diagnostics/index.ts';
import { nameBeside } from '../workspace/index.ts';

/**
 * Gives the file another content, all at once; its mode stays. `name` is what messages call it.
 *
 * @throws DiagnosticError CAB6021 where it cannot be written.
 */
export function replaceFile(file: string, name: string, content: string): void {
  const temporary = nameBeside(file);
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    chmodSync(temporary, statSync(file).mode & 0o7777);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unwritable(name, error);
  }
}

function unwritable(name: string, cause: unknown): DiagnosticError {
  const { code } = cause as NodeJS.ErrnoException;
  const hint =
    code === 'ENOSPC' ? 'the disk that it lies on is full' : 'see whether this user may write to its folder';
  const message = `the file '${name}' cannot be written (${code})`;
  return new DiagnosticError({ code: 'CAB6021', severity: 'error', message, hint }, { cause });
}
