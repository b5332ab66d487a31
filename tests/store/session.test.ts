import assert from 'node:assert/strict';
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Store } from '../../src/store/index.ts';
import { startChild } from './child.ts';
import { bytes, diagnosed, listing, temporaryFolder, temporaryStore } from './temporary-store.ts';

const sessionsOf = (store: string): string[] => listing(path.join(store, 'sessions'));

test('a store that is open has a session, and a closed one has none', () => {
  using folder = temporaryFolder();
  const beforeMs = Date.now();
  const [first, second] = [Store.open(folder.path), Store.open(folder.path)];
  const names = sessionsOf(folder.path);
  assert.equal(names.length, 2);
  for (const name of names) {
    const { mtimeMs } = statSync(path.join(folder.path, 'sessions', name));
    assert.ok(mtimeMs >= beforeMs - 1 && mtimeMs <= Date.now() + 1, `${name} has the time ${mtimeMs}`);
  }
  first.close();
  assert.equal(sessionsOf(folder.path).length, 1);
  second.close();
  assert.deepEqual(sessionsOf(folder.path), []);
});

test('a store that cannot be opened leaves no session', () => {
  using folder = temporaryFolder();
  Store.open(folder.path).close();
  const database = path.join(folder.path, 'metadata.sqlite');
  writeFileSync(database, 'this is no database at all'.repeat(100));
  assert.throws(() => Store.open(folder.path), diagnosed('CAB5001'));
  assert.deepEqual(sessionsOf(folder.path), []);
});

test('the session of a killed process is removed by the next one, that of a living one stays', async () => {
  using folder = temporaryFolder();
  const code = `door.Store.open(args[0]); console.log('ready'); process.stdin.resume();`;
  const [first, second] = [startChild(code, [folder.path]), startChild(code, [folder.path])];
  try {
    assert.deepEqual(await Promise.all([first.nextLine(), second.nextLine()]), ['ready', 'ready']);
    assert.equal(sessionsOf(folder.path).length, 2);
    first.process.kill('SIGKILL');
    await first.ended;
    Store.open(folder.path).close();
    const left = sessionsOf(folder.path);
    assert.equal(left.length, 1);
    assert.ok(left[0]?.includes(`-${second.process.pid}-`), left.join());
  } finally {
    first.process.kill('SIGKILL');
    second.process.kill('SIGKILL');
    await second.ended;
  }
});

test('a session can be moved forward, and neither back nor beyond now', () => {
  using folder = temporaryFolder();
  const store = Store.open(folder.path);
  const file = path.join(folder.path, 'sessions', sessionsOf(folder.path)[0] ?? '');
  const start = statSync(file).mtimeMs;
  store.moveSessionStart(start - 60_000);
  assert.equal(statSync(file).mtimeMs, start);
  store.moveSessionStart(Number.MAX_SAFE_INTEGER);
  assert.ok(statSync(file).mtimeMs >= start && statSync(file).mtimeMs <= Date.now() + 1);
  store.close();
});

test('a blob says when somebody last relied on it, whether it was written or found', () => {
  using place = temporaryStore();
  const { blobs } = place.store;
  const { digest } = blobs.put(bytes('content'));
  const file = blobs.file(digest);
  assert.ok(isFresh(file));
  const ways = [
    () => blobs.put(bytes('content')),
    () => assert.ok(blobs.use(digest)),
    () => {
      const writer = blobs.writer();
      writer.write(bytes('content'));
      writer.finish();
    },
  ];
  for (const use of ways) {
    utimesSync(file, 2, 1);
    use();
    assert.ok(isFresh(file), use.toString());
  }
  utimesSync(file, 2, 1);
  assert.ok(blobs.has(digest));
  assert.equal(statSync(file).atimeMs, 2000, 'a look is no use');
});

function isFresh(file: string): boolean {
  const { atimeMs, mtimeMs } = statSync(file);
  return Math.abs(atimeMs - Date.now()) < 60_000 && mtimeMs === 1000;
}
