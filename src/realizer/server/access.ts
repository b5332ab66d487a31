import { type Authentication, Authenticator, type Credentials } from './authentication.ts';
import type { ServerConfiguration } from './configuration/index.ts';
import type { Tickets } from './tickets.ts';

/** Who may use a server, as its configuration has it now: it is read again while the server goes on. */
export class Access {
  readonly #tickets: Tickets;
  #authenticator: Authenticator;

  constructor(configuration: ServerConfiguration, tickets: Tickets) {
    this.#tickets = tickets;
    this.#authenticator = authenticatorOf(configuration, tickets);
  }

  authenticate(credentials: Credentials): Authentication {
    return this.#authenticator.authenticate(credentials);
  }

  reload(configuration: ServerConfiguration): void {
    this.#authenticator = authenticatorOf(configuration, this.#tickets);
  }
}

function authenticatorOf(
  { clients, anonymous, local }: ServerConfiguration,
  tickets: Tickets,
): Authenticator {
  const known = clients.map(({ name, may, tokenSha256, certificateName }) => ({
    name,
    may,
    ...(tokenSha256 !== undefined && { tokenSha256 }),
    ...(certificateName !== undefined && { certificateName }),
  }));
  return new Authenticator({ clients: known, anonymous, local, tickets });
}
