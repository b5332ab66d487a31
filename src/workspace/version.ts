import { readFileSync } from 'node:fs';
import path from 'node:path';
import { installationFolder } from './locations.ts';

/** The version of this Cab, such as `0.1.0`. */
export function cabVersion(): string {
  const text = readFileSync(path.join(installationFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
