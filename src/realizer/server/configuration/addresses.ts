import path from 'node:path';
import type { Settings } from '../../../configuration/index.ts';
import { parseRealizerAddress } from '../../index.ts';
import { type ListenAddress, parseListenAddress } from '../transport/addresses.ts';

/** What is said of an address that is none. */
export const listenForms =
  'an address looks like "tcp:127.0.0.1:8980", "tcp:[::]:8980" or "unix:/run/cab/realizer.sock"';

/** The address that a text means; the path of a socket begins at the folder where it is relative. */
export function parseListenAddressIn(folder: string, text: string): ReturnType<typeof parseListenAddress> {
  const [, file] = /^unix:(.+)$/.exec(text) ?? [];
  return parseListenAddress(file === undefined ? text : `unix:${path.resolve(folder, file)}`);
}

/** Whether only this machine can reach it. */
export function isOfThisMachine(address: ListenAddress): boolean {
  return address.kind === 'unix' || /^(?:127\.|::1$|localhost$)/.test(address.host);
}

export interface AddressesConfiguration {
  readonly listen: readonly ListenAddress[];
  readonly publicAddress: string | undefined;
  readonly metricsListen: ListenAddress | undefined;
}

/** Where it listens, where others reach it, and where its metrics are had. */
export function readAddresses(root: Settings, metrics: Settings): AddressesConfiguration {
  const metricsText = metrics.text('listen');
  return {
    listen: root.strings('listen').map((text) => readAddress(root, text)),
    publicAddress: readPublicAddress(root),
    metricsListen: metricsText === undefined ? undefined : readAddress(metrics, metricsText),
  };
}

function readAddress(settings: Settings, text: string): ListenAddress {
  const address = parseListenAddressIn(settings.folder, text);
  if (address.ok) return address.value;
  throw settings.refuse(
    'listen',
    `names '${text}', which is no address to listen at: ${address.fault}`,
    listenForms,
  );
}

/** The addresses of other realizers, in the form that clients' configurations have. */
export function readPeers(settings: Settings): readonly string[] {
  const peers = settings.strings('allow');
  const other = peers.find((text) => parseRealizerAddress(text) === undefined);
  if (other === undefined) return peers;
  throw settings.refuse(
    'allow',
    `of [peers] names '${other}', which is no address of a realizer`,
    realizerForm,
  );
}

function readPublicAddress(root: Settings): string | undefined {
  const text = root.text('public-address');
  if (text === undefined || parseRealizerAddress(text)?.kind === 'tcp') return text;
  throw root.refuse('public-address', `is '${text}', which is no address of a realizer`, realizerForm);
}

const realizerForm = 'such as "https://build.example.org:8980"';
