import { DiagnosticError } from '../../diagnostics/index.ts';

/** A place in an archive, in bytes of what it holds once it is decompressed. */
type Offset = number;

const anew =
  'have it exported or copied again; what came whole is in the store, and is not written a second time';

/** That the archive is not what it was when it was exported, or never was one of ours. */
export function damaged(offset: Offset, reason: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5021',
    severity: 'error',
    message: `the archive is damaged at byte ${offset} of its content: ${reason}`,
    notes: ['nothing of it is recorded as an output'],
    hint: anew,
  });
}

export function cutOff(offset: Offset): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5021',
    severity: 'error',
    message: `the archive ends at byte ${offset} of its content, before its end record`,
    notes: ['nothing of it is recorded as an output'],
    hint: anew,
  });
}

export function notCompressed(offset: Offset, cause: Error): DiagnosticError {
  const diagnostic = {
    code: 'CAB5021',
    severity: 'error',
    message: `the archive cannot be decompressed behind byte ${offset} of its content: ${cause.message}`,
    notes: ['nothing of it is recorded as an output'],
    hint: anew,
  } as const;
  return new DiagnosticError(diagnostic, { cause });
}

export function notAnArchive(): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5022',
    severity: 'error',
    message: 'this is not an archive of a store',
    hint: "name a file that 'cab store export' has written",
  });
}

export function unknownVersion(version: string, known: number): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5022',
    severity: 'error',
    message: `the archive has the format ${JSON.stringify(version)}, and this Cab knows the format ${known}`,
    hint: 'import it with the Cab that made it, or a newer one',
  });
}

/** That an output of the archive is not what its path says, or not one that a store takes from outside. */
export function cannotImport(path: string, reason: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5023',
    severity: 'error',
    message: `'${path}' cannot be imported: ${reason}`,
    notes: ['nothing of the archive is recorded as an output'],
    hint: 'the archive was not made by Cab as it is: do not trust where it came from, and have it exported again',
  });
}

export function cannotExport(path: string, reason: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5024',
    severity: 'error',
    message: `'${path}' cannot be exported: ${reason}`,
    hint: 'build it in several smaller or flatter outputs',
  });
}
