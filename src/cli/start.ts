/** What the launcher runs: the command's bundles lie beside this file's own. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bundles } from './precompiled.ts';

keepCodeOfThreads(process.env);
const folder = path.dirname(fileURLToPath(import.meta.url));
new Bundles(folder, createRequire(import.meta.url)).require('./cab.cjs');

/** Node keeps the compiled code of the threads that are started later, which inherit the variable. */
function keepCodeOfThreads(environment: NodeJS.ProcessEnv): void {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = environment;
  const folder = path.isAbsolute(cache) ? cache : path.join(home, '.cache');
  // A folder that is not absolute would come to lie in the project.
  if (path.isAbsolute(folder)) environment.NODE_COMPILE_CACHE ??= path.join(folder, 'cab', 'compiled');
}
