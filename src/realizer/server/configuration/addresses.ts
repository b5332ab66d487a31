import type { Settings } from '../../../configuration/index.ts';
import { type ListenAddress, listenForms, parseListenAddress } from './listen-address.ts';

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
  const address = parseListenAddress(text, settings.folder);
  if (address !== undefined) return address;
  throw settings.refuse('listen', `names '${text}', which is no address to listen at`, listenForms);
}

function readPublicAddress(root: Settings): string | undefined {
  const text = root.text('public-address');
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.username === '')
    return text;
  throw root.refuse(
    'public-address',
    `is '${text}', which is no address of a realizer`,
    'as in "https://build.example.org:8980"',
  );
}
