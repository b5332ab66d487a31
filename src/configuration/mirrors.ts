import type { ConfigurationFile } from './file.ts';

/** Reads the table `[mirrors]`: URL prefixes, and what stands in their place. */
export function readMirrors(configuration: ConfigurationFile): ReadonlyMap<string, string> {
  const mirrors = new Map<string, string>();
  for (const [prefix, target] of Object.entries(configuration.table('mirrors'))) {
    if (typeof target !== 'string' || !isWebAddress(prefix) || !isWebAddress(target)) {
      throw configuration.unusable(
        `the mirror of '${prefix}' has to map an http or https address to another`,
      );
    }
    mirrors.set(prefix, target);
  }
  return mirrors;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^/]/.test(text) && URL.canParse(text);
}
