import type {
  ClientHttp2Stream,
  Http2Session,
  OutgoingHttpHeaders,
  SecureClientSessionOptions,
} from 'node:http2';
import { Http2SessionManager } from '@connectrpc/connect-node';

/** How much may be on its way here without having been taken, of a call and of a connection alike; in bytes. */
const windowSize = 8 << 20;

/** A connection that is quiet is asked whether it is still there, and given up where it does not answer; in milliseconds. */
const times = {
  pingIntervalMs: 15_000,
  pingTimeoutMs: 15_000,
  pingIdleConnection: false,
  idleConnectionTimeoutMs: 300_000,
};

/**
 * One connection at a time, made when it is first needed, and made again when it was lost or the other side has said that it takes no
 * new call there. Its window is as wide as those of its calls: by itself it would be that of 1999.
 */
export class Sessions {
  readonly authority: string;
  readonly #manager: Http2SessionManager;
  readonly #widened = new WeakSet<Http2Session>();

  constructor(authority: string, options: SecureClientSessionOptions) {
    this.authority = authority;
    const settings = { ...options.settings, initialWindowSize: windowSize, enablePush: false };
    this.#manager = new Http2SessionManager(authority, times, { ...options, settings });
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: object,
  ): Promise<ClientHttp2Stream> {
    const stream = await this.#manager.request(method, path, headers, options);
    const { session } = stream;
    if (session !== undefined && !this.#widened.has(session)) {
      this.#widened.add(session);
      session.setLocalWindowSize(windowSize);
      // What goes wrong with it is told by its calls; once more is too much, as where a web server answers that knows HTTP/1 only.
      session.on('error', () => {});
    }
    tellWhereCut(stream);
    return stream;
  }

  /** Tells that the connection is alive, which is not asked then. */
  notifyResponseByteRead(stream: ClientHttp2Stream): void {
    this.#manager.notifyResponseByteRead(stream);
  }

  close(): void {
    this.#manager.abort();
  }
}

/**
 * Where a connection ends in good order, and its calls have no answer yet, their streams close without an error: whoever waits for the
 * answer would wait for ever.
 */
function tellWhereCut(stream: ClientHttp2Stream): void {
  let isAnswered = false;
  stream.once('response', () => (isAnswered = true));
  stream.once('close', () => {
    if (isAnswered || stream.rstCode !== 0 || stream.listenerCount('error') === 0) return;
    stream.emit('error', Object.assign(new Error('the connection has ended'), { code: 'ECONNRESET' }));
  });
}
