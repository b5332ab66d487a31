import { DiagnosticError } from '../diagnostics/index.ts';

const hints: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file: see how it is written',
  EISDIR: 'it is a folder: name a file',
  EACCES: 'make it readable for this user',
};

/** What is said of something that cannot be read, which `name` is. */
export function unreadable(name: string, code: string | undefined, cause: unknown): DiagnosticError {
  return new DiagnosticError(
    {
      code: 'CAB6022',
      severity: 'error',
      message: `${name} cannot be read (${code})`,
      hint: hints[code ?? ''] ?? 'see whether the disk that it lies on is well',
    },
    { cause },
  );
}
