import type { Store } from '../../store/index.ts';
import { type RemoteConfiguration, formatRealizerAddress } from '../index.ts';
import { Availability } from './availability.ts';
import { ConfiguredChannel } from './configured-channel.ts';
import { Connection } from './connection.ts';
import { RemoteRealizer } from './remote.ts';

/** A connection to a realizer, for a Cab of this version, which comes to be when something is asked. */
export function openConnection(configuration: RemoteConfiguration, version: string): Connection {
  const { name, address } = configuration;
  return new Connection({
    named: { name, address: formatRealizerAddress(address) },
    availability: new Availability(() => Date.now()),
    channel: new ConfiguredChannel(configuration, version),
  });
}

/** The realizer that a configuration describes, for a process with this store. */
export function openRemoteRealizer(
  configuration: RemoteConfiguration,
  { store, version }: { readonly store: Store; readonly version: string },
): RemoteRealizer {
  return new RemoteRealizer({ connection: openConnection(configuration, version), store, version });
}
