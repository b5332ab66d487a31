import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { DerivationId } from '../../src/derivations/index.ts';
import { type StorePath, digestOf, hashPartOf } from '../../src/foundation/index.ts';
import { type CollectionStep, Store, encodeDirectory } from '../../src/store/index.ts';
import { startChild } from './child.ts';
import { ageAll, blobNames, collect, commitFiles, planOf, removedIn } from './collecting.ts';
import { bytes, listing, temporaryStore } from './temporary-store.ts';

const id = (seed: string): DerivationId => hashPartOf(digestOf(seed)) as string as DerivationId;

async function assertWhole(store: Store): Promise<void> {
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
  assert.deepEqual(listing(path.join(store.folder, 'condemned')), []);
}

/** Makes a mark of use older, as if it had been made so long ago. */
function age(store: Store, output: StorePath, ms: number): void {
  const database = new DatabaseSync(path.join(store.folder, 'metadata.sqlite'));
  database.prepare('UPDATE outputs SET used = used - ? WHERE path = ?').run(ms, output);
  database.close();
}

test('what an open store has used stays, with all that it refers to, until it is closed', async () => {
  using place = temporaryStore();
  const base = commitFiles(place.store, { file: 'base' });
  const used = commitFiles(place.store, { file: 'used', 'folder/a': 'b' }, [base.path]);
  const other = commitFiles(place.store, { file: 'other' });
  for (const each of [base, used, other]) age(place.store, each.path, 3600_000);
  const builder = Store.open(place.store.folder);
  assert.deepEqual([...builder.use([used.path, other.path, base.path])].length, 3);
  age(place.store, other.path, 3600_000);
  age(place.store, base.path, 3600_000);
  assert.deepEqual(removedIn(await collect(place.store)), [other.path]);
  assert.deepEqual(builder.closure([used.path]).length, 2);
  await assertWhole(place.store);
  builder.close();
  assert.deepEqual(removedIn(await collect(place.store)), [used.path, base.path]);
});

test('a mark that is a moment older than the session that trusts it protects all the same', async () => {
  using place = temporaryStore();
  const output = commitFiles(place.store, { file: 'text' });
  age(place.store, output.path, 30_000);
  const builder = Store.open(place.store.folder);
  assert.ok(builder.use([output.path]).has(output.path));
  assert.deepEqual(removedIn(await collect(place.store)), []);
  await assertWhole(place.store);
  builder.close();
});

test('a session that moves its start forward lets go of what was used before', async () => {
  using place = temporaryStore();
  const output = commitFiles(place.store, { file: 'text' });
  const builder = Store.open(place.store.folder);
  assert.ok(builder.use([output.path]).has(output.path));
  age(place.store, output.path, 3600_000);
  const name = listing(path.join(place.store.folder, 'sessions')).at(-1) ?? '';
  const file = path.join(place.store.folder, 'sessions', name);
  utimesSync(file, 1, Date.now() / 1000 - 2 * 3600);
  assert.deepEqual(removedIn(await collect(place.store)), []);
  builder.moveSessionStart(Date.now());
  assert.deepEqual(removedIn(await collect(place.store)), [output.path]);
  builder.close();
});

/** Each way of coming to rely on what an output holds. `rely` says whether it was there to be relied on. */
const relying: Readonly<Record<string, (builder: Store, output: StorePath) => boolean>> = {
  use: (builder, output) => builder.use([output]).has(output),
  'a claim': (builder) => builder.findClaim(id('scope'), { format: 'git', value: 'abc' }) !== undefined,
  'a known content': (builder) => builder.findContent(digestOf('program'), 'git-blob:1') !== undefined,
  'a part': (builder, output) => builder.addPart(output, '/folder', 'part') !== undefined,
};

for (const [way, rely] of Object.entries(relying)) {
  test(`an output that is found by ${way} during a collection, by whoever began after it, stays whole`, async () => {
    using place = temporaryStore();
    const { store } = place;
    const base = commitFiles(store, { file: 'base' });
    const output = commitFiles(store, { file: 'text', 'folder/inner': 'inner' }, [base.path]);
    store.commit({
      outputs: [],
      claims: [{ scope: id('scope'), claim: { format: 'git', value: 'abc' }, path: output.path }],
      contents: [
        {
          program: digestOf('program'),
          id: 'git-blob:1',
          kind: 'file',
          digest: digestOf('inner'),
          size: 5,
          path: output.path,
        },
      ],
    });
    // A mark from before the collection, young enough that a session which knew of no collection would trust it.
    age(store, output.path, 10_000);
    let builder: Store | undefined;
    const steps = await collect(store, {}, (step) => {
      if (step.kind !== 'planned') return;
      builder = Store.open(store.folder);
      assert.equal(rely(builder, output.path), true);
    });
    assert.deepEqual(removedIn(steps), []);
    assert.equal(steps.filter((step) => step.kind === 'output-kept').length, 2);
    assert.equal(Buffer.from(store.blobs.read(digestOf('inner'))).toString(), 'inner');
    assert.equal(store.closure([output.path]).length, 2);
    await assertWhole(store);
    builder?.close();
  });

  test(`an output that is looked for by ${way} once it was collected is not found`, async () => {
    using place = temporaryStore();
    const { store } = place;
    const output = commitFiles(store, { file: 'text', 'folder/inner': 'inner' });
    const builder = Store.open(store.folder);
    builder.close();
    let found: boolean | undefined;
    await collect(store, {}, (step) => {
      if (step.kind !== 'output-removed') return;
      const late = Store.open(store.folder);
      found = rely(late, output.path);
      late.close();
    });
    assert.equal(found, false);
    await assertWhole(store);
  });
}

/** Each way of coming to rely on a blob or a directory; all of them make sure that it is there. */
const ways: Readonly<Record<string, (builder: Store, work: string) => void>> = {
  'putting its content': (builder) => builder.blobs.put(bytes('inner')),
  'writing its content': (builder) => {
    const writer = builder.blobs.writer();
    writer.write(bytes('inner'));
    writer.finish();
  },
  'moving in a file with its content': (builder, work) => {
    const file = path.join(work, 'moved');
    writeFileSync(file, 'inner');
    builder.blobs.adopt(file, digestOf('inner'), false);
  },
  'asking for it, or putting it': (builder) => {
    if (!builder.blobs.use(digestOf('inner'))) builder.blobs.put(bytes('inner'));
  },
};
const moments: readonly CollectionStep['kind'][] = [
  'planned',
  'output-removed',
  'directories-removed',
  'blobs-chosen',
  'blobs-condemned',
  'blobs-removed',
];

for (const [way, rely] of Object.entries(ways)) {
  for (const moment of moments) {
    test(`a blob is not lost to whoever relies on it by ${way}, at the moment ${moment}`, async () => {
      using place = temporaryStore();
      const { store } = place;
      commitFiles(store, { file: 'text', 'folder/inner': 'inner' });
      const builder = Store.open(store.folder);
      ageAll(store);
      let happened = false;
      const steps = await collect(store, {}, (step) => {
        if (step.kind !== moment || happened) return;
        happened = true;
        rely(builder, place.work);
      });
      if (!happened) assert.fail(`no step was ${moment}: ${JSON.stringify(steps)}`);
      assert.equal(Buffer.from(builder.blobs.read(digestOf('inner'))).toString(), 'inner');
      await assertWhole(store);
      builder.close();
    });
  }
}

test('a blob can be read while it is condemned, and is back afterwards', async () => {
  using place = temporaryStore();
  const { store } = place;
  store.blobs.put(bytes('text'));
  const reader = Store.open(store.folder);
  ageAll(store);
  let text = '';
  await collect(store, {}, (step) => {
    if (step.kind !== 'blobs-condemned') return;
    text = Buffer.from(reader.blobs.read(digestOf('text'))).toString();
  });
  assert.equal(text, 'text');
  assert.ok(store.blobs.has(digestOf('text')));
  assert.equal(statSync(store.blobs.file(digestOf('text'))).nlink, 1);
  reader.close();
  await collect(store);
  assert.equal(store.blobs.has(digestOf('text')), false);
});

test('whoever has found a blob and uses it a moment later finds it again where it was condemned meanwhile', () => {
  using place = temporaryStore();
  const { store } = place;
  const { digest } = store.blobs.put(bytes('text'));
  let count = 0;
  const text = store.blobs.withFile(digest, false, (file) => {
    if (count++ === 0) {
      mkdirSync(path.join(store.folder, 'condemned'));
      renameSync(file, path.join(store.folder, 'condemned', digest));
    }
    return readFileSync(file, 'utf8');
  });
  assert.deepEqual([text, count], ['text', 2]);
});

for (const moment of moments.slice(0, 3)) {
  test(`an output that is built again at the moment ${moment} is whole`, async () => {
    using place = temporaryStore();
    const { store } = place;
    const before = commitFiles(store, { file: 'text', 'folder/inner': 'inner' });
    const builder = Store.open(store.folder);
    ageAll(store);
    let happened = false;
    await collect(store, {}, (step) => {
      if (step.kind !== moment || happened) return;
      happened = true;
      assert.equal(commitFiles(builder, { file: 'text', 'folder/inner': 'inner' }).path, before.path);
    });
    assert.ok(happened);
    assert.ok(builder.has(before.path));
    const real = builder.materialise(before.path);
    assert.equal(readFileSync(path.join(real, 'folder', 'inner'), 'utf8'), 'inner');
    await assertWhole(store);
    builder.close();
  });

  test(`a local tree that is added again at the moment ${moment} is whole`, async () => {
    using place = temporaryStore();
    const { store } = place;
    const source = path.join(place.work, 'source');
    mkdirSync(path.join(source, 'folder'), { recursive: true });
    writeFileSync(path.join(source, 'folder', 'inner'), 'inner');
    utimesSync(path.join(source, 'folder', 'inner'), 1000, 1000);
    const settled = { now: () => Date.now() + 10_000 };
    store.addLocal(source, 'first', settled);
    const builder = Store.open(store.folder);
    ageAll(store);
    let output: StorePath | undefined;
    await collect(store, {}, (step) => {
      if (step.kind !== moment || output !== undefined) return;
      output = builder.addLocal(source, 'second', settled);
    });
    assert.ok(output !== undefined && builder.has(output));
    assert.equal(readFileSync(path.join(builder.materialise(output), 'folder', 'inner'), 'utf8'), 'inner');
    await assertWhole(store);
    builder.close();
  });
}

for (const moment of ['before', 'planned'] as const) {
  test(`a directory that is put again (${moment}) keeps what is in it, whoever put that`, async () => {
    using place = temporaryStore();
    const { store } = place;
    const file = { name: 'file', ...store.blobs.put(bytes('text')), executable: false };
    const encoding = encodeDirectory({ files: [file], directories: [], symlinks: [] });
    const { digest } = store.putTree(encoding);
    const builder = Store.open(store.folder);
    ageAll(store);
    if (moment === 'before') builder.putTree(encoding);
    await collect(store, {}, (step) => {
      if (step.kind === moment) builder.putTree(encoding);
    });
    assert.ok(builder.hasTree(digest));
    await assertWhole(store);
    builder.close();
  });
}

test('a blob that was moved in and belongs to no directory yet stays', async () => {
  using place = temporaryStore();
  const { store } = place;
  const builder = Store.open(store.folder);
  const file = path.join(place.work, 'moved');
  writeFileSync(file, 'moved');
  builder.blobs.adopt(file, digestOf('moved'), true);
  await collect(store);
  assert.ok(builder.blobs.has(digestOf('moved')));
  builder.close();
  await collect(store);
  assert.deepEqual(blobNames(store), []);
});

test('a directory that was put, and that no output holds yet, stays with its blobs', async () => {
  using place = temporaryStore();
  const { store } = place;
  const builder = Store.open(store.folder);
  const file = { name: 'file', ...builder.blobs.put(bytes('text')), executable: false };
  const { digest } = builder.putTree(encodeDirectory({ files: [file], directories: [], symlinks: [] }));
  const plan = planOf(await collect(store));
  assert.deepEqual(plan.loose, { blobs: 0, directories: 0, bytes: 0 });
  assert.ok(builder.hasTree(digest));
  assert.ok(builder.blobs.has(file.digest));
  builder.close();
  await collect(store);
  assert.equal(store.hasTree(digest), false);
});

test('what is known of an output outlives it, and the next build of it brings it back with its references', async () => {
  using place = temporaryStore();
  const { store } = place;
  const base = commitFiles(store, { file: 'base' });
  const top = commitFiles(store, { file: 'top' }, [base.path]);
  const claim = { format: 'git', value: 'abc' };
  store.commit({
    outputs: [],
    realisations: [
      { derivation: id('d'), output: 'out', path: top.path },
      { derivation: id('e'), output: 'out', path: base.path },
    ],
    claims: [{ scope: id('s'), claim, path: top.path }],
  });
  await collect(store);
  assert.equal(store.findRealisation(id('d'), 'out'), top.path);
  assert.equal(store.recallClaim(id('s'), claim), top.path);
  assert.equal(store.findClaim(id('s'), claim), undefined);
  assert.equal(store.hasClaims(id('s')), false);
  assert.equal(store.get(top.path), undefined);
  assert.equal(store.lookup(top.path, '/'), undefined);
  assert.deepEqual(store.use([top.path, base.path]), new Set());
  assert.throws(() => store.commit({ outputs: [top] }), /is not in the store/);
  commitFiles(store, { file: 'base' });
  commitFiles(store, { file: 'top' }, [base.path]);
  assert.deepEqual(store.get(top.path), top);
  assert.equal(store.findClaim(id('s'), claim), top.path);
  await assertWhole(store);
});

test('what is known of an output goes 90 days after somebody last asked, and what nobody could ask for at once', async () => {
  using place = temporaryStore();
  const { store } = place;
  const known = commitFiles(store, { file: 'known' });
  const unknown = commitFiles(store, { file: 'unknown' });
  store.commit({ outputs: [], realisations: [{ derivation: id('d'), output: 'out', path: known.path }] });
  const dayMs = 24 * 3600_000;
  age(store, known.path, 200 * dayMs);
  await collect(store);
  assert.deepEqual(knownPaths(store), [known.path], 'it is known from when it went');
  assert.notEqual(known.path, unknown.path);
  await collect(store, { now: () => Date.now() + 89 * dayMs });
  assert.equal(store.findRealisation(id('d'), 'out'), known.path);
  age(store, known.path, 80 * dayMs);
  assert.equal(store.findRealisation(id('d'), 'out'), known.path, 'asking is use');
  await collect(store, { now: () => Date.now() + 80 * dayMs });
  assert.equal(store.findRealisation(id('d'), 'out'), known.path);
  await collect(store, { now: () => Date.now() + 91 * dayMs });
  assert.equal(store.findRealisation(id('d'), 'out'), undefined);
  assert.deepEqual(knownPaths(store), []);
});

function knownPaths(store: Store): unknown[] {
  const database = new DatabaseSync(path.join(store.folder, 'metadata.sqlite'));
  const rows = database.prepare('SELECT path FROM outputs').all();
  database.close();
  return rows.map((row) => row['path']);
}

test('two collections at once: the second waits for the first', async () => {
  using place = temporaryStore();
  const { store } = place;
  commitFiles(store, { file: 'text' });
  const other = Store.open(store.folder);
  const order: string[] = [];
  let second: Promise<unknown> | undefined;
  await collect(store, {}, async (step) => {
    order.push(`first ${step.kind}`);
    if (step.kind !== 'planned') return;
    await new Promise<void>((resolve) => {
      const onWait = (holder: string): void => {
        order.push(`second waits for ${holder}`);
        resolve();
      };
      second = collect(other, { onWait }, ({ kind }) => {
        order.push(`second ${kind}`);
      });
    });
  });
  await second;
  assert.equal(order[1], `second waits for process ${process.pid}`);
  const firstOfSecond = order.indexOf('second planned');
  assert.ok(
    order.slice(firstOfSecond).every((each) => each.startsWith('second')),
    order.join(),
  );
  other.close();
});

for (const moment of ['output-removed', 'directories-removed', 'blobs-condemned'] as const) {
  test(`a collection that is killed at the moment ${moment} leaves a store that works`, async () => {
    using place = temporaryStore();
    const { store } = place;
    commitFiles(store, { file: 'text', 'folder/inner': 'inner' });
    store.materialise(commitFiles(store, { file: 'other' }).path);
    const child = startChild(
      `
      const store = door.Store.open(args[0]);
      for await (const step of store.collect({ readLock: () => [] })) {
        if (step.kind === args[1]) { console.log('there'); await new Promise(() => process.stdin.resume()); }
      }`,
      [store.folder, moment],
    );
    // What this store has used counts, and is to be collected by another one.
    store.moveSessionStart(Date.now());
    ageAll(store);
    assert.equal(await child.nextLine(), 'there');
    child.process.kill('SIGKILL');
    await child.ended;
    const next = Store.open(store.folder);
    if (moment === 'blobs-condemned') {
      assert.equal(Buffer.from(next.blobs.read(digestOf('inner'))).toString(), 'inner');
    }
    for await (const finding of next.verify()) assert.fail(JSON.stringify(finding));
    const again = commitFiles(next, { file: 'text', 'folder/inner': 'inner' });
    await collect(store);
    assert.ok(next.has(again.path));
    await assertWhole(next);
    next.close();
    await collect(store);
    assert.deepEqual(blobNames(store), []);
    assert.deepEqual(listing(path.join(store.folder, 'store')), []);
    assert.deepEqual(listing(path.join(store.folder, 'condemned')), []);
  });
}

test('a collection that is given up puts back what it had moved away', async () => {
  using place = temporaryStore();
  const { store } = place;
  const { digest } = store.blobs.put(bytes('text'));
  for await (const step of store.collect({ readLock: () => [] })) if (step.kind === 'blobs-condemned') break;
  assert.deepEqual(blobNames(store), [digest]);
  await assertWhole(store);
});
