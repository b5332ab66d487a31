import { DiagnosticError } from '../../diagnostics/index.ts';

/** That what is offered as an output is not what it says, or not one that a store takes from outside. */
export function cannotTake(what: string, reason: string): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5032',
    severity: 'error',
    message: `${what} cannot be taken from another store: ${reason}`,
    notes: ['nothing of what came with it is recorded as an output'],
    hint: "run 'cab store verify' where it came from",
  });
}

/** That the other side says again and again that something is lacking which it was sent. */
export function cannotSend(paths: readonly string[]): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5033',
    severity: 'error',
    message: `${paths.length === 1 ? `'${paths[0]}'` : `${paths.length} outputs`} cannot be sent to another store: it loses what it is sent`,
    hint: 'see whether its store is too small for them',
  });
}
