import { type ServerHttp2Session, constants } from 'node:http2';
import type { TransportLimits } from './limits.ts';

/** The connections of a server: those that say nothing, answer nothing or ask nothing for long are ended. */
export class Sessions {
  readonly #limits: TransportLimits;
  readonly #sessions = new Set<ServerHttp2Session>();
  #isClosing = false;

  constructor(limits: TransportLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#sessions.size;
  }

  add(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    // What has gone wrong with a connection is no concern of the others.
    session.on('error', () => {});
    session.setLocalWindowSize(this.#limits.windowBytes);
    const stopWatching = this.#watch(session);
    session.once('close', () => {
      stopWatching();
      this.#sessions.delete(session);
    });
    if (this.#isClosing) session.close();
  }

  /** Tells all that no new call is taken, waits for those that run, and ends those that take longer. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    const closed = [...this.#sessions].map(
      (session) =>
        new Promise<void>((resolve) => {
          session.once('close', resolve);
          session.close();
        }),
    );
    const timer = setTimeout(() => {
      for (const session of this.#sessions) session.destroy(undefined, constants.NGHTTP2_CANCEL);
    }, graceMs);
    await Promise.all(closed);
    clearTimeout(timer);
  }

  #watch(session: ServerHttp2Session): () => void {
    const { handshakeMs, pingMs, idleMs } = this.#limits;
    const handshake = setTimeout(() => session.destroy(), handshakeMs).unref();
    session.once('remoteSettings', () => clearTimeout(handshake));
    let streams = 0;
    let lastCallMs = performance.now();
    session.on('stream', (stream) => {
      streams += 1;
      stream.once('close', () => {
        streams -= 1;
        lastCallMs = performance.now();
      });
    });
    let isAnswered = true;
    const pinging = setInterval(() => {
      if (session.closed) return;
      if (!isAnswered) return session.destroy(undefined, constants.NGHTTP2_CANCEL);
      if (streams === 0 && performance.now() - lastCallMs > idleMs) return session.close();
      isAnswered = false;
      session.ping((error) => {
        isAnswered ||= error === null;
      });
    }, pingMs).unref();
    return () => {
      clearTimeout(handshake);
      clearInterval(pinging);
    };
  }
}
