import assert from 'node:assert/strict';
import test from 'node:test';
import { chooseSeed, makeLarge, makeVaried, withCab } from '../support/index.ts';
import { build, resultTree } from './scenario.ts';

const sourceText = '{ default = toDerivation <github:o/r> }\n';

test('the varied tree comes out as git archive has it, modes and links included', async (context) => {
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'));
  await rig.write({ 'default.cab': sourceText });
  await build(rig);
  assert.deepEqual(await resultTree(rig), await repository.archive());
});

test('a folder of the varied tree comes out alone', async (context) => {
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'));
  await rig.write({ 'default.cab': '{ default = toDerivation <github:o/r::/names> }\n' });
  await build(rig);
  assert.deepEqual(await resultTree(rig), await repository.archive('main', 'names'));
});

test('a server without filters brings the same tree', async (context) => {
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'), { allowFilter: false });
  await rig.write({ 'default.cab': sourceText });
  await build(rig);
  assert.deepEqual(await resultTree(rig), await repository.archive());
});

test('a tree of some thousand files and a hundred megabytes comes out as git archive has it', async (context) => {
  const rig = await withCab(context);
  const repository = await makeLarge(rig.repositoryFolder('o/r'), {
    files: 4000,
    bytes: 100_000_000,
    seed: chooseSeed(),
    report: (line) => context.diagnostic(line),
  });
  await rig.write({ 'default.cab': sourceText });
  await build(rig);
  assert.deepEqual(await resultTree(rig), await repository.archive());
});
