import { Code, ConnectError } from '@connectrpc/connect';
import { type Diagnostic, type DiagnosticCode, DiagnosticError } from '../../diagnostics/index.ts';
import type { UnavailableReason } from '../index.ts';
import { prematureEnd } from './outgoing-call.ts';
import { closedAtOnceCode } from './sessions.ts';

/** A realizer as messages name it. */
export interface Named {
  readonly name: string;
  /** As in the configuration. */
  readonly address: string;
}

/** Why a call failed where that is no answer of the realizer: it cannot be worked with for now. */
export interface Unavailability {
  readonly reason: UnavailableReason;
  /** One phrase, such as `connection refused`. */
  readonly why: string;
  /** What to do, where that is another thing than for others of its kind. */
  readonly hint?: string;
  /** Whether that is about this one call: others may be answered. */
  readonly isOfCall?: boolean;
}

/** What the system, or OpenSSL, says of connections that do not come to be. */
const phrases: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name cannot be resolved at the moment',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ENOENT: 'there is no such socket',
  EACCES: 'the socket may not be opened',
  ERR_HTTP2_ERROR: 'what answers there is no realizer',
  [closedAtOnceCode]:
    'what answers there ends the connection at once, as a realizer does that wants TLS: its address begins with https://',
};

/** The same of one that was there. */
const losses: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was reset',
  ECONNABORTED: 'the connection was given up',
  EPIPE: 'the connection was closed',
};

const certificateFaults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself alone',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is of an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an authority that is not trusted',
};

/** Where to trust its authority is no help. */
const certificateHints: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its operator has to put a new one in its place; see whether the clock is right here',
  CERT_NOT_YET_VALID: 'see whether the clock is right, here and there',
  ERR_TLS_CERT_ALTNAME_INVALID: 'write the address with a name that its certificate is for',
};

/** Whether a call failed since the realizer cannot be worked with; undefined where it is an answer to that call. */
export function unavailabilityOf(error: unknown): Unavailability | undefined {
  const codes = errorsIn(error).map(codeOf);
  const certificate = codes.find((code) => Object.hasOwn(certificateFaults, code));
  if (certificate !== undefined) return untrusted(certificate);
  if (
    codes.some((code) =>
      /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN)/.test(code),
    )
  )
    return { reason: 'refused', why: 'it does not take the certificate that it was shown' };
  if (codes.some((code) => code.startsWith('ERR_SSL_')))
    return { reason: 'unreachable', why: 'what answers there does not speak TLS' };
  const known = codes.find((code) => Object.hasOwn(phrases, code));
  if (known !== undefined) return { reason: 'unreachable', why: phrases[known] as string };
  const loss = codes.find((code) => Object.hasOwn(losses, code));
  if (loss !== undefined) return { reason: 'lost', why: losses[loss] as string };
  return error instanceof ConnectError ? unavailabilityByStatus(error) : undefined;
}

function untrusted(code: string): Unavailability {
  const hint = certificateHints[code];
  return {
    reason: 'untrusted',
    why: certificateFaults[code] as string,
    ...(hint !== undefined && { hint }),
  };
}

/** What was wrong before anything was sent, such as a token that cannot be read. */
export function diagnosticErrorIn(error: unknown): DiagnosticError | undefined {
  return errorsIn(error).find((each) => each instanceof DiagnosticError);
}

/** What each status means that is about the realizer and not about what it was asked. */
const reasons: ReadonlyMap<Code, UnavailableReason> = new Map([
  [Code.Unauthenticated, 'refused'],
  [Code.PermissionDenied, 'refused'],
  [Code.ResourceExhausted, 'refused'],
  [Code.Unimplemented, 'version'],
  [Code.DeadlineExceeded, 'unreachable'],
  [Code.Unavailable, 'draining'],
  [Code.Aborted, 'lost'],
  [Code.Canceled, 'lost'],
]);

/** What is so for one call only: to another client, or of another method, the realizer may answer. */
const ofOneCall: ReadonlySet<Code> = new Set([
  Code.PermissionDenied,
  Code.ResourceExhausted,
  Code.Unimplemented,
]);

const moreOfIt = 'try again later, build elsewhere with --realizer, or ask its operator for a larger share';

function unavailabilityByStatus(error: ConnectError): Unavailability | undefined {
  const { code, rawMessage } = error;
  if (rawMessage === prematureEnd) return { reason: 'lost', why: 'the connection was lost' };
  const reason = reasons.get(code);
  if (reason === undefined) {
    const isInternal = code === Code.Internal || code === Code.Unknown;
    return isInternal && isOfTransport(error) ? { reason: 'lost', why: rawMessage } : undefined;
  }
  // What has a cause never came from there.
  if (code === Code.Unavailable && error.cause !== undefined)
    return { reason: 'unreachable', why: rawMessage };
  if (code === Code.DeadlineExceeded) return { reason, why: 'it does not answer in time' };
  if (reason === 'version') return { reason, why: 'it does not know what it was asked', isOfCall: true };
  if (reason === 'lost') return { reason, why: 'the connection was lost' };
  if (code === Code.ResourceExhausted) return { reason, why: rawMessage, hint: moreOfIt, isOfCall: true };
  return { reason, why: rawMessage, isOfCall: ofOneCall.has(code) };
}

/** A failure that has a cause here, or the library's own words for a stream or session that ended. */
function isOfTransport({ cause, rawMessage }: ConnectError): boolean {
  return (
    cause !== undefined || /^(http\/2 |missing trailer|protocol error|premature|HTTP \d)/i.test(rawMessage)
  );
}

interface Telling {
  readonly code: DiagnosticCode;
  /** What stands before the realizer's name, and behind it. */
  readonly around: readonly [string, string];
  readonly hint: string;
}

const tellings: Readonly<Record<UnavailableReason, Telling>> = {
  unreachable: {
    code: 'CAB4040',
    around: ['', ' cannot be reached'],
    hint: 'see whether it runs and the address is right, or build elsewhere with --realizer',
  },
  untrusted: {
    code: 'CAB4041',
    around: ['', ' is not trusted'],
    hint: "if it is the right one, name its authority's PEM file in its 'certificate-authorities'",
  },
  refused: {
    code: 'CAB4042',
    around: ['', ' refuses this client'],
    hint: 'ask its operator, and look at its token or certificate in the configuration',
  },
  version: {
    code: 'CAB4043',
    around: ['', ' does not speak the protocol of this cab'],
    hint: 'it has to be a Cab realizer, of about the same version: cab realizer status shows which it is',
  },
  draining: {
    code: 'CAB4044',
    around: ['', ' takes no new work'],
    hint: 'wait until it is there again, or build elsewhere with --realizer',
  },
  lost: {
    code: 'CAB4045',
    around: ['the connection to ', ' was lost'],
    hint: 'what came over is kept: run the same again',
  },
};

/** The diagnostic for it: what was tried, why it failed, what to do. */
export function unavailableDiagnostic({ name, address }: Named, what: Unavailability): Diagnostic {
  const { reason, why } = what;
  const { code, around, hint } = tellings[reason];
  const [before, behind] = around;
  return {
    code,
    severity: 'error',
    message: `${before}the realizer '${name}' (${address})${behind}: ${why}`,
    hint: what.hint ?? hint,
  };
}

/** A realizer that failed, or answered what makes no sense. */
export function realizerFailed({ name, address }: Named, why: string, cause?: unknown): DiagnosticError {
  const diagnostic: Diagnostic = {
    code: 'CAB4046',
    severity: 'error',
    message: `the realizer '${name}' (${address}) failed: ${why}`,
    hint: "the realizer's own log says more",
  };
  return new DiagnosticError(diagnostic, { cause });
}

function errorsIn(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let each = error; each instanceof Error && !chain.includes(each); each = each.cause) {
    chain.push(each);
    // Where a host has several addresses, the failure of each.
    if (each instanceof AggregateError) chain.push(...(each.errors as readonly unknown[]));
  }
  return chain;
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}
