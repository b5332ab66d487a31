/**
 * Runs the command once, as `node precompile.ts FOLDER WORDS…`, and keeps the code that V8 compiled meanwhile of each bundle in the
 * folder. Whatever later runs have in common with this one they need not compile.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Bundles, codeFileOf } from '../src/cli/precompiled.ts';

const [, , folder = '', ...words] = process.argv;
const command = path.join(folder, 'cab.cjs');
const bundles = new Bundles(folder, createRequire(command));
process.on('exit', (exitCode) => {
  if (exitCode !== 0) return;
  for (const [bundle, script] of bundles.scripts) {
    const file = codeFileOf(bundle);
    writeFileSync(`${file}.new`, script.createCachedData());
    renameSync(`${file}.new`, file);
  }
});
process.argv.splice(1, Infinity, command, ...words);
bundles.require('./cab.cjs');
