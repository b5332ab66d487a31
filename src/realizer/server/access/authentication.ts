import { createHash, timingSafeEqual } from 'node:crypto';
import { unreachable } from '../../../foundation/index.ts';
import type { Tickets } from './tickets.ts';

export type Right = 'read' | 'write' | 'execute' | 'push-assets';

export const allRights: readonly Right[] = ['read', 'write', 'execute', 'push-assets'];

/** Who makes a call. */
export interface ClientIdentity {
  /** As the configuration calls it; of a ticket, that of whoever had it issued. */
  readonly name: string;
  readonly by: 'token' | 'certificate' | 'ticket' | 'anonymous';
  readonly may: ReadonlySet<Right>;
}

/** A client as the configuration has it. */
export interface KnownClient {
  readonly name: string;
  readonly may: readonly Right[];
  /** SHA-256 of its token, in hexadecimal digits. */
  readonly tokenSha256?: string;
  /** The common name, or a DNS name, of its certificate. */
  readonly certificateName?: string;
}

/** What a call shows. */
export interface Credentials {
  /** The header of that name. */
  readonly authorization?: string | undefined;
  /** What its connection has shown: a certificate that an accepted authority has signed, or one that none has. */
  readonly certificate?: ShownCertificate | undefined;
  /** Whether it comes over a socket that is a file, which not everybody can open. */
  readonly isLocal?: boolean;
}

export interface ShownCertificate {
  readonly isTrusted: boolean;
  /** Whether it was made out to the name. */
  isFor(name: string): boolean;
}

export type Authentication =
  | { readonly outcome: 'known'; readonly client: ClientIdentity }
  /** A guess is what may be tried again with another secret. */
  | { readonly outcome: 'refused'; readonly message: string; readonly isGuess: boolean };

export interface AuthenticatorOptions {
  readonly clients: readonly KnownClient[];
  /** What those may who show nothing; absent where they may not even ask. */
  readonly anonymous?: { readonly may: readonly Right[] } | undefined;
  /** The same for those who come over a socket that is a file. */
  readonly local?: { readonly may: readonly Right[] } | undefined;
  readonly tickets: Tickets;
}

const longestToken = 4096;
/** Whoever shows nothing is known by these names. */
export const anonymousName = 'anonymous';
export const localName = 'local';

/** Tells who makes a call. Tokens are held as hashes only, and a wrong one is compared with every one of them. */
export class Authenticator {
  readonly #byToken: readonly { readonly hash: Buffer; readonly client: ClientIdentity }[];
  readonly #byCertificate: readonly { readonly name: string; readonly client: ClientIdentity }[];
  readonly #anonymous: ClientIdentity | undefined;
  readonly #local: ClientIdentity | undefined;
  readonly #tickets: Tickets;
  /** Whose tickets hold: what was handed on holds no longer than the right to it. */
  readonly #readers: ReadonlySet<string>;

  constructor({ clients, anonymous, local, tickets }: AuthenticatorOptions) {
    this.#byToken = clients.flatMap(({ tokenSha256, name, may }) =>
      tokenSha256 === undefined
        ? []
        : [{ hash: hashFromText(name, tokenSha256), client: identity(name, 'token', may) }],
    );
    this.#byCertificate = clients.flatMap(({ certificateName, name, may }) =>
      certificateName === undefined
        ? []
        : [{ name: certificateName, client: identity(name, 'certificate', may) }],
    );
    this.#anonymous = anonymous && identity(anonymousName, 'anonymous', anonymous.may);
    this.#local = local && identity(localName, 'anonymous', local.may);
    this.#tickets = tickets;
    const unnamed = [this.#anonymous, this.#local].filter((each) => each?.may.has('read') === true);
    const named = clients.filter(({ may }) => may.includes('read'));
    this.#readers = new Set([...named, ...unnamed].flatMap((each) => each?.name ?? []));
  }

  authenticate({ authorization, certificate, isLocal = false }: Credentials): Authentication {
    if (authorization !== undefined) return this.#authenticateHeader(authorization);
    if (certificate !== undefined) return this.#authenticateCertificate(certificate);
    const unnamed = (isLocal ? this.#local : undefined) ?? this.#anonymous;
    if (unnamed !== undefined) return { outcome: 'known', client: unnamed };
    return refused(
      'this realizer serves known clients only: show a token or a client certificate that it knows',
    );
  }

  #authenticateHeader(authorization: string): Authentication {
    const token = /^bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > longestToken)
      return refused("the header 'authorization' is not of the form 'Bearer TOKEN'");
    if (this.#tickets.isTicket(token)) return this.#authenticateTicket(token);
    const client = this.#clientWithToken(token);
    if (client !== undefined) return { outcome: 'known', client };
    return {
      outcome: 'refused',
      isGuess: true,
      message:
        'the token is not one of a client of this realizer: see the token in the configuration of the client',
    };
  }

  #clientWithToken(token: string): ClientIdentity | undefined {
    const hash = createHash('sha256').update(token).digest();
    let found: ClientIdentity | undefined;
    // All of them, so that the time does not tell how far a wrong one came.
    for (const known of this.#byToken) if (timingSafeEqual(known.hash, hash)) found = known.client;
    return found;
  }

  #authenticateTicket(token: string): Authentication {
    const ticket = this.#tickets.read(token);
    switch (ticket.outcome) {
      case 'valid':
        if (!this.#readers.has(ticket.client))
          return refused(`'${ticket.client}', who had the ticket issued, may not read here any more`);
        return { outcome: 'known', client: identity(ticket.client, 'ticket', ['read']) };
      case 'expired':
        return refused('the ticket has expired: have another one issued');
      case 'forged':
        return { outcome: 'refused', isGuess: true, message: 'the ticket is not of this realizer' };
      default:
        return unreachable(ticket);
    }
  }

  #authenticateCertificate(certificate: ShownCertificate): Authentication {
    if (!certificate.isTrusted)
      return refused("the client's certificate is signed by no authority that this realizer accepts");
    const known = this.#byCertificate.find(({ name }) => certificate.isFor(name));
    if (known !== undefined) return { outcome: 'known', client: known.client };
    if (this.#anonymous !== undefined) return { outcome: 'known', client: this.#anonymous };
    return refused("the client's certificate has a name that no client of this realizer has");
  }
}

function identity(name: string, by: ClientIdentity['by'], may: readonly Right[]): ClientIdentity {
  return { name, by, may: new Set(may) };
}

function refused(message: string): Authentication {
  return { outcome: 'refused', message, isGuess: false };
}

function hashFromText(client: string, text: string): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new Error(`the token of the client '${client}' is not given by its SHA-256`);
  return Buffer.from(text, 'hex');
}
