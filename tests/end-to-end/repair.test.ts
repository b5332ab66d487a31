import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { CabRig, CommandResult } from '../support/index.ts';
import { blobOf, damageRows, flipBit, keptDamage, overwrite } from './damage.ts';
import { assertStoreIsWhole, build, hashOf, resultTree, storyOf, withScenario } from './scenario.ts';

interface Report {
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly kind: string; readonly path: string }[];
  readonly actions: readonly { readonly kind: string; readonly path: string; readonly detail: string }[];
}

async function repair(rig: CabRig, code = 0): Promise<Report & { readonly result: CommandResult }> {
  const result = await rig.cab('store', 'verify', '--repair', '--json', '--log-format=plain');
  assert.equal(result.code, code, `${result.stdout}\n${result.stderr}`);
  return { ...(result.json() as Report), result };
}

function kinds(entries: readonly { readonly kind: string }[]): readonly string[] {
  return [...new Set(entries.map(({ kind }) => kind))].toSorted();
}

test('a damaged file of a build is made again, and what lies on disk is made anew', async (context) => {
  const { rig } = await withScenario(context);
  const before = await build(rig);
  flipBit(blobOf(rig, 'hello world\n'));
  const found = await rig.cab('store', 'verify');
  assert.equal(found.code, 1);
  assert.match(found.stdout, /^blob-corrupt: /m);
  assert.match(found.stderr, /error\[CAB5003\].*\n.*hint: run 'cab store verify --repair'/);
  const { findings, actions } = await repair(rig);
  assert.deepEqual(kinds(findings), ['blob-corrupt']);
  assert.deepEqual(kinds(actions), ['made-again', 'materialised']);
  assert.equal(readFileSync(path.join(rig.project, 'result', 'greeting.txt'), 'utf8'), 'hello world\n');
  await assertStoreIsWhole(rig);
  assert.deepEqual(keptDamage(rig), []);
  assert.equal(hashOf(await build(rig)), hashOf(before));
});

test('a damaged file of a fetched tree is fetched again by its pins, though its branch has moved', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  await build(rig, '.#source');
  await repository.write({ 'greeting.txt': 'bye @WHO@\n' }).commit('Second');
  flipBit(blobOf(rig, '# A page\n'));
  const { actions } = await repair(rig);
  assert.deepEqual(kinds(actions), ['made-again', 'materialised']);
  await assertStoreIsWhole(rig);
  const info = await rig.succeed('store', 'path-info', '--json');
  assert.ok(info.stdout.includes(`git:${firstCommit}`), info.stdout);
});

test('where the origin is gone, the output and what is built from it are taken out, and come back with the origin', async (context) => {
  const { rig } = await withScenario(context);
  const whole = await rig.succeed('build', '--json', '--log-format=plain', '.', '.#source');
  flipBit(blobOf(rig, '# A page\n'));
  const forge = rig.repositoryFolder('o/r');
  renameSync(forge, `${forge}.away`);
  const { actions, result } = await repair(rig, 1);
  assert.match(
    result.stderr,
    /error\[CAB5009\]: the store works again, but 2 outputs could not be had again/,
  );
  const taken = actions.filter(({ kind }) => kind === 'taken-out');
  assert.equal(taken.length, 2);
  assert.ok(
    taken.some(({ detail }) => /cannot be made again|failed|does not/.test(detail)),
    JSON.stringify(taken),
  );
  await assertStoreIsWhole(rig);
  assert.equal(keptDamage(rig).length, 1, 'the damaged file may be all that is left, and is kept');
  renameSync(`${forge}.away`, forge);
  assert.deepEqual(
    (await rig.succeed('build', '--json', '--log-format=plain', '.', '.#source')).json(),
    whole.json(),
  );
  await assertStoreIsWhole(rig);
});

test('a file that is there in its other variant comes from that, and nothing is run', async (context) => {
  const { rig } = await withScenario(context);
  await build(rig, '.#source');
  rig.server.reset();
  const script = '#!/bin/sh\necho @WHO@\n';
  flipBit(blobOf(rig, script, true));
  const one = await repair(rig);
  assert.deepEqual(kinds(one.actions), ['materialised', 'restored']);
  await assertStoreIsWhole(rig);

  assert.doesNotMatch(one.result.stderr, /^realize/m);
  assert.deepEqual(storyOf(rig), []);
});

test('a damaged or lost directory comes from what lies on disk, and without that is made again', async (context) => {
  const { rig } = await withScenario(context);
  await build(rig);
  const tree = await resultTree(rig);
  damageRows(rig, "UPDATE trees SET encoding = x'0a00' WHERE id % 2 = 0; DELETE FROM trees WHERE id % 2 = 1");
  const { actions, result } = await repair(rig);
  assert.ok(
    actions.some(({ kind, detail }) => kind === 'restored' && detail.includes('the folder')),
    result.stdout,
  );
  await assertStoreIsWhole(rig);
  assert.deepEqual(await resultTree(rig), tree);

  const real = realpathSync(path.join(rig.project, 'result'));
  execFileSync('chmod', ['-R', 'u+w', real]);
  rmSync(real, { recursive: true });
  damageRows(rig, 'DELETE FROM trees');
  const again = await repair(rig);
  assert.ok(kinds(again.actions).includes('made-again'), again.result.stdout);
  await assertStoreIsWhole(rig);
  await build(rig);
  assert.deepEqual(await resultTree(rig), tree);
});

test('what was changed on disk is made anew, and the store’s own files keep their modes', async (context) => {
  const { rig } = await withScenario(context);
  await build(rig);
  const tree = await resultTree(rig);
  const real = realpathSync(path.join(rig.project, 'result'));
  chmodSync(real, 0o755);
  rmSync(path.join(real, 'greeting.txt'));
  chmodSync(path.join(real, 'bin', 'run'), 0o777);
  const { findings, actions } = await repair(rig);
  assert.deepEqual(kinds(findings), ['blob-mode', 'materialised-differs']);
  assert.deepEqual(kinds(actions), ['materialised', 'restored']);
  assert.deepEqual(await resultTree(rig), tree);
  assert.equal(lstatSync(path.join(real, 'bin', 'run')).mode & 0o777, 0o555);
  await assertStoreIsWhole(rig);
});

test('rows that lead nowhere are taken out, and derivations that are not what they should be', async (context) => {
  const { rig } = await withScenario(context);
  const before = await build(rig);
  damageRows(
    rig,
    `UPDATE derivations SET encoding = replace(encoding, 'world', 'wurld');
     INSERT INTO realisations VALUES ('nothing', 'out', 4711)`,
  );
  const { findings } = await repair(rig);
  assert.deepEqual(kinds(findings), ['derivation-corrupt', 'row-dangling']);
  await assertStoreIsWhole(rig);
  assert.equal(hashOf(await build(rig)), hashOf(before));
});

test('a blob that nothing needs is removed where it is damaged', async (context) => {
  const { rig } = await withScenario(context);
  await build(rig);
  const file = blobOf(rig, 'hello world\n');
  const stray = path.join(path.dirname(file), `${path.basename(file).slice(0, 2)}${'0'.repeat(62)}`);
  writeFileSync(stray, 'x', { mode: 0o444 });
  overwrite(stray, 'y');
  const { actions } = await repair(rig);
  assert.deepEqual(
    actions.map(({ kind, path: place, detail }) => [kind, place, detail]),
    [['removed', stray, 'nothing needs it']],
  );
  await assertStoreIsWhole(rig);
  assert.deepEqual(keptDamage(rig), []);
});

test('a store whose database is damaged says so, and works again after a repair', async (context) => {
  const { rig } = await withScenario(context);
  const before = await build(rig);
  const tree = await resultTree(rig);
  const file = path.join(rig.store, 'metadata.sqlite');
  const content = readFileSync(file);
  // Page 1 holds the tables' own table: without it nothing can be read.
  writeFileSync(file, content.fill(0x55, 100, 4096));
  const refused = await rig.cab('build');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /error\[CAB5001\]: .* is damaged\n[^]*hint: run 'cab store verify --repair'/);
  const { result } = await repair(rig, 1);
  assert.match(
    result.stderr,
    /error\[CAB5009\]: the store works again, but its database could not be read in full/,
  );
  assert.deepEqual(keptDamage(rig), ['metadata.sqlite']);
  await assertStoreIsWhole(rig);
  rig.server.reset();
  assert.equal(hashOf(await build(rig)), hashOf(before));
  assert.deepEqual(await resultTree(rig), tree);
  await assertStoreIsWhole(rig);
});

test('a database with a wrong row is made anew from its right ones', async (context) => {
  const { rig } = await withScenario(context);
  const before = await build(rig);
  const file = path.join(rig.store, 'metadata.sqlite');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE');
  database.close();
  // Somewhere in a cell of the index of outputs: the table says another thing then.
  const content = readFileSync(file);
  const name = Buffer.from(`-greeting`);
  const places = [];
  for (let at = content.indexOf(name); at !== -1; at = content.indexOf(name, at + 1)) places.push(at);
  const hash = hashOf(before).slice('cab:'.length);
  const cells = places.filter((at) => content.toString('latin1', at - hash.length, at) === hash);
  assert.ok(cells.length > 1, 'the path of an output stands in the table and in its index');
  content[cells[0] as number] = 0x2e;
  writeFileSync(file, content);
  const { result, findings } = await repair(rig, 1);
  assert.deepEqual(findings, []);
  assert.match(result.stdout, /"salvaged"/);
  await assertStoreIsWhole(rig);
  assert.equal(hashOf(await build(rig)), hashOf(before));
});

test('of many files each is hashed, by two threads, and the one that is damaged is found', async (context) => {
  const { rig } = await withScenario(context);
  const count = 3000;
  await rig.write(
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`many/${index}`, `file ${index}\n`])),
  );
  await rig.succeed('store', 'add', 'many');
  const whole = (await rig.succeed('store', 'verify', '--json', '--log-format=plain')).json() as Report;
  assert.equal(whole.counts['blobs'], count);
  flipBit(blobOf(rig, 'file 1234\n'));
  const { stdout, code } = await rig.cab('store', 'verify');
  assert.equal(code, 1);
  assert.equal(stdout.match(/^blob-corrupt: /gm)?.length, 1);
  assert.match(stdout, new RegExp(`^${count} blobs, .* 1 wrong$`, 'm'));
});
