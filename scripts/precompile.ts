/**
 * Runs the command once, as `node precompile.ts BUNDLE WORDS…`, and keeps the code that V8 compiled meanwhile. Whatever
 * later runs have in common with this one they need not compile.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { codeFileOf, loadBundle, runBundle } from '../src/cli/precompiled.ts';

const [, , bundle = '', ...words] = process.argv;
const script = loadBundle(bundle);
process.on('exit', (exitCode) => {
  if (exitCode !== 0) return;
  const file = codeFileOf(bundle);
  writeFileSync(`${file}.new`, script.createCachedData());
  renameSync(`${file}.new`, file);
});
process.argv.splice(1, Infinity, bundle, ...words);
runBundle(script, bundle, createRequire(bundle));
