import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPartOfStorePath } from '../../src/foundation/index.ts';
import { Store } from '../../src/store/index.ts';
import { collect, commitFiles } from './collecting.ts';
import { temporaryFolder, temporaryStore } from './temporary-store.ts';

test('outputs are found by the beginning of their hash, by name, and by name without version', () => {
  using place = temporaryStore();
  const { store } = place;
  const one = commitFiles(store, { file: 'one' }, [], 'zlib-1.3').path;
  const two = commitFiles(store, { file: 'two' }, [], 'zlib-1.3').path;
  const three = commitFiles(store, { file: 'three' }, [], 'zlib-2').path;
  const others = ['zlib', 'zlib-doc', 'zlib-1.3-dev', 'z'].map(
    (name) => commitFiles(store, { file: name }, [], name).path,
  );
  const { named } = store;
  const hash = hashPartOfStorePath(one);
  for (const beginning of [hash.slice(0, 8), hash, `${hash}-zlib`]) {
    assert.deepEqual(named.withHashPart(beginning, 9), [one]);
  }
  assert.deepEqual(named.withHashPart('', 9), [one, two, three, ...others].toSorted());
  assert.equal(named.withHashPart('', 3).length, 3);
  assert.deepEqual(named.withHashPart(hash.slice(1), 9), []);
  assert.deepEqual(named.withName('zlib-1.3', 9), [one, two].toSorted());
  assert.deepEqual(named.withName('zlib', 9), [others[0]]);
  assert.deepEqual(named.withPackageName('zlib', 9), [one, two, three, others[2] ?? ''].toSorted());
  assert.deepEqual(named.withPackageName('zlib-doc', 9), []);
  assert.deepEqual(named.names().toSorted(), ['z', 'zlib', 'zlib-1.3', 'zlib-1.3-dev', 'zlib-2', 'zlib-doc']);
});

test('what was collected is found as that, and as nothing else', async () => {
  using folder = temporaryFolder();
  const before = Store.open(folder.path);
  const { path } = commitFiles(before, { file: 'gone' }, [], 'gone-1');
  // What is worth knowing later stays known: here that something was claimed of it.
  const scope = hashPartOfStorePath(path) as string as Parameters<Store['hasClaims']>[0];
  before.commit({ outputs: [], claims: [{ scope, claim: { format: 'git', value: '1' }, path }] });
  before.close();
  const store = Store.open(folder.path);
  await collect(store);
  assert.equal(store.has(path), false);
  const hash = hashPartOfStorePath(path);
  assert.deepEqual(store.named.goneWithHashPart(hash.slice(0, 6), 9), [path]);
  assert.deepEqual(store.named.withHashPart(hash, 9), []);
  assert.deepEqual(store.named.withName('gone-1', 9), []);
  assert.deepEqual(store.named.withPackageName('gone', 9), []);
  assert.deepEqual(store.named.names(), []);
  store.close();
});
