import { setTimeout as sleep } from 'node:timers/promises';
import { expectTraffic } from '../protocol/index.ts';
import type { Authenticator } from './access/authentication.ts';
import { Guesses } from './access/guesses.ts';
import type { ServerLog } from './log.ts';
import type { Quotas } from './quotas/index.ts';
import type { ListenAddress } from './transport/addresses.ts';
import { ConnectCalls, type Routes } from './transport/connect-calls.ts';
import { type CallEnd, Dispatch } from './transport/dispatch.ts';
import { type TransportLimits, defaultLimits } from './transport/limits.ts';
import { type ListenResult, type ServerTls, listen } from './transport/listening.ts';
import type { RawHandler } from './transport/raw-call.ts';

export interface ServeOptions {
  readonly addresses: readonly ListenAddress[];
  readonly tls?: ServerTls | undefined;
  /** The mode of sockets that are files. */
  readonly socketMode?: number | undefined;
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly routes: readonly Routes[];
  /** The methods that work on frames, by path. */
  readonly raw?: ReadonlyMap<string, RawHandler> | undefined;
  readonly limits?: Partial<TransportLimits> | undefined;
  readonly quotas?: Quotas | undefined;
  readonly log: ServerLog;
  readonly onCallEnd?: ((end: CallEnd) => void) | undefined;
}

/** Serves calls of gRPC at some addresses. */
export function serve({
  addresses,
  tls,
  socketMode,
  limits: given,
  ...options
}: ServeOptions): Promise<ListenResult> {
  expectTraffic();
  const limits = { ...defaultLimits, ...given };
  const { authenticator, routes, raw = new Map<string, RawHandler>(), quotas, log, onCallEnd } = options;
  const guesses = new Guesses({ now: () => performance.now(), sleep });
  const calls = new ConnectCalls(routes, { limits, log });
  const dispatch = new Dispatch({ authenticator, guesses, raw, calls, quotas, limits, log, onCallEnd });
  return listen({
    addresses,
    tls,
    socketMode,
    limits,
    onStream: (stream, headers) => dispatch.take(stream, headers),
  });
}
