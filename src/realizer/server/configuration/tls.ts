import type { Settings } from '../../../configuration/index.ts';

/** Files in PEM form, which are read when the server starts and again when it is told to. */
export interface TlsConfiguration {
  readonly certificate: string;
  readonly key: string;
  /** The authorities of clients' certificates; empty where no client has one. */
  readonly clientAuthorities: readonly string[];
}

export const tlsSettings = ['certificate', 'key', 'client-authorities'];

export function readTls(settings: Settings): TlsConfiguration {
  const [certificate, key] = [settings.file('certificate'), settings.file('key')];
  if (certificate === undefined)
    throw settings.refuse('certificate', 'is missing in [tls]', 'name a PEM file');
  if (key === undefined) throw settings.refuse('key', 'is missing in [tls]', 'name a PEM file');
  return { certificate, key, clientAuthorities: settings.files('client-authorities') };
}
