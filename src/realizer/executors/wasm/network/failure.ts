import { unreachable } from '../../../../foundation/index.ts';
import type { RequestFailure } from '../../executor.ts';

/** The negative numbers by which a program learns why there is no response. */
export function errorNumberOf(kind: Exclude<RequestFailure['kind'], 'status'>): number {
  switch (kind) {
    case 'unreachable':
      return -1;
    case 'certificate':
      return -2;
    case 'not-allowed':
    case 'credentials':
      return -3;
    case 'malformed':
      return -4;
    case 'timeout':
      return -5;
    case 'cut':
      return -6;
    case 'redirects':
      return -7;
    default:
      return unreachable(kind);
  }
}

/** A failure before or in a response, and whether sending the request again could help. */
export interface Failure {
  readonly kind: Exclude<RequestFailure['kind'], 'status'>;
  readonly detail: string;
  readonly mayPass: boolean;
  /** What the realizer's operator would have to allow, where that is the reason. */
  readonly place?: string;
}

/** A connection that the realizer's policy refuses, as it comes out of Node's client. */
export class RefusedByPolicy extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.failure = failure;
  }
}

const phrases: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  EAI_AGAIN: 'the name could not be resolved for now',
  ENOTFOUND: 'the name could not be resolved',
  EACCES: 'the connection was not permitted',
  EADDRNOTAVAIL: 'no local address was free',
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate chain ends in an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate comes from an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate comes from an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate comes from an authority that is not trusted',
  CERT_REVOKED: 'certificate has been revoked',
};

/** Errors of OpenSSL's verification, beside those that begin with `CERT_`. */
const certificateErrors =
  /^(CERT_|CRL_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_)/;

const neverPassing = new Set(['ENOTFOUND', 'EACCES']);
const lostConnection = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE']);

/** What an error of Node's client means. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RefusedByPolicy) return error.failure;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (certificateErrors.test(code)) {
    return { kind: 'certificate', detail: phrases[code] ?? message, mayPass: false };
  }
  if (code === 'ETIMEDOUT') return { kind: 'timeout', detail: 'the connection timed out', mayPass: true };
  if (lostConnection.has(code)) return { kind: 'cut', detail: 'the connection was lost', mayPass: true };
  if (code.startsWith('HPE_')) return { kind: 'cut', detail: 'the answer is not HTTP', mayPass: false };
  if (code === 'ERR_PROXY_TUNNEL') {
    return { kind: 'unreachable', detail: 'the proxy does not connect to it', mayPass: false };
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return { kind: 'unreachable', detail: 'no secure connection could be agreed on', mayPass: false };
  }
  return { kind: 'unreachable', detail: phrases[code] ?? message, mayPass: !neverPassing.has(code) };
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  // Where a name has several addresses, the failures of all come together.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return '';
}
