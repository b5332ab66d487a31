import type { ConfigurationFile } from '../../../configuration/index.ts';
import { Settings } from '../../../configuration/index.ts';
import { type Right, allRights } from '../access/authentication.ts';
import type { NewToken } from '../access/token.ts';

/** What one who is not said to be allowed anything else may do. */
export const usualRights: readonly Right[] = ['read', 'write', 'execute'];

/** How much of the realizer a client may have at once; what is undefined is bounded for all together only. */
export interface ClientQuota {
  readonly actions: number | undefined;
  /** Of uploads and downloads that are under way, in bytes. */
  readonly bytesInFlight: number | undefined;
  /** Of what it has put into the store within a day, in bytes. */
  readonly storeBytes: number | undefined;
  readonly callsPerSecond: number | undefined;
}

export interface ClientConfiguration extends ClientQuota {
  readonly name: string;
  /** The SHA-256 of its token in 64 lower-case hexadecimal digits. */
  readonly tokenSha256: string | undefined;
  /** The name that its certificate is for. */
  readonly certificateName: string | undefined;
  readonly may: readonly Right[];
}

export type AnonymousConfiguration = Pick<ClientConfiguration, 'may' | keyof ClientQuota>;

export const quotaSettings = ['actions', 'bytes-in-flight', 'store-bytes', 'calls-per-second'] as const;
export const clientSettings = ['token-sha256', 'certificate-name', 'may', ...quotaSettings];
const actionsLimit = 1_000_000;
const callsLimit = 1_000_000;

/** Reads the tables `[clients.NAME]`. */
export function readClients(configuration: ConfigurationFile): readonly ClientConfiguration[] {
  const table = new Settings(configuration, configuration.table('clients'));
  return [...table.entries('client', clientSettings)].map(([name, settings]) => readClient(name, settings));
}

/** What all may do, and how much of it, whoever they are. */
export function readAnonymous(settings: Settings): AnonymousConfiguration {
  return {
    may: settings.has('may') ? settings.choices('may', allRights) : usualRights,
    ...readQuota(settings),
  };
}

function readClient(name: string, settings: Settings): ClientConfiguration {
  const [tokenSha256, certificateName] = [settings.text('token-sha256'), settings.text('certificate-name')];
  if (tokenSha256 === undefined && certificateName === undefined) {
    const hint =
      "'cab realizer token' makes a token, and tells the line to write; or name its certificate-name";
    throw settings.refuse('token-sha256', 'is missing', hint);
  }
  if (tokenSha256 !== undefined && !/^[0-9a-f]{64}$/.test(tokenSha256)) {
    const hint = "it is the SHA-256 of the token, which 'cab realizer token' tells, and not the token itself";
    throw settings.refuse('token-sha256', 'has to be 64 lower-case hexadecimal digits', hint);
  }
  return { name, tokenSha256, certificateName, ...readAnonymous(settings) };
}

function readQuota(settings: Settings): ClientQuota {
  return {
    actions: settings.has('actions')
      ? settings.count('actions', { fallback: 1, limit: actionsLimit })
      : undefined,
    bytesInFlight: settings.size('bytes-in-flight'),
    storeBytes: settings.size('store-bytes'),
    callsPerSecond: settings.has('calls-per-second')
      ? settings.positive('calls-per-second', { fallback: 1, limit: callsLimit })
      : undefined,
  };
}

/** No bounds but those of all clients together. */
export const unbounded: ClientQuota = {
  actions: undefined,
  bytesInFlight: undefined,
  storeBytes: undefined,
  callsPerSecond: undefined,
};

/** The one client of a server that nobody has configured: whoever has started it, and has seen the token. */
export function ownerOf({ sha256 }: NewToken): ClientConfiguration {
  return { name: 'owner', tokenSha256: sha256, certificateName: undefined, may: allRights, ...unbounded };
}
