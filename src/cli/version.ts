import { readFileSync } from 'node:fs';
import path from 'node:path';
import { installationFolder } from '../workspace/index.ts';

/** The version of this Cab. */
export function version(): string {
  const text = readFileSync(path.join(installationFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
