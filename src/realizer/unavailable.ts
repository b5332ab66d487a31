import { type Diagnostic, DiagnosticError } from '../diagnostics/index.ts';

/** Why a realizer cannot be worked with for now. */
export type UnavailableReason =
  /** Nobody answers at its address. */
  | 'unreachable'
  /** Its certificate is not one that is trusted. */
  | 'untrusted'
  /** It does not take the token or the certificate that it was shown. */
  | 'refused'
  /** It speaks another version of the protocol. */
  | 'version'
  /** It is about to end. */
  | 'draining'
  /** The connection was lost, and did not come back. */
  | 'lost';

/**
 * A realizer that cannot do what it was asked for, whatever that was: every method of a realizer may throw it. Others can do the work; where
 * there is none, its diagnostic says what to do.
 */
export class RealizerUnavailable extends DiagnosticError {
  /** The realizer's name. */
  readonly realizer: string;
  readonly reason: UnavailableReason;
  /** When it may be asked again, in milliseconds since 1970; until then every method throws at once. */
  readonly retryAtMs: number;

  constructor(
    realizer: string,
    what: {
      readonly reason: UnavailableReason;
      readonly retryAtMs: number;
      readonly diagnostic: Diagnostic;
    },
    options?: ErrorOptions,
  ) {
    super(what.diagnostic, options);
    this.name = 'RealizerUnavailable';
    this.realizer = realizer;
    this.reason = what.reason;
    this.retryAtMs = what.retryAtMs;
  }

  get diagnostic(): Diagnostic {
    return this.diagnostics[0] as Diagnostic;
  }
}
