import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Digest, parseDigest } from '../../src/foundation/index.ts';
import { type OutputRecord, type Sha256Directory, Store } from '../../src/store/index.ts';
import { chooseSeed, type Hash, makeOddTree, randomFrom, recompute } from '../support/index.ts';
import { collect, commitFiles, linkTo } from './collecting.ts';
import { bytes, diagnosed, temporaryFolder, temporaryStore } from './temporary-store.ts';

const otherSha256: Hash = (content) => Buffer.from(sha256(content)).toString('hex');

async function gather(directories: AsyncIterable<Sha256Directory>): Promise<readonly Sha256Directory[]> {
  const all: Sha256Directory[] = [];
  for await (const directory of directories) all.push(directory);
  return all;
}

test('the SHA-256 form of random trees is what another program makes of them', async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  using place = temporaryStore();
  const { store } = place;
  for (let round = 0; round < 6; round++) {
    const folder = path.join(place.work, `tree-${round}`);
    await makeOddTree(folder, [0, 3, 80][round % 3] as number, random);
    const expected = await recompute(folder, otherSha256);
    const tree = store.get(store.addLocal(folder, 'tree'))?.tree ?? assert.fail();
    assert.deepEqual(await store.sha256Of({ kind: 'directory', digest: tree }), {
      sha256: expected.hash,
      size: expected.size,
    });
    const directories = await gather(store.sha256Directories(tree));
    assert.equal(directories[0]?.tree, tree);
    assert.deepEqual(
      new Set(directories.map((each) => each.sha256 as string)),
      new Set(expected.encodings.keys()),
    );
    for (const { sha256: hash, size, encoding } of directories) {
      assert.deepEqual(Buffer.from(encoding), Buffer.from(expected.encodings.get(hash) ?? []));
      assert.equal(size, encoding.length);
    }
  }
});

/** Why there is nothing to compare with, or false. */
function reasonToSkip(): string | false {
  return spawnSync('sha256sum', ['--version']).error === undefined ? false : 'sha256sum is not installed';
}

test('blobs of every size have the digest that sha256sum prints', { skip: reasonToSkip() }, async () => {
  using place = temporaryStore();
  const { store } = place;
  for (const size of [0, 1, 1 << 20, (1 << 20) + 1, 5_000_001]) {
    const writer = store.blobs.writer();
    writer.write(Buffer.alloc(size, 'cab'));
    const { digest } = writer.finish();
    const printed = execFileSync('sha256sum', [store.blobs.file(digest)], { encoding: 'utf8' });
    const expected = { sha256: printed.slice(0, 64), size };
    assert.deepEqual(await store.sha256Of({ kind: 'file', digest }), expected);
  }
});

test('what was hashed once is not read again, by whatever process', async () => {
  using folder = temporaryFolder();
  const source = path.join(folder.path, 'source');
  mkdirSync(path.join(source, 'inner'), { recursive: true });
  writeFileSync(path.join(source, 'a'), 'a');
  writeFileSync(path.join(source, 'inner', 'b'), Buffer.alloc(3 << 20, 'b'));
  const place = path.join(folder.path, 'store');
  const first = Store.open(place);
  const { tree } = first.get(first.addLocal(source, 'source')) ?? assert.fail();
  const asked = { kind: 'directory', digest: tree } as const;
  const before = await first.sha256Of(asked);
  const forms = await gather(first.sha256Directories(tree));
  first.close();
  rmSync(path.join(place, 'blobs'), { recursive: true });
  const second = Store.open(place);
  assert.deepEqual(await second.sha256Of(asked), before);
  assert.deepEqual(await gather(second.sha256Directories(tree)), forms);
  const [file] = second.getTree(tree).files;
  const known = await second.sha256Of({ kind: 'file', digest: file?.digest ?? assert.fail() });
  assert.equal(known.sha256, otherSha256(bytes('a')));
  second.close();
});

test('directories come one by one as they are asked for, the root first', async () => {
  using place = temporaryStore();
  const { store } = place;
  const source = path.join(place.work, 'source');
  for (const name of ['a', 'b', 'c']) {
    mkdirSync(path.join(source, name), { recursive: true });
    writeFileSync(path.join(source, name, 'file'), name);
  }
  const { tree } = store.get(store.addLocal(source, 'source')) ?? assert.fail();
  await store.sha256Of({ kind: 'directory', digest: tree });
  const directories = store.sha256Directories(tree);
  const root = await directories.next();
  assert.equal((root.value as Sha256Directory).tree, tree);
  const [first] = store.getTree(tree).directories;
  assert.equal(((await directories.next()).value as Sha256Directory).tree, first?.digest);
  await directories.return(undefined);
});

test('a damaged blob gets no SHA-256, and the right one once it is mended', async () => {
  using place = temporaryStore();
  const { store } = place;
  for (const size of [100, 2 << 20]) {
    const content = Buffer.alloc(size, 'x');
    const { digest } = store.blobs.put(content);
    const file = store.blobs.file(digest);
    const aside = path.join(place.work, 'aside');
    renameSync(file, aside);
    const damaged = Buffer.from(content);
    damaged[size - 1] = 0;
    writeFileSync(file, damaged);
    utimesSync(file, 1, 1);
    const asked = { kind: 'file', digest } as const;
    await assert.rejects(store.sha256Of(asked), diagnosed('CAB5003', /is damaged/));
    chmodSync(file, 0o600);
    renameSync(aside, file);
    assert.equal((await store.sha256Of(asked)).sha256, otherSha256(readFileSync(file)));
  }
});

test('what is not there is named', async () => {
  using place = temporaryStore();
  const digest = parseDigest('0'.repeat(64)) ?? assert.fail();
  await assert.rejects(place.store.sha256Of({ kind: 'file', digest }), diagnosed('CAB5004', /blob/));
  await assert.rejects(
    place.store.sha256Of({ kind: 'directory', digest }),
    diagnosed('CAB5004', /directory/),
  );
});

function treeOf({ tree }: OutputRecord): { readonly kind: 'directory'; readonly digest: Digest } {
  return { kind: 'directory', digest: tree };
}

test('the SHA-256 of what is collected goes with it, that of what is kept stays', async () => {
  using folder = temporaryFolder();
  const before = Store.open(path.join(folder.path, 'store'));
  const [kept, gone] = ['kept', 'gone'].map((text) => commitFiles(before, { 'folder/file': text }));
  assert.ok(kept !== undefined && gone !== undefined);
  linkTo(before, kept, path.join(folder.path, 'result'));
  for (const each of [kept, gone]) await before.sha256Of(treeOf(each));
  before.close();
  const store = Store.open(before.folder);
  await collect(store);
  // Each has a file, a folder and a root.
  const database = new DatabaseSync(path.join(store.folder, 'metadata.sqlite'));
  assert.equal(database.prepare('SELECT count(*) AS count FROM sha256_digests').get()?.['count'], 3);
  database.close();
  await store.sha256Of(treeOf(kept));
  await assert.rejects(store.sha256Of(treeOf(gone)), diagnosed('CAB5004'));
  store.close();
});
