import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface TicketsOptions {
  /** Signs them. Where it is not kept, tickets end with the process. */
  readonly key?: Uint8Array | undefined;
  readonly lifetimeMs?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface IssuedTicket {
  readonly ticket: string;
  /** Milliseconds since 1970. */
  readonly expiresMs: number;
}

export type ReadTicket =
  | { readonly outcome: 'valid'; readonly client: string }
  | { readonly outcome: 'expired' }
  | { readonly outcome: 'forged' };

const prefix = 'cab-ticket.';
/** Long enough for another realizer to take a large closure, short enough to be of no use to whoever finds it in a log. */
const defaultLifetimeMs = 10 * 60_000;

/** Rights to read that are handed on: a signed word on who had it issued and until when it holds. */
export class Tickets {
  readonly #key: Uint8Array;
  readonly #lifetimeMs: number;
  readonly #now: () => number;

  constructor({ key, lifetimeMs, now }: TicketsOptions) {
    this.#key = key ?? randomBytes(32);
    this.#lifetimeMs = lifetimeMs ?? defaultLifetimeMs;
    this.#now = now;
  }

  issue(client: string): IssuedTicket {
    const expiresMs = this.#now() + this.#lifetimeMs;
    const content = Buffer.from(
      JSON.stringify({ client, expiresMs, salt: randomBytes(9).toString('base64url') }),
    );
    const text = content.toString('base64url');
    return { ticket: `${prefix}${text}.${this.#sign(text).toString('base64url')}`, expiresMs };
  }

  /** Whether a token is meant as a ticket. */
  isTicket(token: string): boolean {
    return token.startsWith(prefix);
  }

  read(token: string): ReadTicket {
    const [content, signature, ...rest] = token.slice(prefix.length).split('.');
    if (content === undefined || signature === undefined || rest.length > 0) return { outcome: 'forged' };
    const [shown, right] = [Buffer.from(signature, 'base64url'), this.#sign(content)];
    if (shown.length !== right.length || !timingSafeEqual(shown, right)) return { outcome: 'forged' };
    // Whatever is signed was written by `issue`.
    const { client, expiresMs } = JSON.parse(Buffer.from(content, 'base64url').toString()) as TicketContent;
    return this.#now() < expiresMs ? { outcome: 'valid', client } : { outcome: 'expired' };
  }

  #sign(content: string): Buffer {
    return createHmac('sha256', this.#key).update(content).digest();
  }
}

interface TicketContent {
  readonly client: string;
  readonly expiresMs: number;
}
