import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Authenticator, ClientIdentity } from '../access/authentication.ts';
import { toConnectError } from '../errors.ts';
import type { Guesses } from '../access/guesses.ts';
import type { ServerLog } from '../log.ts';
import type { Quotas } from '../quotas/index.ts';
import { isOpen, refusalOf } from '../access/rights.ts';
import { refuse, refuseRequest } from './answering.ts';
import { countBytes } from './call-bytes.ts';
import { CallSignal } from './call-signal.ts';
import { certificateOf } from './certificates.ts';
import type { ConnectCalls } from './connect-calls.ts';
import type { TransportLimits } from './limits.ts';
import { RawCall, type RawHandler } from './raw-call.ts';

/** A call that has ended, for metrics and the log. */
export interface CallEnd {
  /** Such as `/google.bytestream.ByteStream/Read`; empty where there is no such method. */
  readonly path: string;
  /** Empty where it is not known. */
  readonly client: string;
  readonly durationMs: number;
  /** By the numbers of gRPC; −1 where the client has gone, or the request was none of gRPC. */
  readonly code: number;
  /** What it has carried. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface DispatchOptions {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly guesses: Guesses;
  /** By path. */
  readonly raw: ReadonlyMap<string, RawHandler>;
  readonly calls: ConnectCalls;
  /** Undefined where clients may call as often as they can. */
  readonly quotas?: Quotas | undefined;
  readonly limits: TransportLimits;
  readonly log: ServerLog;
  readonly onCallEnd?: ((end: CallEnd) => void) | undefined;
}

/** Who makes the calls that need no word on it. */
const anybody: ClientIdentity = { name: '', by: 'anonymous', may: new Set() };

/** Leads each call to its handler, after it is clear who makes it and that he may. */
export class Dispatch {
  readonly #options: DispatchOptions;
  /** The token that a connection was let in with: it does not wait where others of its address guess. */
  readonly #admitted = new WeakMap<Http2Session, string>();

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** Takes a new stream of a connection. */
  take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => {});
    if (headers[':method'] !== 'POST') return refuseRequest(stream, 405);
    if (!/^application\/grpc(?:\+proto)?(?:;|$)/.test(headers['content-type'] ?? ''))
      return refuseRequest(stream, 415);
    const path = (headers[':path'] ?? '').split('?', 1)[0] as string;
    // A client that takes calls back as soon as it has made them has done so by then, and nothing was done for it.
    setImmediate(() => {
      if (stream.destroyed) return;
      if (!isWhole(stream)) this.#boundRequest(stream);
      void this.#serve(stream, headers, path);
    });
  }

  async #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, path: string): Promise<void> {
    const { raw, calls, log } = this.#options;
    const handler = raw.get(path);
    const isServed = handler !== undefined || calls.has(path);
    const client = await this.#clientOf(stream, headers, path);
    if (client === undefined || stream.destroyed) return;
    this.#report(stream, isServed ? path : '', client);
    if (!isServed)
      return refuse(stream, new ConnectError(`this realizer has no method '${path}'`, Code.Unimplemented));
    const refusal = refusalOf(client, path);
    if (refusal !== undefined) return refuse(stream, new ConnectError(refusal, Code.PermissionDenied));
    const excess = isOpen(path) ? undefined : this.#options.quotas?.of(client).refusalOfCall();
    if (excess !== undefined) return refuse(stream, excess);
    const ending = new CallSignal(stream, handler === undefined ? undefined : headers['grpc-timeout']);
    try {
      if (handler === undefined) await calls.serve({ stream, headers, path, client, signal: ending.signal });
      else await this.#serveRaw(handler, new RawCall({ stream, headers, path, client, ending }), ending);
    } catch (error) {
      refuse(stream, toConnectError(error, path, log));
      stream.destroy();
    }
  }

  async #serveRaw(handler: RawHandler, call: RawCall, ending: CallSignal): Promise<void> {
    ending.onLate = (reason) => call.end(reason);
    try {
      await handler(call);
      call.end();
    } catch (error) {
      if (ending.reason === undefined) call.end(toConnectError(error, call.path, this.#options.log));
    }
  }

  /** Who makes the call; where that is not to be known, it is answered already. */
  async #clientOf(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    path: string,
  ): Promise<ClientIdentity | undefined> {
    if (isOpen(path)) return anybody;
    const { session } = stream;
    if (session === undefined) return undefined;
    const { guesses, authenticator, log } = this.#options;
    const { authorization } = headers;
    const address = session.socket.remoteAddress ?? 'unix';
    const isWaived = authorization === undefined || this.#admitted.get(session) === authorization;
    if (!isWaived && guesses.isSlowed(address) && !(await guesses.admit(address))) {
      refuse(
        stream,
        new ConnectError(
          'too many wrong tokens have come from this address: wait a minute',
          Code.ResourceExhausted,
        ),
      );
      return undefined;
    }
    const result = authenticator.authenticate({
      authorization,
      certificate: certificateOf(session),
      isLocal: session.socket.remoteAddress === undefined,
    });
    if (result.outcome === 'known') {
      if (authorization !== undefined) this.#admitted.set(session, authorization);
      return result.client;
    }
    if (result.isGuess) guesses.add(address);
    log({ level: 'warning', event: 'client-refused', facts: { address, path, reason: result.message } });
    refuse(stream, new ConnectError(result.message, Code.Unauthenticated));
    return undefined;
  }

  /** A request that stops coming in its middle does not stay. */
  #boundRequest(stream: ServerHttp2Stream): void {
    const { requestPauseMs } = this.#options.limits;
    stream.setTimeout(requestPauseMs, () => {
      refuse(
        stream,
        new ConnectError(`nothing of the request came for ${requestPauseMs} ms`, Code.DeadlineExceeded),
      );
      stream.destroy();
    });
    stream.once('end', () => stream.setTimeout(0));
  }

  #report(stream: ServerHttp2Stream, path: string, client: ClientIdentity): void {
    const { onCallEnd } = this.#options;
    if (onCallEnd === undefined) return;
    const startedMs = performance.now();
    const carried = countBytes(stream);
    stream.once('close', () => {
      const status = stream.sentTrailers?.['grpc-status'] ?? stream.sentHeaders?.['grpc-status'];
      const code = status === undefined ? -1 : Number(status);
      onCallEnd({ path, client: client.name, durationMs: performance.now() - startedMs, code, ...carried() });
    });
  }
}

/** Whether all of a request has come, as it mostly has with its headers: then nothing of it is waited for. */
function isWhole(stream: ServerHttp2Stream): boolean {
  return stream.state.remoteClose === 1;
}
