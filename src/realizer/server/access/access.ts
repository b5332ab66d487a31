import {
  type Authentication,
  Authenticator,
  type Credentials,
  anonymousName,
  localName,
} from './authentication.ts';
import type { ServerConfiguration } from '../configuration/index.ts';
import type { Quota } from '../quotas/index.ts';
import type { Tickets } from './tickets.ts';

/** Who may use a server, as its configuration has it now: it is read again while the server goes on. */
export class Access {
  readonly #tickets: Tickets;
  #authenticator: Authenticator;
  #quotas: ReadonlyMap<string, Quota>;

  constructor(configuration: ServerConfiguration, tickets: Tickets) {
    this.#tickets = tickets;
    this.#authenticator = authenticatorOf(configuration, tickets);
    this.#quotas = quotasIn(configuration);
  }

  authenticate(credentials: Credentials): Authentication {
    return this.#authenticator.authenticate(credentials);
  }

  /** How much a client may have of the server. */
  quotaOf(client: string): Quota {
    return this.#quotas.get(client) ?? {};
  }

  reload(configuration: ServerConfiguration): void {
    this.#authenticator = authenticatorOf(configuration, this.#tickets);
    this.#quotas = quotasIn(configuration);
  }
}

function quotasIn({ clients, anonymous, local }: ServerConfiguration): ReadonlyMap<string, Quota> {
  const named = clients.map((client): [string, Quota] => [client.name, client]);
  const unnamed: readonly [string, Quota][] = [
    [localName, local],
    ...(anonymous === undefined ? [] : [[anonymousName, anonymous] satisfies [string, Quota]]),
  ];
  return new Map([...unnamed, ...named]);
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
