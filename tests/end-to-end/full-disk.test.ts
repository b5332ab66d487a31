import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import test, { type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { makeLarge, withCab, type CabRig } from '../support/index.ts';
import { assertDiagnostic } from './diagnostics.ts';
import { assertStoreIsWhole, build } from './scenario.ts';

const run = promisify(execFile);

/** Puts the rig's store on a file system of its own; answers how to resize it, or why that cannot be had. */
async function mountStore(
  context: TestContext,
  rig: CabRig,
  size: string,
): Promise<((size: string) => Promise<unknown>) | undefined> {
  await mkdir(rig.store);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', rig.store]);
  } catch (error) {
    context.skip(
      `a file system of some megabytes cannot be mounted here: ${(error as Error).message.trim()}`,
    );
    return undefined;
  }
  rig.beforeDispose(() => run('umount', ['--lazy', rig.store]));
  return (newSize) => run('mount', ['-o', `remount,size=${newSize}`, rig.store]);
}

test('a full disk is one diagnostic, and with more room the same run succeeds', async (context) => {
  const rig = await withCab(context);
  const resize = await mountStore(context, rig, '4m');
  if (resize === undefined) return;
  await makeLarge(rig.repositoryFolder('o/r'), {
    files: 200,
    bytes: 12_000_000,
    seed: 1,
    report: (line) => context.diagnostic(line),
  });
  await rig.write({ 'default.cab': '{ default = toDerivation <github:o/r> }\n' });
  const result = await rig.cab('build');
  await assertDiagnostic(rig, result, { title: 'a full disk', code: 'CAB5002' });
  assert.equal(await rig.lock(), undefined);
  await resize('100m');
  await assertStoreIsWhole(rig);
  await build(rig);
  await assertStoreIsWhole(rig);
});
