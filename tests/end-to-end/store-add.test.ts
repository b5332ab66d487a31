import assert from 'node:assert/strict';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { git, readTree, withCab, type CabRig } from '../support/index.ts';
import { assertDiagnostic } from './diagnostics.ts';
import { assertStoreIsWhole } from './scenario.ts';

/** A project with a source folder in a git work tree, in which something is ignored and something is not tracked. */
async function withSource(context: TestContext): Promise<CabRig> {
  const rig = await withCab(context);
  await rig.write({
    '.gitignore': '*.log\n',
    'source/tracked.txt': 'tracked\n',
    'source/untracked.txt': 'untracked\n',
    'source/ignored.log': 'ignored\n',
    'source/bin/run': '#!/bin/sh\n',
  });
  await chmod(path.join(rig.project, 'source/bin/run'), 0o755);
  await symlink('bin/run', path.join(rig.project, 'source/link'));
  await git(['init', '--quiet'], { folder: rig.project });
  await git(['add', 'source/tracked.txt'], { folder: rig.project });
  return rig;
}

async function added(rig: CabRig, ...args: string[]): Promise<string> {
  return (await rig.succeed('store', 'add', ...args)).stdout.trim();
}

test('cab store add takes in a folder without what git ignores, and prints its path', async (context) => {
  const rig = await withSource(context);
  const storePath = await added(rig, 'source');
  assert.match(storePath, /^\/cab\/store\/[a-z2-7]{52}-source$/);
  assert.equal(await added(rig, './source/'), storePath);
  assert.match((await rig.succeed('store', 'path-info', storePath)).stdout, /^size {8}28 B$/m);
  const real = await added(rig, '--print-path', 'source');
  assert.equal(path.basename(real), path.basename(storePath));
  const tree = await readTree(real);
  assert.deepEqual([...tree.keys()], ['bin/run', 'link', 'tracked.txt', 'untracked.txt']);
  await assertStoreIsWhole(rig);
});

test('cab store add --all leaves nothing out', async (context) => {
  const rig = await withSource(context);
  await rig.write({ 'source/.cabignore': '*\n' });
  const tree = await readTree(await added(rig, '--all', '--print-path', 'source'));
  assert.deepEqual(
    [...tree.keys()],
    ['.cabignore', 'bin/run', 'ignored.log', 'link', 'tracked.txt', 'untracked.txt'],
  );
  const whole = await readTree(await added(rig, '--all', '--print-path', '.'));
  assert.ok(whole.has('.git/HEAD'));
});

test('cab store add takes a name, and tells of path, hash and size as JSON', async (context) => {
  const rig = await withSource(context);
  const report = (await rig.succeed('store', 'add', '--json', '--name', 'other', 'source')).json();
  const storePath = await added(rig, '--name=other', 'source');
  const hash = `cab:${path.basename(storePath).slice(0, 52)}`;
  assert.deepEqual(report, { path: storePath, hash, size: 28 });
  assert.match(storePath, /-other$/);
});

test('a name that no store path may carry does not fit', async (context) => {
  const rig = await withSource(context);
  await assertDiagnostic(rig, await rig.cab('store', 'add', '--name', 'a/b', 'source'), {
    title: 'a name that no store path may carry',
    code: 'CAB6001',
    exitCode: 2,
  });
});

test('cab store add takes in a single file, and what a link leads to', async (context) => {
  const rig = await withSource(context);
  const file = await added(rig, 'source/tracked.txt');
  assert.match(file, /-tracked\.txt$/);
  await symlink('source', path.join(rig.project, 'alias'));
  assert.equal(await added(rig, '--name', 'source', 'alias'), await added(rig, 'source'));
});

test('what cannot be taken in is named', async (context) => {
  const rig = await withCab(context);
  await mkdir(path.join(rig.project, 'empty'));
  await assertDiagnostic(rig, await rig.cab('store', 'add', 'no-such-folder'), {
    title: 'a path to add that is not there',
    code: 'CAB5005',
  });
  assert.equal((await rig.cab('store', 'add')).code, 2);
});

test('a changed tree comes in as another one, and an unchanged one as the same', async (context) => {
  const rig = await withSource(context);
  const first = await added(rig, 'source');
  await rig.write({ 'source/untracked.txt': 'something else\n' });
  const second = await added(rig, 'source');
  assert.notEqual(second, first);
  await rig.write({ 'source/untracked.txt': 'untracked\n' });
  assert.equal(await added(rig, 'source'), first);
});
