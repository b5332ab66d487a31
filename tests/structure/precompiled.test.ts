import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

test('V8 accepts the code that was made for the command, under the options of the launcher', () => {
  const launcher = readFileSync(new URL('bin/cab', root), 'utf8');
  const options = /exec "\$node" (--.+) "\$root/.exec(launcher)?.[1]?.split(' ') ?? [];
  const bundle = fileURLToPath(new URL('dist/cab.cjs', root));
  const program = `
    import { loadBundle } from ${JSON.stringify(new URL('src/cli/precompiled.ts', root).href)};
    console.log(loadBundle(${JSON.stringify(bundle)}).cachedDataRejected);`;
  const printed = execFileSync(process.execPath, [...options, '--input-type=module', '--eval', program]);
  assert.equal(printed.toString(), 'false\n');
});
