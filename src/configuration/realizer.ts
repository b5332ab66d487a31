import { availableParallelism } from 'node:os';
import { type RealizerConfiguration, personalLimits } from '../realizer/index.ts';
import { readCredentials } from './credentials.ts';
import type { ConfigurationFile } from './file.ts';
import { readMirrors } from './mirrors.ts';
import { Settings } from './settings.ts';

const defaultTimeoutSeconds = 60;
const timeoutLimitSeconds = 86_400;
/** Longer than any program that comes to an end is likely to need. */
const defaultProgramSeconds = 3600;
const programLimitSeconds = 14 * 86_400;
const coresLimit = 4096;

export const networkSettings = ['certificate-authorities', 'netrc-file', 'timeout-seconds'] as const;

/** The tables that say how programs run, and how they reach their origins: of a client and of a server alike. */
export const realizerTables = {
  credentials: 'any',
  mirrors: 'any',
  network: networkSettings,
  realizer: ['cores', 'features', 'host-tools', 'program-seconds'],
} as const;

/** `extraAuthorities` is a file of certificates that the environment names, or undefined. */
export function readRealizerConfiguration(
  configuration: ConfigurationFile,
  extraAuthorities: string | undefined,
): RealizerConfiguration {
  const network = new Settings(configuration, configuration.table('network'));
  const realizer = new Settings(configuration, configuration.table('realizer'));
  const timeout = { fallback: defaultTimeoutSeconds, limit: timeoutLimitSeconds };
  const program = { fallback: defaultProgramSeconds, limit: programLimitSeconds };
  return {
    cores: realizer.count('cores', { fallback: availableParallelism(), limit: coresLimit }),
    mirrors: readMirrors(configuration),
    credentials: readCredentials(configuration),
    netrcFile: network.file('netrc-file'),
    certificateAuthorities: [
      ...network.files('certificate-authorities'),
      ...(extraAuthorities ? [extraAuthorities] : []),
    ],
    requestTimeoutMs: network.positive('timeout-seconds', timeout) * 1000,
    programLimitMs: realizer.positive('program-seconds', program) * 1000,
    limits: personalLimits,
    network: { kind: 'anywhere' },
    features: realizer.strings('features'),
    hostTools: realizer.flag('host-tools', true),
  };
}
