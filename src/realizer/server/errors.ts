import { randomUUID } from 'node:crypto';
import { Code, ConnectError } from '@connectrpc/connect';
import { DiagnosticError } from '../../diagnostics/index.ts';
import { CallCut, MalformedMessage, MessageTooLong } from '../protocol/index.ts';
import type { ServerLog } from './log.ts';

/** What of the machine's troubles is told to clients, whose fault it may be; the rest is the log's. */
const knownSystemErrors: Readonly<Record<string, { readonly code: Code; readonly message: string }>> = {
  ENOSPC: { code: Code.ResourceExhausted, message: "the realizer's disk is full: try again later" },
  EDQUOT: { code: Code.ResourceExhausted, message: "the realizer's disk is full: try again later" },
  EMFILE: { code: Code.Unavailable, message: 'the realizer has too many files open: try again later' },
  ENFILE: { code: Code.Unavailable, message: 'the realizer has too many files open: try again later' },
};

/** Diagnostics that say nothing of this machine. */
const knownDiagnostics: Readonly<Record<string, { readonly code: Code; readonly message: string }>> = {
  CAB5002: { code: Code.ResourceExhausted, message: "the realizer's disk is full: try again later" },
  CAB5003: { code: Code.DataLoss, message: 'the content is damaged in the store of the realizer' },
  CAB5004: { code: Code.NotFound, message: 'the content is not in the store of the realizer' },
};

/**
 * What a client is told of whatever a handler has thrown. An error that nobody has foreseen becomes a number, which the log has too with
 * all that is known of it: outside go neither stacks nor paths.
 */
export function toConnectError(error: unknown, place: string, log: ServerLog): ConnectError {
  const known = knownError(error);
  if (known !== undefined) return known;
  const number = randomUUID();
  log({ level: 'error', event: 'call-failed', facts: { place, number, error: describe(error) } });
  return new ConnectError(
    `the realizer has failed; its log tells why under the number ${number}`,
    Code.Internal,
  );
}

function knownError(error: unknown): ConnectError | undefined {
  if (error instanceof ConnectError) return error;
  if (error instanceof MessageTooLong) return new ConnectError(error.message, Code.ResourceExhausted);
  if (error instanceof MalformedMessage)
    return new ConnectError(`the message is malformed: ${error.message}`, Code.InvalidArgument);
  if (error instanceof CallCut) return new ConnectError(error.message, Code.Canceled);
  if (error instanceof DiagnosticError) {
    const known = knownDiagnostics[error.diagnostics[0]?.code ?? ''];
    return known && new ConnectError(known.message, known.code);
  }
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'AbortError') return new ConnectError('the call was given up', Code.Canceled);
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  const known = knownSystemErrors[error.code];
  return known && new ConnectError(known.message, known.code);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
