import type { Derivation } from '../derivations/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import type { StorePath } from '../foundation/index.ts';
import type { BuildLog } from './build-log.ts';
import type { Verdict } from './claims.ts';
import type { ExecutionResult } from './executors/index.ts';
import type { RealizeFailure } from './realizer.ts';

/** How much of a failing build's log its diagnostic shows. */
const shownLogLines = 20;

/** What a program's failure is to whoever asked for its outputs. */
export function failureOf(
  derivation: Derivation,
  result: ExecutionResult & { outcome: 'failed' },
  log: BuildLog,
): RealizeFailure {
  if (result.diagnostic !== undefined) return { outcome: 'failed', diagnostic: result.diagnostic };
  if (result.malformedClaim !== undefined) {
    return { outcome: 'failed', diagnostic: malformedClaim(derivation, result.malformedClaim) };
  }
  if (result.missingOutput !== undefined) {
    return { outcome: 'failed', diagnostic: missingOutput(derivation, result.missingOutput, log) };
  }
  return {
    outcome: 'failed',
    diagnostic: builderFailed(derivation, result.reason, log),
    program: {
      exitCode: result.exitCode,
      lastLine: log.lines.at(-1),
      request: result.requestFailure,
    },
  };
}

function builderFailed(derivation: Derivation, reason: string, log: BuildLog): Diagnostic {
  return {
    code: 'CAB4002',
    severity: 'error',
    message: `the builder of '${derivation.name}' failed: ${reason}`,
    notes: logNotes(log),
    hint: `the whole log: cab log ${derivation.id}`,
  };
}

function missingOutput(derivation: Derivation, output: string, log: BuildLog): Diagnostic {
  return {
    code: 'CAB4003',
    severity: 'error',
    message: `the builder of '${derivation.name}' ended well, but did not make its output '${output}'`,
    notes: logNotes(log),
    hint: `it has to leave a file, a folder or a symbolic link at the path that the variable '${output}' names`,
  };
}

function malformedClaim(derivation: Derivation, line: string): Diagnostic {
  return {
    code: 'CAB4005',
    severity: 'error',
    message: `the builder of '${derivation.name}' wrote '${line}' to its fix file, which is not a claim`,
    hint: "a claim is a line of the form format:value, such as 'git:3f2c…'",
  };
}

export function tooManyClaims(derivation: Derivation, limit: number): Diagnostic {
  return {
    code: 'CAB4011',
    severity: 'error',
    message: `the builder of '${derivation.name}' made more than ${limit} claims`,
    hint: 'each claim is about the whole output: a handful of formats is enough',
  };
}

export function pinContradicted(
  derivation: Derivation,
  verdict: Verdict & { kind: 'contradiction' },
): Diagnostic {
  const byAuthor = derivation.fix.kind === 'fixed';
  return {
    code: byAuthor ? 'CAB4004' : 'CAB3103',
    severity: 'error',
    message: `'${derivation.name}' is ${byAuthor ? 'fixed' : 'pinned'} to ${verdict.pinned}, but its origin now has ${verdict.claimed}`,
    hint: byAuthor
      ? `if the new one is meant, fix it to ${verdict.claimed}`
      : 'if the new one is meant, take it with --update; if not, ask the origin why the old one is gone',
  };
}

export function notTheFixedOutput(derivation: Derivation, expected: string, actual: string): Diagnostic {
  const byAuthor = derivation.fix.kind === 'fixed';
  return {
    code: byAuthor ? 'CAB4004' : 'CAB3103',
    severity: 'error',
    message: `'${derivation.name}' is ${byAuthor ? 'fixed' : 'pinned'} to cab:${expected}, but came out as cab:${actual}`,
    hint: byAuthor
      ? `if that is right, write cab = "${actual}"`
      : 'if the new one is meant, take it with --update',
  };
}

export function claimContradictsOutput(derivation: Derivation, claimed: string, actual: string): Diagnostic {
  return {
    code: 'CAB4006',
    severity: 'error',
    message: `the builder of '${derivation.name}' claimed cab:${claimed}, but what it wrote is cab:${actual}`,
    hint: 'this is a fault of the program, or of the memory or disk of the machine',
  };
}

export function unclaimedFix(derivation: Derivation, format: string): Diagnostic {
  return {
    code: 'CAB4004',
    severity: 'error',
    message: `'${derivation.name}' is fixed by its '${format}', but its builder made no claim of that format`,
    hint: `the builder has to write a line '${format}:…' to its fix file, or the derivation be fixed by 'cab'`,
  };
}

export function notMadeAgain(path: StorePath, reason: string): Diagnostic {
  return {
    code: 'CAB4012',
    severity: 'error',
    message: `'${path}' is damaged and cannot be made again: ${reason}`,
    hint: "run 'cab store verify --repair', which takes it out, and build again",
  };
}

/** Not a failure: a word on why nothing goes on for a while. */
export function anotherIsAtWork(derivation: Derivation, holder: string): Diagnostic {
  return {
    code: 'CAB4010',
    severity: 'warning',
    message: `another cab (${holder}) is at work on '${derivation.name}', and this one waits for it`,
    hint: 'nothing has to be done: what the other makes is used here too',
  };
}

function logNotes(log: BuildLog): string[] {
  const tail = log.tail(shownLogLines);
  if (tail.length === 0) return ['its log is empty'];
  return [['the end of its log:', ...tail].join('\n')];
}
