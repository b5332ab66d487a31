import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { type Digest, type StorePath, digestOf } from '../../src/foundation/index.ts';
import { type OutputRecord, Store, encodeDirectory } from '../../src/store/index.ts';
import { chooseSeed, randomFrom } from '../support/random.ts';
import { ageAll, blobNames, collect, commitFiles, linkTo, planOf, removedIn } from './collecting.ts';
import { bytes, temporaryFolder, temporaryStore } from './temporary-store.ts';

const blockSize = 4096;
const minuteMs = 60_000;

const content = (name: string): string => name.padEnd(3 * blockSize, '.');

/** Sets when things were last used, in milliseconds since 1970. */
class Clockwork implements Disposable {
  readonly #store: Store;
  readonly #database: DatabaseSync;

  constructor(store: Store) {
    this.#store = store;
    this.#database = new DatabaseSync(path.join(store.folder, 'metadata.sqlite'));
  }

  blob(digest: Digest, usedMs: number): void {
    utimesSync(this.#store.blobs.pathOf(digest, false), usedMs / 1000, 1);
  }

  tree(digest: Digest, usedMs: number): void {
    this.#database.prepare('UPDATE trees SET used = ? WHERE digest = ?').run(usedMs, digest);
  }

  output(output: StorePath, usedMs: number): void {
    this.#database.prepare('UPDATE outputs SET used = ? WHERE path = ?').run(usedMs, output);
  }

  result(action: Digest, usedMs: number): void {
    this.#database
      .prepare('UPDATE action_results SET used = ? WHERE action = ?')
      .run(usedMs, Buffer.from(action, 'hex'));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** The size of the store as a collection counts it. */
async function sizeOf(store: Store): Promise<number> {
  const steps = await collect(store, { order: 'by-use', isDryRun: true, keepBytes: 0 });
  return planOf(steps).storeBytes ?? assert.fail();
}

async function assertSound(store: Store): Promise<void> {
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
}

test('outputs, loose blobs, loose directories and results go in the order in which they were last used', async () => {
  using place = temporaryStore();
  const { store } = place;
  const startMs = Date.now() - 1000 * minuteMs;
  const output = commitFiles(store, { file: content('output') });
  const blob = store.blobs.put(bytes(content('blob'))).digest;
  const inTree = store.blobs.put(bytes(content('in tree')));
  const tree = store.putTree(
    encodeDirectory({ files: [{ name: 'a', ...inTree, executable: false }], directories: [], symlinks: [] }),
  ).digest;
  const key = { function: 'sha256', action: digestOf('action'), identity: '' };
  store.actionResults.put(key, bytes(content('result')));
  const last = commitFiles(store, { file: content('last') });
  ageAll(store, startMs);
  {
    using clock = new Clockwork(store);
    clock.blob(blob, startMs + 1 * minuteMs);
    clock.output(output.path, startMs + 2 * minuteMs);
    clock.tree(tree, startMs + 3 * minuteMs);
    clock.result(key.action, startMs + 4 * minuteMs);
    clock.output(last.path, startMs + 5 * minuteMs);
  }
  const isThere = (): string =>
    [
      store.blobs.has(blob) && 'blob',
      store.has(output.path) && 'output',
      store.hasTree(tree) && store.blobs.has(inTree.digest) && 'tree',
      countResults(store) > 0 && 'result',
      store.has(last.path) && 'last',
    ]
      .filter((name) => name !== false)
      .join(' ');
  const states: string[] = [];
  for (let round = 0; round < 5; round++) {
    states.push(isThere());
    const size = await sizeOf(store);
    await collect(store, { order: 'by-use', keepBytes: size - 1 });
  }
  assert.deepEqual(states, [
    'blob output tree result last',
    'output tree result last',
    'tree result last',
    'result last',
    'last',
  ]);
  assert.equal(isThere(), '');
  assert.deepEqual(blobNames(store), []);
});

/** How many results there are; the look is no use. */
function countResults(store: Store): number {
  const database = new DatabaseSync(path.join(store.folder, 'metadata.sqlite'));
  const row = database.prepare('SELECT count(*) AS count FROM action_results').get();
  database.close();
  return row?.['count'] as number;
}

test('a blob goes with the last that holds it, or later if it was used itself', async () => {
  using place = temporaryStore();
  const { store } = place;
  const startMs = Date.now() - 1000 * minuteMs;
  const early = commitFiles(store, { shared: 'shared', own: 'own', used: 'used' });
  const late = commitFiles(store, { shared: 'shared' });
  ageAll(store, startMs);
  {
    using clock = new Clockwork(store);
    clock.output(late.path, startMs + minuteMs);
    clock.blob(digestOf('used'), startMs + 2 * minuteMs);
  }
  await collect(store, { order: 'by-use', keepBytes: (await sizeOf(store)) - 1 });
  assert.equal(store.has(early.path), false);
  assert.deepEqual(new Set(blobNames(store)), new Set([digestOf('shared'), digestOf('used')]));
  await collect(store, { order: 'by-use', keepBytes: (await sizeOf(store)) - 1 });
  assert.equal(store.has(late.path), false);
  assert.deepEqual(blobNames(store), [digestOf('used')]);
});

test('roots keep what they lead to, however small the store is to be', async () => {
  using place = temporaryStore();
  const { store } = place;
  const lower = commitFiles(store, { file: 'lower' });
  const upper = commitFiles(store, { file: 'upper' }, [lower.path]);
  const other = commitFiles(store, { file: 'other' });
  linkTo(store, upper, path.join(place.work, 'result'));
  ageAll(store);
  const steps = await collect(store, { order: 'by-use', keepBytes: 0 });
  assert.deepEqual(removedIn(steps), [other.path]);
  assert.ok(store.isWhole(upper.path) && store.isWhole(lower.path));
});

test('what somebody who serves has used stays, and goes once his session has moved on', async () => {
  using folder = temporaryFolder();
  const serving = Store.open(folder.path, { serves: true });
  const keeper = Store.open(folder.path);
  const output = commitFiles(serving, { file: 'output' });
  const loose = serving.blobs.put(bytes('loose')).digest;
  const isThere = () => [serving.has(output.path), serving.blobs.has(loose)];
  await collect(keeper, { order: 'by-use', keepBytes: 0 });
  assert.deepEqual(isThere(), [true, true]);
  // A second for marks that were not made anew, and one for the clock.
  ageAll(serving, Date.now() - 2500);
  serving.moveSessionStart(Date.now());
  await collect(keeper, { order: 'by-use', keepBytes: 0 });
  assert.deepEqual(isThere(), [false, false]);
  keeper.close();
  serving.close();
});

test('where the store is small enough nothing goes', async () => {
  using place = temporaryStore();
  const { store } = place;
  const output = commitFiles(store, { file: 'output' });
  store.blobs.put(bytes('loose'));
  ageAll(store);
  const steps = await collect(store, { order: 'by-use', keepBytes: await sizeOf(store) });
  assert.deepEqual(
    steps.map(({ kind }) => kind),
    ['planned'],
  );
  assert.equal(planOf(steps).bytes, 0);
  assert.ok(store.isWhole(output.path));
  assert.equal(blobNames(store).length, 2);
});

test('of random stores goes what was used least recently, until they are small enough', async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  for (let round = 0; round < 8; round++) {
    using place = temporaryStore();
    const { store } = place;
    const startMs = Date.now() - 1000 * minuteMs;
    const outputs: OutputRecord[] = [];
    const blobs = new Map<Digest, number>();
    for (let index = 0; index < 40; index++) {
      const files = {
        [`f${below(20)}`]: `${below(30)}`.padEnd(below(6) * blockSize + 1),
        own: `${round} ${index}`,
      };
      const before = outputs[below(outputs.length * 2)];
      outputs.push(commitFiles(store, files, before === undefined ? [] : [before.path], `output${index}`));
      const loose = store.blobs.put(bytes(`loose ${index}`.padEnd(below(6) * blockSize + 10)));
      blobs.set(loose.digest, 0);
    }
    ageAll(store, startMs);
    const used = new Map<StorePath, number>();
    {
      using clock = new Clockwork(store);
      for (const { path: output } of outputs) {
        used.set(output, startMs + below(100) * minuteMs);
        clock.output(output, used.get(output) as number);
      }
      for (const digest of blobs.keys()) {
        blobs.set(digest, startMs + below(100) * minuteMs);
        clock.blob(digest, blobs.get(digest) as number);
      }
    }
    // What refers to an output counts as a use of it.
    for (const { path: output, references } of outputs.toReversed()) {
      for (const reference of references) {
        used.set(reference, Math.max(used.get(reference) as number, used.get(output) as number));
      }
    }
    const size = await sizeOf(store);
    const keepBytes = Math.round(size * (0.3 + random() * 0.7));
    const steps = await collect(store, { order: 'by-use', keepBytes });
    const plan = planOf(steps);
    const left = await sizeOf(store);
    // Rows come free in whole pages of the database only.
    assert.ok(left <= keepBytes + 8 * blockSize, `${left} bytes are left, and were to be ${keepBytes}`);
    const gone = [
      ...[...used].filter(([output]) => !store.has(output)).map(([, usedMs]) => usedMs),
      ...[...blobs].filter(([digest]) => !store.blobs.has(digest)).map(([, usedMs]) => usedMs),
    ];
    const stays = [
      ...[...used].filter(([output]) => store.has(output)).map(([, usedMs]) => usedMs),
      ...[...blobs].filter(([digest]) => store.blobs.has(digest)).map(([, usedMs]) => usedMs),
    ];
    assert.ok(
      Math.max(...gone) < Math.min(...stays),
      'something that stays was used before something that went',
    );
    assert.deepEqual(new Set(removedIn(steps)), new Set(plan.outputs.map(({ path: output }) => output)));
    for (const { path: output } of outputs) assert.equal(store.isWhole(output), store.has(output));
    await assertSound(store);
  }
});

test('outputs that lie on disk go from there as well', async () => {
  using place = temporaryStore();
  const { store } = place;
  const source = path.join(place.work, 'source');
  mkdirSync(source);
  writeFileSync(path.join(source, 'file'), 'text');
  const output = store.addLocal(source, 'source');
  const onDisk = store.materialise(output);
  ageAll(store);
  await collect(store, { order: 'by-use', keepBytes: 0 });
  assert.equal(store.has(output), false);
  assert.throws(() => writeFileSync(path.join(onDisk, 'other'), ''), /ENOENT/);
});
