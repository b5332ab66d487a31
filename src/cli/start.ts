/** What the launcher runs: the command's bundle lies beside this file's own. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadBundle, runBundle } from './precompiled.ts';

keepCodeOfThreads(process.env);
const bundle = fileURLToPath(new URL('cab.cjs', import.meta.url));
runBundle(loadBundle(bundle), bundle, createRequire(bundle));

/** Node keeps the compiled code of the threads that are started later, which inherit the variable. */
function keepCodeOfThreads(environment: NodeJS.ProcessEnv): void {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = environment;
  const folder = path.isAbsolute(cache) ? cache : path.join(home, '.cache');
  // A folder that is not absolute would come to lie in the project.
  if (path.isAbsolute(folder)) environment.NODE_COMPILE_CACHE ??= path.join(folder, 'cab', 'compiled');
}
