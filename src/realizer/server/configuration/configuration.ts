import {
  ConfigurationFile,
  type Schema,
  Settings,
  networkSettings,
  readRealizerConfiguration,
  realizerTables,
} from '../../../configuration/index.ts';
import type { Diagnostic } from '../../../diagnostics/index.ts';
import type { RealizerConfiguration } from '../../index.ts';
import type { ListenAddress } from '../transport/addresses.ts';
import { readAddresses, readPeers } from './addresses.ts';
import {
  type AnonymousConfiguration,
  type ClientConfiguration,
  quotaSettings,
  readAnonymous,
  readClients,
} from './clients.ts';
import { type LimitsConfiguration, limitSettings, readLimits } from './limits.ts';
import { readNetworkPolicy } from './network.ts';
import { programSettings, readProgramLimits } from './programs.ts';
import { type TlsConfiguration, readTls, tlsSettings } from './tls.ts';

/** What the operator of a server decides. */
export interface ServerConfiguration {
  readonly listen: readonly ListenAddress[];
  /** The mode of sockets that are files: whoever may open one may use the realizer. */
  readonly socketMode: number;
  /** Where others reach it, in the form that clients' configurations have; undefined where nobody has said so. */
  readonly publicAddress: string | undefined;
  /** Undefined where it speaks over plain connections. */
  readonly tls: TlsConfiguration | undefined;
  readonly clients: readonly ClientConfiguration[];
  /** What those may who come over a socket that is a file, and do not say who they are. */
  readonly local: AnonymousConfiguration;
  /** What those may who come otherwise, and do not say who they are; undefined where they may nothing. */
  readonly anonymous: AnonymousConfiguration | undefined;
  readonly store: StoreConfiguration;
  readonly realizer: RealizerConfiguration;
  readonly limits: LimitsConfiguration;
  readonly metricsListen: ListenAddress | undefined;
  /** The addresses of the realizers that outputs may be taken from. */
  readonly peers: readonly string[];
  /** The properties of foreign actions that are accepted, each with its values. */
  readonly platform: ReadonlyMap<string, readonly string[]>;
}

export interface StoreConfiguration {
  /** Undefined where the server's usual one is meant. */
  readonly folder: string | undefined;
  /** What it is kept below, in bytes; undefined where it may grow. */
  readonly limitBytes: number | undefined;
  /** Whether all that comes into it is on the disk before it is recorded. */
  readonly durable: boolean;
}

export interface ServerConfigurationSources {
  /** Undefined where there is none, and all is as usual. */
  readonly file: string | undefined;
  /** A file of certificates that the environment names, or undefined. */
  readonly extraAuthorities: string | undefined;
  /** Told what is not as it should be, and can be worked with all the same. */
  readonly warn: (diagnostic: Diagnostic) => void;
}

/** Who may connect to a socket that is a file, unless it is said otherwise: its owner. */
const usualSocketMode = 0o600;

/** Every setting, by table. */
export const serverSchema: Schema = {
  settings: ['listen', 'public-address', 'socket-mode'],
  tables: {
    tls: tlsSettings,
    clients: 'any',
    local: ['may', ...quotaSettings],
    anonymous: ['may', ...quotaSettings],
    store: ['folder', 'size', 'durable'],
    ...realizerTables,
    network: [...networkSettings, 'allow', 'native-allow'],
    limits: limitSettings,
    programs: programSettings,
    metrics: ['listen'],
    peers: ['allow'],
    platform: 'any',
  },
};

/** Reads the configuration of a server. @throws DiagnosticError CAB6002 where it cannot be used. */
export function readServerConfiguration(sources: ServerConfigurationSources): ServerConfiguration {
  const { file, extraAuthorities, warn } = sources;
  const configuration =
    file === undefined ? ConfigurationFile.empty(process.cwd()) : ConfigurationFile.read(file, serverSchema);
  const settingsOf = (table: string): Settings => new Settings(configuration, configuration.table(table));
  const realizer = readRealizerConfiguration(configuration, extraAuthorities);
  if (realizer.credentials.some(({ secret }) => secret.kind === 'text')) {
    const warning = configuration.readableByOthers;
    if (warning !== undefined) warn(warning);
  }
  const root = new Settings(configuration, configuration.root);
  const store = settingsOf('store');
  return {
    ...readAddresses(root, settingsOf('metrics')),
    socketMode: root.mode('socket-mode') ?? usualSocketMode,
    tls: configuration.has('tls') ? readTls(settingsOf('tls')) : undefined,
    clients: readClients(configuration),
    local: readAnonymous(settingsOf('local')),
    anonymous: configuration.has('anonymous') ? readAnonymous(settingsOf('anonymous')) : undefined,
    store: {
      folder: store.file('folder'),
      limitBytes: store.size('size'),
      durable: store.flag('durable', false),
    },
    realizer: {
      ...realizer,
      limits: readProgramLimits(settingsOf('programs')),
      network: readNetworkPolicy(settingsOf('network')),
    },
    limits: readLimits(settingsOf('limits')),
    peers: readPeers(settingsOf('peers')),
    platform: settingsOf('platform').lists(),
  };
}
