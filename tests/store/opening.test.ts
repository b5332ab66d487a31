import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Store, encodeDirectory } from '../../src/store/index.ts';
import { startChild } from './child.ts';
import { bytes, diagnosed, listing, temporaryFolder, temporaryStore } from './temporary-store.ts';

test('a store says its format, and opens again', () => {
  using folder = temporaryFolder();
  const place = path.join(folder.path, 'deep', 'store');
  Store.open(place).close();
  assert.equal(readFileSync(path.join(place, 'version'), 'utf8'), '1\n');
  Store.open(place).close();
});

test('a store of another format is refused with what to do', () => {
  using folder = temporaryFolder();
  Store.open(folder.path).close();
  writeFileSync(path.join(folder.path, 'version'), '2\n');
  assert.throws(() => Store.open(folder.path), diagnosed('CAB5001', /format "2"/));
});

test('a database of another layout is refused', () => {
  using folder = temporaryFolder();
  Store.open(folder.path).close();
  const database = new DatabaseSync(path.join(folder.path, 'metadata.sqlite'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  assert.throws(() => Store.open(folder.path), diagnosed('CAB5001', /layout 99/));
});

test('a database of an older layout is taken over with all that it holds', () => {
  using folder = temporaryFolder();
  const store = Store.open(folder.path);
  const { digest } = store.putTree(encodeDirectory({ files: [], directories: [], symlinks: [] }));
  store.close();
  const database = new DatabaseSync(path.join(folder.path, 'metadata.sqlite'));
  database.exec(`
    DROP INDEX trees_by_use; DROP TABLE action_results; DROP INDEX sha256_digests_by_sha256;
    ALTER TABLE local_folders RENAME TO local_files; DROP TABLE known_contents; DROP TABLE programs; DROP TABLE roots; DROP TABLE derivations; DROP TABLE sha256_digests;
    ALTER TABLE outputs DROP COLUMN present; ALTER TABLE outputs DROP COLUMN used; ALTER TABLE trees DROP COLUMN used;
    PRAGMA user_version = 1`);
  database.close();
  const taken = Store.open(folder.path);
  assert.ok(taken.hasTree(digest));
  assert.equal(taken.findContent(digest, 'git-blob:0'), undefined);
  taken.close();
});

test('a damaged database is refused', () => {
  using folder = temporaryFolder();
  Store.open(folder.path).close();
  writeFileSync(path.join(folder.path, 'metadata.sqlite'), 'this is no database at all'.repeat(100));
  assert.throws(() => Store.open(folder.path), diagnosed('CAB5001', /damaged/));
});

test('a place that cannot be a folder is refused', () => {
  using folder = temporaryFolder();
  writeFileSync(path.join(folder.path, 'file'), '');
  assert.throws(() => Store.open(path.join(folder.path, 'file')), diagnosed('CAB5001', /not a folder/));
  assert.throws(
    () => Store.open(path.join(folder.path, 'file', 'below')),
    diagnosed('CAB5001', /not a folder/),
  );
});

test('what a killed process left is removed, what a living one works on is not', async () => {
  using folder = temporaryFolder();
  const code = `
    const store = door.Store.open(args[0]);
    store.temporaryFolder('build');
    const writer = store.blobs.writer();
    writer.write(new Uint8Array(3 << 20));
    console.log('ready');
    process.stdin.resume();
  `;
  const temporary = path.join(folder.path, 'temporary');
  const [first, second] = [startChild(code, [folder.path]), startChild(code, [folder.path])];
  try {
    assert.deepEqual(await Promise.all([first.nextLine(), second.nextLine()]), ['ready', 'ready']);
    assert.equal(listing(temporary).length, 4);
    first.process.kill('SIGKILL');
    await first.ended;
    Store.open(folder.path).close();
    const left = listing(temporary);
    assert.equal(left.length, 2);
    assert.ok(
      left.every((name) => name.includes(`-${second.process.pid}-`)),
      left.join(),
    );
  } finally {
    first.process.kill('SIGKILL');
    second.process.kill('SIGKILL');
    await second.ended;
  }
});

test('a temporary folder is gone when disposed of, whatever is in it', () => {
  using place = temporaryStore();
  let kept = '';
  {
    using folder = place.store.temporaryFolder('build');
    kept = folder.path;
    mkdirSync(path.join(kept, 'sealed'));
    writeFileSync(path.join(kept, 'sealed', 'file'), '');
    execFileSync('chmod', ['-R', 'a-w', kept]);
  }
  assert.equal(existsSync(kept), false);
});

test('logs are kept compressed and come back as they were', () => {
  using place = temporaryStore();
  const { logs } = place.store;
  assert.equal(logs.read('id'), undefined);
  logs.write(['id'], ['first', 'zweite Zeile']);
  assert.equal(logs.read('id'), 'first\nzweite Zeile\n');
  logs.write(['id'], []);
  assert.equal(logs.read('id'), '');
  assert.deepEqual(listing(path.join(place.store.folder, 'logs')), ['id.zst']);
});

const fullDiskSkip =
  process.platform === 'linux' && process.getuid?.() === 0
    ? false
    : 'a disk of a few megabytes needs root on Linux';

test('a full disk is named, and nothing half-written stays', { skip: fullDiskSkip }, (t) => {
  using folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder.path], { stdio: 'ignore' });
  } catch {
    t.skip('this machine does not let a disk be mounted');
    return;
  }
  try {
    const store = Store.open(path.join(folder.path, 'store'));
    const full = diagnosed('CAB5002', /is full/);
    const temporary = path.join(store.folder, 'temporary');
    const writer = store.blobs.writer();
    assert.throws(() => {
      for (let count = 0; count < 16; count++) writer.write(new Uint8Array(1 << 20).fill(count));
      writer.finish();
    }, full);
    assert.throws(() => store.blobs.put(new Uint8Array(16 << 20)), full);
    assert.deepEqual(listing(temporary), []);
    writeFileSync(path.join(folder.path, 'rest'), new Uint8Array(3 << 20));
    assert.throws(() => {
      for (let count = 0; ; count++) store.blobs.put(bytes(`${count}`.repeat(4096)));
    }, full);
    assert.throws(
      () =>
        store.logs.write(
          ['id'],
          [Buffer.from(crypto.getRandomValues(new Uint8Array(65536))).toString('base64')],
        ),
      full,
    );
    assert.deepEqual(listing(temporary), []);
    const encodings = Array.from({ length: 300 }, (_, count) => encodeLink(`link${count}`));
    assert.throws(() => store.putTrees(encodings), full);
    execFileSync('rm', [path.join(folder.path, 'rest')]);
    assert.equal(store.blobs.put(bytes('fits again')).size, 10);
    store.putTree(encodeLink('link0'));
    store.close();
  } finally {
    execFileSync('umount', ['--lazy', folder.path]);
  }
});

function encodeLink(name: string): Uint8Array {
  return encodeDirectory({ files: [], directories: [], symlinks: [{ name, target: 'x'.repeat(4000) }] });
}

test('a store that is not there yet may be opened by several at once', async () => {
  using folder = temporaryFolder();
  const code = `
    const { createInterface } = await import('node:readline');
    for await (const place of createInterface({ input: process.stdin })) {
      try {
        door.Store.open(place).close();
        console.log('opened');
      } catch (error) {
        console.log(String(error));
      }
    }
  `;
  const children = [startChild(code, []), startChild(code, [])];
  try {
    for (let round = 0; round < 200; round++) {
      const place = path.join(folder.path, `${round}`, 'deep', 'deeper', 'store');
      for (const child of children) child.process.stdin?.write(`${place}\n`);
      const answers = await Promise.all(children.map((child) => child.nextLine()));
      assert.deepEqual(answers, ['opened', 'opened']);
    }
  } finally {
    for (const child of children) child.process.kill();
    await Promise.all(children.map((child) => child.ended));
  }
});
