import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { type StorePath, digestOf, hashPartOfStorePath } from '../../src/foundation/index.ts';
import { type ActionKey, type OutputRecord, Store, encodeDirectory } from '../../src/store/index.ts';
import { ageAll, blobNames, collect, commitFiles, freedIn, linkTo, planOf, removedIn } from './collecting.ts';
import { bytes, diagnosed, listing, scratchPath, temporaryStore } from './temporary-store.ts';

async function assertWhole(store: Store): Promise<void> {
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
  assert.deepEqual(listing(path.join(store.folder, 'condemned')), []);
}

test('what no root keeps goes: its row, its directories, its blobs and what lies on disk', async () => {
  using place = temporaryStore();
  const { store } = place;
  const dead = commitFiles(store, { file: 'dead', 'folder/inner': 'dead too' });
  store.blobs.file(digestOf('dead'), true);
  const real = store.materialise(dead.path);
  const steps = await collect(store);
  assert.deepEqual(removedIn(steps), [dead.path]);
  assert.equal(store.has(dead.path), false);
  assert.equal(store.hasTree(dead.tree), false);
  assert.deepEqual(blobNames(store), []);
  assert.equal(existsSync(real), false);
  await assertWhole(store);
});

test('a link keeps what it leads to and all that this refers to', async () => {
  using place = temporaryStore();
  const { store } = place;
  const base = commitFiles(store, { file: 'base' });
  const middle = commitFiles(store, { file: 'middle', 'folder/inner': 'x' }, [base.path]);
  const top = commitFiles(store, { file: 'top' }, [middle.path]);
  const other = commitFiles(store, { file: 'other' }, [base.path]);
  linkTo(store, top, path.join(place.work, 'result'));
  assert.deepEqual(removedIn(await collect(store)), [other.path]);
  assert.deepEqual(store.closure([top.path]), [base.path, middle.path, top.path].toSorted());
  assert.equal(store.blobs.has(digestOf('x')), true);
  await assertWhole(store);
});

test('a link by way of another link, from where the store lies by another name, is a root too', async () => {
  using place = temporaryStore();
  const { store } = place;
  const output = commitFiles(store, { file: 'text' });
  symlinkSync(store.folder, path.join(place.work, 'alias'));
  const real = path.relative(store.folder, store.materialise(output.path));
  symlinkSync(path.join(place.work, 'alias', real), path.join(place.work, 'first'));
  symlinkSync('first', path.join(place.work, 'second'));
  store.addRoots([{ kind: 'link', path: path.join(place.work, 'second') }]);
  assert.deepEqual(removedIn(await collect(store)), []);
  assert.deepEqual(
    store.roots(() => []),
    [{ kind: 'link', path: path.join(place.work, 'second'), state: 'good', keeps: [output.path] }],
  );
});

test('a root that leads nowhere any more is dropped, and keeps nothing', async () => {
  using place = temporaryStore();
  const { store } = place;
  const [moved, gone] = [path.join(place.work, 'moved'), path.join(place.work, 'gone')];
  const output = commitFiles(store, { file: 'text' });
  linkTo(store, output, moved);
  linkTo(store, output, gone);
  rmSync(gone);
  rmSync(moved);
  symlinkSync('/elsewhere', moved);
  const steps = await collect(store);
  assert.deepEqual(
    steps.flatMap((step) => (step.kind === 'root-dropped' ? [step.path] : [])),
    [gone, moved],
  );
  assert.deepEqual(
    store.roots(() => []),
    [],
  );
  assert.deepEqual(removedIn(steps), [output.path]);
});

test('an output can be a root by itself until it is removed from the register', async () => {
  using place = temporaryStore();
  const { store } = place;
  const output = commitFiles(store, { file: 'text' });
  store.addRoots([{ kind: 'output', path: output.path }]);
  assert.deepEqual(removedIn(await collect(store)), []);
  assert.equal(store.removeRoot(output.path), true);
  assert.equal(store.removeRoot(output.path), false);
  assert.deepEqual(removedIn(await collect(store)), [output.path]);
});

test('what would go is said beforehand, to the byte, and nothing goes where only that was asked', async () => {
  using place = temporaryStore();
  const { store } = place;
  const shared = 'shared'.repeat(10_000);
  const live = commitFiles(store, { shared, file: 'live' });
  linkTo(store, live, path.join(place.work, 'result'));
  const dead = commitFiles(store, { shared, own: 'own'.repeat(20_000), both: 'both'.repeat(5000) });
  const later = commitFiles(store, { shared, both: 'both'.repeat(5000) });
  store.blobs.put(bytes('loose'));
  const before = blobNames(store);
  const plan = planOf(await collect(store, { isDryRun: true }));
  assert.deepEqual(blobNames(store), before);
  assert.ok(store.has(dead.path));
  const bytesOf = (output: OutputRecord) =>
    plan.outputs.find(({ path: each }) => each === output.path)?.bytes;
  assert.equal((bytesOf(dead) ?? 0) + (bytesOf(later) ?? 0), blocks(60_000) + blocks(20_000));
  assert.ok((bytesOf(dead) ?? 0) >= blocks(60_000));
  assert.equal(plan.loose.blobs, 1);
  assert.equal(plan.kept, 1);
  assert.equal(plan.bytes, blocks(60_000) + blocks(20_000) + blocks(5));
  const steps = await collect(store);
  assert.deepEqual(planOf(steps), plan);
  assert.equal(freedIn(steps), plan.bytes);
  assert.ok(store.blobs.has(digestOf(shared)));
  await assertWhole(store);
});

test('what others have links to does not come free, and is not said to', async () => {
  using place = temporaryStore();
  const { store } = place;
  const { digest } = store.blobs.put(bytes('text'));
  linkSync(store.blobs.file(digest), path.join(place.work, 'mine'));
  assert.equal(freedIn(await collect(store)), 0);
  assert.equal(store.blobs.has(digest), false);
});

/** What so many bytes take on the disks that tests run on. */
function blocks(size: number): number {
  return Math.ceil(size / 4096) * 4096;
}

test('the least recently used go first, and none before what refers to it', async () => {
  using place = temporaryStore();
  const { store } = place;
  const base = commitFiles(store, { file: 'base' });
  const old = commitFiles(store, { file: 'old' });
  await later();
  const top = commitFiles(store, { file: 'top' }, [base.path]);
  await later();
  const recent = commitFiles(store, { file: 'recent' });
  const plan = planOf(await collect(store, { isDryRun: true }));
  assert.deepEqual(
    plan.outputs.map(({ path: each }) => each),
    [old, top, base, recent].map(({ path: each }) => each),
  );
});

/** Lets the clock go on by a millisecond, which is what times of use are told apart by. */
async function later(): Promise<void> {
  const before = Date.now();
  while (Date.now() === before) await new Promise((resolve) => setImmediate(resolve));
}

test('only what was not used for so long goes', async () => {
  using place = temporaryStore();
  const { store } = place;
  const base = commitFiles(store, { file: 'base' });
  const old = commitFiles(store, { file: 'old' });
  await later();
  const between = Date.now();
  const top = commitFiles(store, { file: 'top' }, [base.path]);
  const loose = store.blobs.put(bytes('loose'));
  const olderThanMs = 3600_000;
  const now = () => between + olderThanMs;
  assert.deepEqual(removedIn(await collect(store, { olderThanMs, now })), [old.path]);
  assert.deepEqual(store.closure([top.path]).length, 2);
  assert.ok(store.blobs.has(loose.digest));
  await assertWhole(store);
});

test('a collection stops once so much is free, or the store is so small', async () => {
  using place = temporaryStore();
  const { store } = place;
  const outputs: OutputRecord[] = [];
  for (let count = 0; count < 6; count++) {
    outputs.push(commitFiles(store, { file: `${count}`.repeat(40_000) }));
    await later();
  }
  const paths = outputs.map(({ path: each }) => each);
  assert.deepEqual(removedIn(await collect(store, { maxFreeBytes: 1 })), paths.slice(0, 1));
  assert.deepEqual(removedIn(await collect(store, { maxFreeBytes: blocks(40_000) + 1 })), paths.slice(1, 3));
  const left = planOf(await collect(store, { isDryRun: true, keepBytes: 0 }));
  assert.equal(left.outputs.length, 3);
  const size = sizeOf(store);
  assert.deepEqual(removedIn(await collect(store, { keepBytes: size })), []);
  assert.deepEqual(
    removedIn(await collect(store, { keepBytes: size - blocks(40_000) - 1 })),
    paths.slice(3, 5),
  );
  assert.ok(store.has(paths[5] as never));
  await assertWhole(store);
});

/** What a store of three outputs takes, as the collection counts it: found by asking for ever smaller sizes would tell the same. */
function sizeOf(store: Store): number {
  const database = statSync(path.join(store.folder, 'metadata.sqlite'));
  return database.blocks * 512 + blobNames(store).length * blocks(40_000);
}

test('what is loose goes first, and is enough where it is enough', async () => {
  using place = temporaryStore();
  const { store } = place;
  const output = commitFiles(store, { file: 'text' });
  for (let count = 0; count < 100; count++) store.blobs.put(bytes(`loose ${count}`));
  store.putTree(encodeDirectory({ files: [], directories: [], symlinks: [{ name: 'a', target: 'b' }] }));
  const steps = await collect(store, { maxFreeBytes: 50 * 4096 });
  assert.deepEqual(removedIn(steps), []);
  assert.ok(freedIn(steps) >= 50 * 4096 && freedIn(steps) <= 90 * 4096, `${freedIn(steps)}`);
  assert.ok(store.has(output.path));
  assert.equal(planOf(await collect(store, { isDryRun: true })).loose.directories, 0);
});

test('a lock keeps what it pins, by Cab hash or by what was claimed, and what locks inside of that pin', async () => {
  using place = temporaryStore();
  const { store } = place;
  const scope = digestOf('scope') as string as never;
  const fixedInside = commitFiles(store, { file: 'inner' });
  const byClaim = commitFiles(store, { file: 'claimed' });
  const pinned = commitFiles(store, {
    'cab.lock': `cab:${hashPartOfStorePath(fixedInside.path)}\n`,
    file: 'pinned',
  });
  const other = commitFiles(store, { 'cab.lock': 'not a lock', file: 'other' });
  const dead = commitFiles(store, { file: 'dead' });
  store.commit({
    outputs: [],
    claims: [{ scope, claim: { format: 'git', value: 'abc' }, path: byClaim.path }],
  });
  const lock = path.join(place.work, 'cab.lock');
  writeFileSync(
    lock,
    `git:abc\ncab:${hashPartOfStorePath(pinned.path)}\ncab:${hashPartOfStorePath(other.path)}\n`,
  );
  store.addRoots([{ kind: 'lock', path: lock }]);
  assert.deepEqual(removedIn(await collect(store)), [dead.path]);
  await assertWhole(store);
});

test('a lock that cannot be read stops the collection before anything goes', async () => {
  using place = temporaryStore();
  const { store } = place;
  commitFiles(store, { file: 'text' });
  const lock = path.join(place.work, 'cab.lock');
  mkdirSync(lock);
  store.addRoots([{ kind: 'lock', path: lock }]);
  await assert.rejects(collect(store), diagnosed('CAB5020', /cab\.lock/));
  assert.equal(blobNames(store).length, 1);
  assert.deepEqual(
    store.roots(() => []),
    [{ kind: 'lock', path: lock, state: 'unreadable', keeps: [], reason: 'the system says EISDIR' }],
  );
  store.removeRoot(lock);
  await collect(store);
  assert.equal(blobNames(store).length, 0);
});

test('a damaged directory of something that stays stops the collection', async () => {
  using place = temporaryStore();
  const { store } = place;
  const output = commitFiles(store, { 'folder/file': 'text' });
  linkTo(store, output, path.join(place.work, 'result'));
  const database = new DatabaseSync(path.join(store.folder, 'metadata.sqlite'));
  database.exec(`UPDATE trees SET encoding = x'00' WHERE digest = '${output.tree}'`);
  database.close();
  await assert.rejects(collect(store), diagnosed('CAB5020', /the directory/));
  assert.equal(blobNames(store).length, 1);
});

test('rows that are about nothing any more go, those about what stays do not', async () => {
  using place = temporaryStore();
  const { store } = place;
  const settled = { now: () => Date.now() + 10_000 };
  const outputs: StorePath[] = [];
  for (const name of ['stays', 'goes']) {
    const source = path.join(place.work, name);
    mkdirSync(source);
    writeFileSync(path.join(source, 'file'), name);
    const output = store.addLocal(source, name, settled);
    outputs.push(output);
    const content = { kind: 'file', digest: digestOf(name), size: name.length } as const;
    store.commit({
      outputs: [],
      contents: [{ ...content, program: digestOf(`program of ${name}`), id: 'git-blob:1', path: output }],
    });
    await store.sha256Of(content);
  }
  store.addRoots([{ kind: 'output', path: outputs[0] as StorePath }]);
  const tables = ['local_trees', 'local_folders', 'programs', 'known_contents', 'sha256_digests', 'outputs'];
  const counts = (): number[] => {
    const database = new DatabaseSync(path.join(store.folder, 'metadata.sqlite'));
    const found = tables.map((table) => database.prepare(`SELECT count(*) AS count FROM ${table}`).get());
    database.close();
    return found.map((row) => row?.['count'] as number);
  };
  assert.deepEqual(counts(), [2, 2, 2, 2, 2, 2]);
  await collect(store);
  assert.deepEqual(counts(), [1, 1, 1, 1, 1, 1]);
  assert.ok(store.findContent(digestOf('program of stays'), 'git-blob:1'));
});

const actionKey = (name: string): ActionKey => ({ function: 'sha256', action: digestOf(name), identity: '' });

test('results of actions go with the content that no output holds, unless they are in use', async () => {
  using place = temporaryStore();
  const { store } = place;
  const serving = Store.open(store.folder, { serves: true });
  const [used, unused] = [actionKey('used'), actionKey('unused')];
  for (const key of [used, unused]) store.actionResults.put(key, bytes('result'));
  ageAll(store);
  assert.ok(serving.actionResults.get(used) !== undefined);
  await collect(store);
  assert.ok(serving.actionResults.get(used) !== undefined);
  assert.equal(serving.actionResults.get(unused), undefined);
  serving.close();
});

test('a file that a build has more links to is no less safe', async () => {
  using place = temporaryStore();
  const { store } = place;
  store.blobs.put(bytes('linked'));
  const builder = Store.open(store.folder);
  const file = path.join(store.folder, 'blobs', digestOf('linked').slice(0, 2), digestOf('linked'));
  utimesSync(file, 1000, 1);
  const source = path.join(place.work, 'out');
  writeFileSync(source, 'linked');
  linkSync(source, path.join(place.work, 'other name'));
  await builder.addOutput({ source, scratch: scratchPath('a'), name: 'output', candidates: [] });
  await collect(store);
  assert.ok(builder.blobs.has(digestOf('linked')));
  builder.close();
});

test('logs go once they are old, and others stay', async () => {
  using place = temporaryStore();
  const { store } = place;
  store.logs.write(['old'], ['old']);
  store.logs.write(['new'], ['new']);
  utimesSync(path.join(store.folder, 'logs', 'old.zst'), 1000, Date.now() / 1000 - 91 * 24 * 3600);
  await collect(store);
  assert.equal(store.logs.read('old'), undefined);
  assert.equal(store.logs.read('new'), 'new\n');
});
