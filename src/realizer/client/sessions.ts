import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
  connect,
} from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';

/** How much may be on its way here without having been taken, of a call and of a connection alike; in bytes. */
const windowSize = 8 << 20;

/** A connection with calls is asked whether it is still there, and given up where it does not answer; in milliseconds. */
const pingIntervalMs = 15_000;
/** How long a connection without calls is kept, in milliseconds. */
const idleLimitMs = 300_000;
/** How often a connection may be lost between its making and its first use. */
const triesLimit = 3;

/** Of the error where a connection was closed before the other side has said anything. */
export const closedAtOnceCode = 'CLOSED_AT_ONCE';

/** A connection that is there. */
interface Live {
  readonly session: ClientHttp2Session;
  /** Notes that a call has begun on it. */
  readonly begin: (stream: ClientHttp2Stream) => void;
}

/**
 * One connection at a time, made when it is first needed, and made again when it was lost or the other side has said that it takes no
 * new call there. Its window is as wide as those of its calls: by itself it would be that of 1999.
 *
 * Connect's own manager of sessions is not used: where a connection is accepted and reset at once, as by what stands before a server that is
 * started again, it waits for it in a loop that lets nothing else run.
 */
export class Sessions {
  readonly authority: string;
  readonly #options: SecureClientSessionOptions;
  #current: Promise<Live> | undefined;
  #session: ClientHttp2Session | undefined;
  #heardMs = 0;

  constructor(authority: string, options: SecureClientSessionOptions) {
    this.authority = authority;
    const settings = { ...options.settings, initialWindowSize: windowSize, enablePush: false };
    this.#options = { ...options, settings };
  }

  /** @throws ConnectError with the cause where there is no connection. */
  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: object,
  ): Promise<ClientHttp2Stream> {
    for (let tries = 1; ; tries++) {
      const { session, begin } = await this.#usable();
      try {
        const stream = session.request({ ...headers, ':method': method, ':path': path }, options);
        begin(stream);
        tellWhereCut(stream);
        return stream;
      } catch (error) {
        if (!isOver(session) || tries >= triesLimit) throw statusOf(error);
      }
    }
  }

  /** Tells that the connection is alive, which is not asked then. */
  notifyResponseByteRead(): void {
    this.#heardMs = performance.now();
  }

  close(): void {
    this.#session?.destroy();
    this.#session = undefined;
    this.#current = undefined;
  }

  #usable(): Promise<Live> {
    if (this.#session !== undefined && isOver(this.#session)) this.#current = undefined;
    if (this.#current !== undefined) return this.#current;
    const made = this.#connect();
    this.#current = made;
    made.catch(() => {
      if (this.#current === made) this.#current = undefined;
    });
    return made;
  }

  #connect(): Promise<Live> {
    return new Promise((resolve, reject) => {
      const session = connect(this.authority, this.#options);
      this.#session = session;
      const fail = (error: unknown): void => reject(statusOf(error));
      // What goes wrong with it later is told by its calls.
      session.on('error', fail);
      session.once('close', () => fail(this.#hasTls ? lost() : closedAtOnce()));
      // Without TLS nothing has said yet that a server of this protocol is there: its first word does.
      session.once(this.#hasTls ? 'connect' : 'remoteSettings', () => {
        if (isOver(session)) return;
        session.setLocalWindowSize(windowSize);
        resolve(this.#watch(session));
      });
    });
  }

  get #hasTls(): boolean {
    return this.authority.startsWith('https:');
  }

  /** Asks a connection with calls whether it is still there, and lets a process end that has none. */
  #watch(session: ClientHttp2Session): Live {
    let calls = 0;
    this.#heardMs = performance.now();
    const begin = (stream: ClientHttp2Stream): void => {
      if (++calls === 1) session.ref();
      stream.once('close', () => {
        if (--calls === 0) session.unref();
        this.#heardMs = performance.now();
      });
    };
    session.unref();
    const watching = setInterval(() => {
      const quietMs = performance.now() - this.#heardMs;
      if (calls === 0 && quietMs > idleLimitMs) session.close();
      if (calls > 0 && quietMs > pingIntervalMs) this.#ping(session);
    }, pingIntervalMs).unref();
    session.once('close', () => clearInterval(watching));
    return { session, begin };
  }

  #ping(session: ClientHttp2Session): void {
    const givingUp = setTimeout(() => session.destroy(lost()), pingIntervalMs).unref();
    session.ping((error) => {
      clearTimeout(givingUp);
      if (error === null) this.#heardMs = performance.now();
    });
  }
}

function isOver(session: ClientHttp2Session): boolean {
  return session.closed || session.destroyed;
}

/** A failure of the system's as a status, with its cause: one that was lost may come back, one that nobody takes may be taken later. */
function statusOf(error: unknown): ConnectError {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET') return ConnectError.from(error, Code.Aborted);
  return ConnectError.from(error, syscall === undefined ? Code.Internal : Code.Unavailable);
}

/** It was accepted, and closed before a word: so does a server that waits for TLS. */
function closedAtOnce(): Error {
  return Object.assign(new Error('the connection was closed at once'), { code: closedAtOnceCode });
}

function lost(): Error {
  return Object.assign(new Error('the connection has ended'), { code: 'ECONNRESET' });
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
    stream.emit('error', lost());
  });
}
