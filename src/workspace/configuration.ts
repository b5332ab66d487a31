import {
  ConfigurationFile,
  type Schema,
  Settings,
  readRealizerConfiguration,
  realizerTables,
} from '../configuration/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import type { RealizerConfiguration, RemoteConfiguration } from '../realizer/index.ts';
import { readRemoteRealizers } from './remote-realizers.ts';

/** Every setting of the configuration file, by table. */
const schema: Schema = { settings: [], tables: { ...realizerTables, realizers: 'any', store: ['durable'] } };

export interface Configuration extends RealizerConfiguration {
  /** Whether all that comes into the store is on the disk before it is recorded. */
  readonly durableStore: boolean;
  /** The realizers besides the embedded one. */
  readonly remoteRealizers: readonly RemoteConfiguration[];
}

export interface ConfigurationSources {
  /** One that is not there is as good as an empty one. */
  readonly file: string;
  /** A file of certificates that the environment names, or undefined. */
  readonly extraAuthorities: string | undefined;
  /** Told what is not as it should be, and can be worked with all the same. */
  readonly warn: (diagnostic: Diagnostic) => void;
}

/** Reads the configuration file. */
export function readConfiguration({ file, extraAuthorities, warn }: ConfigurationSources): Configuration {
  const configuration = ConfigurationFile.readIfThere(file, schema);
  const realizer = readRealizerConfiguration(configuration, extraAuthorities);
  const remoteRealizers = readRemoteRealizers(configuration, realizer.certificateAuthorities);
  const secrets = [
    ...realizer.credentials.map(({ secret }) => secret),
    ...remoteRealizers.map(({ token }) => token),
  ];
  if (secrets.some((secret) => secret?.kind === 'text')) {
    const warning = configuration.readableByOthers;
    if (warning !== undefined) warn(warning);
  }
  const store = new Settings(configuration, configuration.table('store'));
  return { ...realizer, remoteRealizers, durableStore: store.flag('durable', false) };
}
