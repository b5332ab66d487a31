import type { GetStatusResponse } from '../protocol/index.ts';
import type { Connection } from './connection.ts';

/** How long a realizer may take to say what it is, in milliseconds. */
const answerLimitMs = 10_000;

/** What a realizer says of itself, asked again when it was said too long ago. */
export class StatusCache {
  readonly #connection: Connection;
  #asked: { readonly atMs: number; readonly answer: Promise<GetStatusResponse> } | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A status that is no older than so many milliseconds. */
  get(ageMs: number): Promise<GetStatusResponse> {
    if (this.#asked !== undefined && performance.now() - this.#asked.atMs <= ageMs) return this.#asked.answer;
    const answer = this.#connection.call(({ realizer }, options) => realizer.getStatus({}, options), {
      timeoutMs: answerLimitMs,
    });
    const asked = { atMs: performance.now(), answer };
    this.#asked = asked;
    // A failure is kept by whoever is set aside for it, and not here.
    answer.catch(() => {
      if (this.#asked === asked) this.#asked = undefined;
    });
    return answer;
  }
}
