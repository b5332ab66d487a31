import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'node:test';
import { chooseSeed, makeVaried, randomFrom, withCab } from '../support/index.ts';
import { assertStoreIsWhole, build, entryOf, isPackRequest, resultTree, withScenario } from './scenario.ts';

test('a connection cut in the middle of the pack is an error, and the next run succeeds', async (context) => {
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'));
  await rig.write({ 'default.cab': '{ default = toDerivation <github:o/r> }\n' });
  const cut = rig.server.fault({ kind: 'cut', afterBytes: 100_000, match: isPackRequest });
  const result = await rig.cab('build');
  assert.equal(result.code, 1, result.stderr);
  assert.match(result.stderr, /error\[CAB3205\]/);
  assert.ok(cut.struck > 0);
  assert.equal(await rig.lock(), undefined);
  cut.release();
  await build(rig);
  assert.deepEqual(await resultTree(rig), await repository.archive());
  await assertStoreIsWhole(rig);
});

test('a pack with one wrong bit is refused, and the next run succeeds', async (context) => {
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'));
  await rig.write({ 'default.cab': '{ default = toDerivation <github:o/r> }\n' });
  const corruption = rig.server.fault({ kind: 'corrupt', atByte: 120_000, match: isPackRequest });
  const result = await rig.cab('build');
  assert.equal(result.code, 1, result.stderr);
  assert.match(result.stderr, /error\[CAB3205\]/);
  corruption.release();
  await build(rig);
  assert.deepEqual(await resultTree(rig), await repository.archive());
  await assertStoreIsWhole(rig);
});

test('a server that is busy for a moment is asked again', async (context) => {
  const { rig } = await withScenario(context);
  const busy = rig.server.fault({ kind: 'status', status: 503, headers: { 'retry-after': '0' }, times: 2 });
  await build(rig);
  assert.equal(busy.struck, 2);
});

test('a run killed in the middle of the pack leaves nothing behind that the next one stumbles over', async (context) => {
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'));
  await rig.write({ 'default.cab': '{ default = toDerivation <github:o/r> }\n' });
  const hang = rig.server.fault({ kind: 'hang', afterBytes: 150_000, match: isPackRequest, times: 1 });
  const running = rig.spawnCab('build');
  await hang.waitForStrike();
  await rig.kill(running);
  assert.equal(await rig.lock(), undefined);
  await build(rig);
  assert.deepEqual(await resultTree(rig), await repository.archive());
  await assertStoreIsWhole(rig);
});

/** A project with a builder that has written a part of its output when it goes on with a command. */
function halfway(command: string): string {
  return `{ default = derivation {
    name = "victim",
    builder = "/bin/sh",
    arguments = ["-c", "echo half > $out; ${command}"],
    requiredRealizerFeatures = ["host-tools"],
  } }`;
}

test('a builder that is killed fails its build and nothing else', async (context) => {
  const { rig } = await withScenario(context);
  await rig.write({ 'default.cab': halfway('kill -9 $$') });
  const result = await rig.cab('build');
  assert.equal(result.code, 1, result.stderr);
  assert.match(result.stderr, /error\[CAB4002\]/);
  await assertStoreIsWhole(rig);
  await rig.write({ 'default.cab': halfway('true') });
  await build(rig);
  await assertStoreIsWhole(rig);
});

test('a run killed at any moment is followed by one that succeeds on a store that is whole', async (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed} (CAB_TEST_SEED)`);
  const random = randomFrom(seed);
  const rig = await withCab(context);
  const repository = await makeVaried(rig.repositoryFolder('o/r'));
  await rig.write({ 'default.cab': entryOf('<github:o/r>') });
  const startedMs = performance.now();
  await build(rig);
  const wholeRunMs = performance.now() - startedMs;
  for (let round = 0; round < 20; round++) {
    const commit = await repository.write({ round: `${round}\n`, [`made/${round}`]: `${random()}` }).commit();
    const running = rig.spawnCab('build', '--update');
    // The moment is what this test varies, not something it waits for.
    await wait(random() * wholeRunMs);
    await rig.kill(running);
    await build(rig, '--update');
    assert.equal((await rig.lock())?.islands['github:o/r']?.['git'], commit, `round ${round}`);
    assert.deepEqual(await resultTree(rig), await repository.archive(), `round ${round}`);
    await assertStoreIsWhole(rig);
  }
});
