import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { withCab, type CabRig } from '../support/index.ts';
import { build, hashOf } from './scenario.ts';

async function withRepositories(context: Parameters<typeof withCab>[0], ...names: string[]): Promise<CabRig> {
  const rig = await withCab(context);
  for (const name of names) await (await rig.repository(`o/${name}`)).write({ name }).commit('First');
  return rig;
}

async function islandsOf(rig: CabRig): Promise<readonly string[]> {
  return Object.keys((await rig.lock())?.islands ?? {});
}

/** A derivation of the text, which needs no origin. */
function written(text: string): string {
  return `derivation {
    name = "written",
    builder = <cab:programs>/text.wasm,
    arguments = ["write", "0"],
    environment = { text = ${text} },
    requiredRealizerFeatures = ["wasm"],
  }`;
}

test('what a tree’s own lock pins is fetched as pinned, though its origin has moved and the store is empty', async (context) => {
  const rig = await withCab(context);
  const dependency = await rig.repository('o/dependency');
  await dependency.write({ content: 'one' }).commit('First');
  await rig.write({ 'default.cab': 'toDerivation <github:o/dependency>' });
  const pinned = hashOf(await build(rig));
  const library = await rig.repository('o/library');
  const lock = await readFile(path.join(rig.project, 'cab.lock'), 'utf8');
  await library
    .write({ 'default.cab': 'toDerivation <github:o/dependency>', 'cab.lock': lock })
    .commit('Locked');
  await dependency.write({ content: 'two' }).commit('Second');
  await rig.deleteStore();
  assert.equal(hashOf(await build(rig, '--no-link', 'github:o/library#')), pinned);
});

test('a tree that stands in an island’s place is read with its own lock', async (context) => {
  const rig = await withCab(context);
  const dependency = await rig.repository('o/dependency');
  await dependency.write({ content: 'one' }).commit('First');
  await rig.write({ 'copy/default.cab': 'toDerivation <github:o/dependency>' });
  const pinned = hashOf(await build(rig, './copy'));
  await dependency.write({ content: 'two' }).commit('Second');
  await rig.write({ 'default.cab': 'import <github:o/library>' });
  assert.equal(hashOf(await build(rig, '--override', 'github:o/library=copy')), pinned);
  assert.deepEqual(await islandsOf(rig), []);
});

test('one installable that fails keeps no other from being built and pinned', async (context) => {
  const rig = await withRepositories(context, 'good');
  await rig.write({
    'default.cab': `{
  bad = derivation { name = "bad", builder = <cab:programs>/text.wasm, arguments = ["nonsense"], requiredRealizerFeatures = ["wasm"] },
  good = toDerivation <github:o/good>,
}`,
  });
  const { code, stderr } = await rig.cab('build', '.#bad', '.#good', '--no-link');
  assert.equal(code, 1);
  assert.match(stderr, /error\[CAB4002\]: the builder of 'bad' failed/);
  assert.deepEqual(await islandsOf(rig), ['github:o/good']);
  rig.server.reset();
  await build(rig, '.#good');
  assert.deepEqual(rig.server.requests, []);
});

test('what is missing offline is named for all installables, and for all that one expression reads', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': `{
  x = toDerivation <github:o/x>,
  y = toDerivation <github:o/y>,
  texts = ${written('join "" [readFile <github:o/a>/name, readFile <github:o/b>/name]')},
}`,
  });
  const several = await rig.cab('build', '--offline', '.#x', '.#y');
  for (const name of ['x', 'y']) assert.match(several.stderr, new RegExp(`'github:o/${name}' is needed`));
  const one = await rig.cab('build', '--offline', '.#texts');
  for (const name of ['a', 'b']) assert.match(one.stderr, new RegExp(`'github:o/${name}' is needed`));
});

test('files of several islands that one expression reads are fetched at the same time', async (context) => {
  const rig = await withRepositories(context, 'a', 'b');
  await rig.write({
    'default.cab': written('join "" [readFile <github:o/a>/name, readFile <github:o/b>/name]'),
  });
  const holds = ['a', 'b'].map((name) =>
    rig.server.fault({ kind: 'hold', times: 1, match: (request) => request.path.includes(`/o/${name}`) }),
  );
  const built = build(rig);
  await Promise.all(holds.map((hold) => hold.waitForStrike()));
  for (const hold of holds) hold.release();
  await built;
  assert.equal(await readFile(path.join(rig.project, 'result'), 'utf8'), 'ab');
});

test('cab update drops what the project neither needs nor names, and nothing else', async (context) => {
  const rig = await withRepositories(context, 'a', 'b', 'c', 'd');
  const entry = `{ which = "1" } => {
  list = [toDerivation <github:o/a>],
  chosen = if which == "1" then toDerivation <github:o/b> else toDerivation <github:o/c>,
  gone = toDerivation <github:o/d>,
}`;
  await rig.write({ 'default.cab': entry });
  await rig.succeed('update');
  await rig.succeed('build', '--no-link', '--argument', 'which=2', '.#chosen');
  const all = ['github:o/a', 'github:o/b', 'github:o/c', 'github:o/d'];
  assert.deepEqual(await islandsOf(rig), all);
  await rig.succeed('update', '--project', '.#gone');
  assert.deepEqual(await islandsOf(rig), all);
  const broken = entry.replace('gone = toDerivation <github:o/d>', 'gone = throw "not now"');
  await rig.write({ 'default.cab': broken });
  const failed = await rig.cab('update');
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /not now/);
  assert.deepEqual(await islandsOf(rig), all);
  await rig.write({ 'default.cab': entry.replace('gone = toDerivation <github:o/d>,', '') });
  const dropped = await rig.succeed('update');
  assert.match(dropped.stderr, /dropped\s+github:o\/d/);
  assert.deepEqual(await islandsOf(rig), ['github:o/a', 'github:o/b', 'github:o/c']);
});

test('the log of the top of many diamonds is found at once', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': `let
  build = below => [0, 1] |> map (n => ${written('"\\(below) \\(n)"')}),
  tower = height => if height == 0 then "ground" else join " " (map (d => "\\(d)") (build (tower (height - 1)))),
in ${written('tower 22')}`,
  });
  await build(rig);
  assert.equal((await rig.succeed('log')).stdout, '');
});
