import { type OutgoingHttpHeaders, type ServerHttp2Stream, constants } from 'node:http2';
import { create } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { type ConnectError, encodeBinaryHeader } from '@connectrpc/connect';
import { StatusSchema, encodeStatusMessage } from '../../protocol/index.ts';

type OutgoingDetail = Extract<ConnectError['details'][number], { readonly desc: unknown }>;

export const answerHeaders: OutgoingHttpHeaders = {
  ':status': 200,
  'content-type': 'application/grpc+proto',
};

/** How long a request may go on after its answer. */
const leftoverMs = 20_000;

/** How a call ends, in the headers behind its last message. */
export function trailersOf(error: ConnectError | undefined): OutgoingHttpHeaders {
  if (error === undefined) return { 'grpc-status': '0' };
  return {
    'grpc-status': String(error.code),
    'grpc-message': encodeStatusMessage(error.rawMessage),
    ...(error.details.length > 0 && { 'grpc-status-details-bin': detailsOf(error) }),
  };
}

/** What more is told of a failure, as gRPC has it: by a whole status, in base64. */
function detailsOf({ code, rawMessage: message, details }: ConnectError): string {
  const known = details.filter((detail): detail is OutgoingDetail => 'desc' in detail);
  const packed = known.map(({ desc, value }) => anyPack(desc, create(desc, value)));
  return encodeBinaryHeader(create(StatusSchema, { code, message, details: packed }), StatusSchema);
}

/** Ends a call that has not been answered: with its failure, and without waiting for the rest of the request. */
export function refuse(stream: ServerHttp2Stream, error: ConnectError): void {
  if (stream.destroyed || stream.headersSent) return;
  respondAndEnd(stream, { ...answerHeaders, ...trailersOf(error) });
}

/** Answers what is no call of gRPC. */
export function refuseRequest(stream: ServerHttp2Stream, status: number): void {
  if (stream.destroyed || stream.headersSent) return;
  respondAndEnd(stream, { ':status': status });
}

function respondAndEnd(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  stream.respond(headers, { endStream: true });
  letGo(stream);
}

/**
 * Writes the last word of a call that was answered, behind its last frame, unless one was said, and stops the request where it
 * still comes.
 */
export function endWith(stream: ServerHttp2Stream, trailers: OutgoingHttpHeaders, frame?: Uint8Array): void {
  if (stream.destroyed || stream.writableEnded) return;
  stream.once('wantTrailers', () => {
    stream.sendTrailers(trailers);
    letGo(stream);
  });
  stream.end(frame);
}

/**
 * Whatever still comes is taken and thrown away, so that it holds no window. Clients stop by themselves when they have their answer; to
 * tell them so at once could overtake the answer.
 */
function letGo(stream: ServerHttp2Stream): void {
  stream.resume();
  if (stream.readableEnded) return;
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), leftoverMs).unref();
  stream.once('close', () => clearTimeout(timer));
}
