/** What the launcher runs: the command's bundle lies beside this file's own. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { loadBundle, runBundle } from './precompiled.ts';

const bundle = fileURLToPath(new URL('cab.cjs', import.meta.url));
runBundle(loadBundle(bundle), bundle, createRequire(bundle));
