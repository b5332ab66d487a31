import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { DiagnosticError } from '../../diagnostics/index.ts';
import { CallCut, MalformedMessage, MessageTooLong } from '../protocol/index.ts';
import type { ServerLog } from './log.ts';

/** In characters, each of which takes up to twelve bytes in a header. */
const longestMessage = 1000;
/** In bytes. */
const longestDetails = 8 << 10;

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

/** How Node says that the other side of a stream has gone in its middle: as often as clients like, and nothing for the log. */
const goneCodes = new Set([
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_INVALID_STREAM',
  'ERR_HTTP2_STREAM_CANCEL',
  'ECONNRESET',
]);

/**
 * What a client is told of whatever a handler has thrown. An error that nobody has foreseen becomes a number, which the log has too with
 * all that is known of it: outside go neither stacks nor paths.
 */
export function toConnectError(error: unknown, place: string, log: ServerLog): ConnectError {
  const known = knownError(error);
  if (known !== undefined) return brief(known);
  const number = randomUUID();
  log({ level: 'error', event: 'call-failed', facts: { place, number, error: describe(error) } });
  return new ConnectError(
    `the realizer has failed; its log tells why under the number ${number}`,
    Code.Internal,
  );
}

/**
 * What is told goes in headers, which no client takes at any length: a request that is quoted may be as long as it likes. Details that are
 * too long are left out, as half of one says nothing.
 */
function brief(error: ConnectError): ConnectError {
  const { rawMessage, code, metadata } = error;
  const details = sizeOf(error.details) > longestDetails ? [] : error.details;
  if (rawMessage.length <= longestMessage && details.length === error.details.length) return error;
  const message = rawMessage.length > longestMessage ? `${rawMessage.slice(0, longestMessage)}…` : rawMessage;
  const shorter = new ConnectError(message, code, metadata);
  shorter.details = details;
  return shorter;
}

function sizeOf(details: ConnectError['details']): number {
  return details.reduce(
    (sum, detail) =>
      sum +
      ('desc' in detail
        ? toBinary(detail.desc, create(detail.desc, detail.value)).length
        : detail.value.length),
    0,
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
  if (goneCodes.has(error.code)) return new ConnectError('the client has given up', Code.Canceled);
  const known = knownSystemErrors[error.code];
  return known && new ConnectError(known.message, known.code);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
