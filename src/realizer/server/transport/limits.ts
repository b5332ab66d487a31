const mebibyte = 1 << 20;

/** What one connection may take, so that no client can take what others need. */
export interface TransportLimits {
  readonly connections: number;
  /** Calls at once on a connection. */
  readonly streams: number;
  readonly headerBytes: number;
  /** Memory of a connection, besides the windows. */
  readonly sessionMegabytes: number;
  /** What may be on its way without having been taken, of a call and of a connection alike. */
  readonly windowBytes: number;
  /** A message that is not a piece of content. */
  readonly messageBytes: number;
  /** Until a new connection has said its first word. */
  readonly handshakeMs: number;
  /** Between two looks whether the other side is alive; it is not where it has not answered the one before. */
  readonly pingMs: number;
  /** Without any call. */
  readonly idleMs: number;
  /** Of a request, without anything of it coming. */
  readonly requestPauseMs: number;
}

export const defaultLimits: TransportLimits = {
  connections: 4096,
  streams: 256,
  headerBytes: 32 << 10,
  sessionMegabytes: 64,
  windowBytes: 8 * mebibyte,
  // Four mebibytes of a batch, and what stands around each of its blobs.
  messageBytes: 6 * mebibyte,
  handshakeMs: 10_000,
  pingMs: 20_000,
  idleMs: 10 * 60_000,
  requestPauseMs: 60_000,
};
