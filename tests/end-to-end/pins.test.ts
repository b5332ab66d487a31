import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { type Tree, withCab } from '../support/index.ts';
import {
  assertStoreIsWhole,
  build,
  entryOf,
  hashOf,
  isPackRequest,
  resultTree,
  storyOf,
  withScenario,
} from './scenario.ts';

/** More than a question for one ref and its answer ever need. */
const refQuestionLimitBytes = 1000;

test('the first build pins the island and builds', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  await build(rig);
  const lock = await rig.lock();
  const block = lock?.islands['github:o/r'];
  assert.equal(lock?.version, 1);
  assert.deepEqual(Object.keys(block ?? {}), ['cab', 'git', 'git-tree']);
  assert.equal(block?.['git'], firstCommit);
  assert.equal(block?.['git-tree'], await repository.resolve('main^{tree}'));
  assert.match(block?.['cab'] ?? '', /^[a-z2-7]{52}$/);
  assert.deepEqual(storyOf(rig), ['refs', 'commit', 'pack']);
  const tree = await resultTree(rig);
  assert.deepEqual([...tree.keys()], ['bin/run', 'docs/page.md', 'greeting.txt', 'latest']);
  assert.equal(greetingOf(tree), sha256('hello world\n'));
});

test('the second build does nothing and sends no request', async (context) => {
  const { rig } = await withScenario(context);
  const first = await build(rig);
  rig.server.reset();
  const lock = await rig.lock();
  assert.deepEqual(await build(rig), first);
  assert.deepEqual(storyOf(rig), []);
  assert.deepEqual(await rig.lock(), lock);
});

test('an update in which nothing moved asks for the ref and nothing more', async (context) => {
  const { rig } = await withScenario(context);
  const first = await build(rig);
  const lock = await rig.lock();
  rig.server.reset();
  assert.deepEqual(await build(rig, '--update'), first);
  assert.deepEqual(storyOf(rig), ['refs']);
  assert.ok(rig.server.bytes < refQuestionLimitBytes, `${rig.server.bytes} bytes`);
  assert.deepEqual(await rig.lock(), lock);
  rig.server.reset();
  await rig.succeed('update');
  assert.deepEqual(storyOf(rig), ['refs']);
});

test('a new commit is not seen without an update, and downloads one pack with it', async (context) => {
  const { rig, repository } = await withScenario(context);
  const first = await build(rig);
  const commit = await repository.write({ 'greeting.txt': 'good morning @WHO@\n' }).commit();
  rig.server.reset();
  assert.deepEqual(await build(rig), first);
  assert.deepEqual(storyOf(rig), []);
  const second = await build(rig, '--update');
  assert.deepEqual(storyOf(rig), ['refs', 'commit', 'pack']);
  assert.equal((await rig.lock())?.islands['github:o/r']?.['git'], commit);
  assert.notEqual(hashOf(second), hashOf(first));
  assert.equal(greetingOf(await resultTree(rig)), sha256('good morning world\n'));
});

test('an update says what moved, from what to what', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  await build(rig);
  const commit = await repository.write({ 'greeting.txt': 'good morning\n' }).commit();
  const { stderr } = await rig.succeed('update');
  assert.match(stderr, /github:o\/r/);
  assert.ok(stderr.includes(firstCommit.slice(0, 7)), stderr);
  assert.ok(stderr.includes(commit.slice(0, 7)), stderr);
});

test('a commit that is reverted brings back the tree without a pack, and rebuilds nothing', async (context) => {
  const { rig, repository } = await withScenario(context);
  const first = await build(rig);
  await repository.write({ 'greeting.txt': 'good morning @WHO@\n' }).commit();
  await build(rig, '--update');
  const reverted = await repository.revert();
  rig.server.reset();
  const third = await build(rig, '--update');
  assert.deepEqual(storyOf(rig), ['refs', 'commit']);
  assert.equal(hashOf(third), hashOf(first));
  assert.equal((await rig.lock())?.islands['github:o/r']?.['git'], reverted);
});

test('a commit outside of the locked sub-tree downloads no pack and rebuilds nothing', async (context) => {
  const { rig, repository } = await withScenario(context);
  await rig.write({ 'default.cab': entryOf('<github:o/r::/docs>') });
  const first = await build(rig);
  assert.deepEqual([...(await resultTree(rig)).keys()], ['page.md']);
  const commit = await repository.write({ 'greeting.txt': 'changed\n' }).commit();
  rig.server.reset();
  assert.equal(hashOf(await build(rig, '--update')), hashOf(first));
  assert.ok(!rig.server.requests.some(isPackRequest), storyOf(rig).join(' '));
  assert.equal((await rig.lock())?.islands['github:o/r::/docs']?.['git'], commit);
});

test('where the lock is lost and the store kept, the island is pinned again without the pack', async (context) => {
  const { rig } = await withScenario(context);
  const first = await build(rig);
  const lock = await rig.lock();
  await rig.deleteLock();
  rig.server.reset();
  assert.deepEqual(await build(rig), first);
  assert.deepEqual(storyOf(rig), ['refs']);
  assert.deepEqual(await rig.lock(), lock);
});

test('where the store is lost and the lock kept, the same comes out, though the branch has moved', async (context) => {
  const { rig, repository } = await withScenario(context);
  const first = await build(rig);
  const lock = await rig.lock();
  await repository.write({ 'greeting.txt': 'moved on\n' }).commit();
  await rig.deleteStore();
  rig.server.reset();
  assert.deepEqual(await build(rig), first);
  assert.deepEqual(storyOf(rig), ['commit', 'pack']);
  assert.deepEqual(await rig.lock(), lock);
});

test('a history rewritten under a pin is an error that names both commits', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  await build(rig);
  const lock = await rig.lock();
  const rewritten = await repository.write({ 'greeting.txt': 'another story\n' }).rewrite();
  await rig.deleteStore();
  const result = await rig.cab('build');
  assert.equal(result.code, 1, result.stderr);
  assert.match(result.stderr, /error\[CAB3103\]/);
  assert.ok(result.stderr.includes(firstCommit), result.stderr);
  assert.ok(result.stderr.includes(rewritten), result.stderr);
  assert.deepEqual(await rig.lock(), lock);
  await build(rig, '--update');
  assert.equal((await rig.lock())?.islands['github:o/r']?.['git'], rewritten);
  await assertStoreIsWhole(rig);
});

test('a ref that several islands share is asked for once in a run', async (context) => {
  const { rig } = await withScenario(context);
  await rig.write({
    'default.cab': `{ default = derivation {
      name = "twice",
      builder = <cab:programs>/text.wasm,
      arguments = ["write", "0"],
      environment = { text = "\\(<github:o/r>) \\(<github:o/r>)" },
      requiredRealizerFeatures = ["wasm"],
    } }`,
  });
  await build(rig);
  assert.deepEqual(storyOf(rig), ['refs', 'commit', 'pack']);
});

test('an update of one island leaves the others, and what nothing needs any more leaves the lock', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  const other = await rig.repository('o/other');
  await other.write({ file: 'one' }).commit();
  const text = `{ default = derivation {
    name = "both",
    builder = <cab:programs>/text.wasm,
    arguments = ["write", "0"],
    environment = { text = "\\(<github:o/r>) \\(<github:o/other>)" },
    requiredRealizerFeatures = ["wasm"],
  } }`;
  await rig.write({ 'default.cab': text });
  await build(rig);
  await repository.write({ 'greeting.txt': 'moved\n' }).commit();
  const moved = await other.write({ file: 'two' }).commit();
  await rig.succeed('update', 'github:o/other');
  const lock = await rig.lock();
  assert.equal(lock?.islands['github:o/r']?.['git'], firstCommit);
  assert.equal(lock?.islands['github:o/other']?.['git'], moved);
  await rig.write({ 'default.cab': text.replace(' \\(<github:o/other>)', '') });
  await build(rig);
  assert.ok((await rig.lock())?.islands['github:o/other'] !== undefined);
  await rig.succeed('update');
  assert.deepEqual(Object.keys((await rig.lock())?.islands ?? {}), ['github:o/r']);
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function greetingOf(tree: Tree): string | undefined {
  const entry = tree.get('greeting.txt');
  return entry?.kind === 'file' ? entry.sha256 : undefined;
}

test('an update asks all origins at once', async (context) => {
  const rig = await withCab(context);
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const name of names) await (await rig.repository(`o/${name}`)).write({ name }).commit('First');
  await rig.write({
    'default.cab': `{ default = derivation {
      name = "all",
      builder = <cab:programs>/text.wasm,
      arguments = ["write", "0"],
      environment = { text = "${names.map((name) => `\\(<github:o/${name}>)`).join(' ')}" },
      requiredRealizerFeatures = ["wasm"],
    } }`,
  });
  const built = await build(rig);
  rig.server.reset();
  // No one is answered before every one has asked.
  const holds = names.map((name) =>
    rig.server.fault({ kind: 'hold', match: (request) => request.path.includes(`/o/${name}`) }),
  );
  const update = build(rig, '--update');
  await Promise.all(holds.map((hold) => hold.waitForStrike()));
  for (const hold of holds) hold.release();
  assert.deepEqual(await update, built);
  assert.deepEqual(
    storyOf(rig),
    names.map(() => 'refs'),
  );
});

test('a tree that comes with a lock of its own is read with it', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  const locked = await build(rig, '.#source');
  const tool = await rig.repository('o/tool');
  const lock = await readFile(path.join(rig.project, 'cab.lock'), 'utf8');
  await tool.write({ 'default.cab': 'toDerivation <github:o/r>', 'cab.lock': lock }).commit('With a lock');
  await rig.deleteLock();
  await repository.write({ 'greeting.txt': 'changed' }).commit('Second');
  await rig.write({ 'default.cab': '{ tool = import <github:o/tool>, own = toDerivation <github:o/r> }' });
  assert.equal(hashOf(await build(rig, '.#tool')), hashOf(locked));
  assert.notEqual(hashOf(await build(rig, '.#own')), hashOf(locked));
  assert.deepEqual(Object.keys((await rig.lock())?.islands ?? {}), ['github:o/r', 'github:o/tool']);
  assert.notEqual((await rig.lock())?.islands['github:o/r']?.['git'], firstCommit);
});
