import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DiagnosticError } from '../diagnostics/index.ts';
import { nameBeside } from './beside.ts';
import { type LockFile, emptyLockFile, parseLockFile } from '../islands/index.ts';

/** The file that a symbolic link leads to: the link itself is to stay. */
export function realFile(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

export function readLockFile(file: string): LockFile {
  const text = readIfThere(file);
  if (text === undefined) return emptyLockFile;
  const result = parseLockFile(text, file);
  if (!result.ok) throw new DiagnosticError(result.diagnostic);
  return result.lock;
}

export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new DiagnosticError({
      code: 'CAB3101',
      severity: 'error',
      message: `the lock file '${file}' cannot be read (${code})`,
    });
  }
}

export function writeWhole(file: string, text: string): void {
  const temporary = nameBeside(file);
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new DiagnosticError({
      code: 'CAB3105',
      severity: 'error',
      message: `the lock file '${file}' cannot be written (${(error as NodeJS.ErrnoException).code})`,
      hint: 'make its folder writable, or build with --locked where nothing is to be pinned',
    });
  }
}
