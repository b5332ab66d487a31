import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { compileC } from '../executors/support/compilers.ts';
import { type CabRig, withCab } from '../support/index.ts';

const example = fileURLToPath(new URL('../../examples/wasm-c', import.meta.url));
const expected = 'first.txt (33 bytes): First things\nmore/last.txt (36 bytes): Last things\n';

const hasSandbox = spawnSync('bwrap', ['--unshare-user', '--ro-bind', '/', '/', 'true']).status === 0;

async function assertOutline(rig: CabRig): Promise<void> {
  const result = path.join(rig.project, 'result');
  assert.equal(await readFile(path.join(result, 'outline.txt'), 'utf8'), expected);
  assert.match(await readFile(path.join(result, 'files', 'more', 'last.txt'), 'utf8'), /^Last things\n/);
}

test(
  'the example in C is compiled and run by one build',
  { skip: (!hasSandbox || process.arch !== 'x64') && 'no sandbox for x86_64-linux can be made here' },
  async (context) => {
    const rig = await withCab(context);
    await rig.succeed('build', example);
    await assertOutline(rig);
  },
);

test('a program in C that was compiled before is a builder', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'outline.wasm': await compileC(path.join(example, 'outline.c')),
    'notes/first.txt': await readFile(path.join(example, 'notes/first.txt')),
    'notes/more/last.txt': await readFile(path.join(example, 'notes/more/last.txt')),
    'default.cab': `derivation {
  name = "outline", builder = ./outline.wasm, arguments = [./notes], requiredRealizerFeatures = ["wasm"],
}`,
  });
  await rig.succeed('build');
  await assertOutline(rig);
});
