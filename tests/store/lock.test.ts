import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { startChild } from './child.ts';
import { listing, temporaryStore } from './temporary-store.ts';

const holder = `
  const store = door.Store.open(args[0]);
  const lock = await store.lock(args[1]);
  console.log('held');
  process.stdin.once('data', () => { lock[Symbol.dispose](); console.log('free'); });
`;

test('a lock keeps others of the same process out until it is disposed of', async () => {
  using place = temporaryStore();
  const first = await place.store.lock('name');
  const order: string[] = [];
  const takeSecond = async (): Promise<void> => {
    using _lock = await place.store.lock('name', { onWait: (who) => order.push(`waits for ${who}`) });
    order.push('second');
  };
  const second = takeSecond();
  using _other = await place.store.lock('other name');
  order.push('first');
  first[Symbol.dispose]();
  await second;
  assert.deepEqual(order, [`waits for process ${process.pid}`, 'first', 'second']);
});

test('a lock keeps other processes out, and tells who holds it', async () => {
  using place = temporaryStore();
  const child = startChild(holder, [place.store.folder, 'name']);
  try {
    assert.equal(await child.nextLine(), 'held');
    let who = '';
    const lock = place.store.lock('name', {
      onWait: (name) => {
        who = name;
        child.process.stdin?.write('let go\n');
      },
    });
    assert.equal(await child.nextLine(), 'free');
    using _lock = await lock;
    assert.equal(who, `process ${child.process.pid}`);
  } finally {
    child.process.kill('SIGKILL');
    await child.ended;
  }
});

test('a lock goes with the process that held it', async () => {
  using place = temporaryStore();
  const child = startChild(holder, [place.store.folder, 'name']);
  assert.equal(await child.nextLine(), 'held');
  const lock = place.store.lock('name', { onWait: () => child.process.kill('SIGKILL') });
  await child.ended;
  (await lock)[Symbol.dispose]();
});

test('a wait can be given up', async () => {
  using place = temporaryStore();
  using _held = await place.store.lock('name');
  const controller = new AbortController();
  const waiting = place.store.lock('name', {
    signal: controller.signal,
    onWait: () => controller.abort(new Error('given up')),
  });
  await assert.rejects(waiting, /given up/);
});

test('locks leave no files, and odd names do not meet', async () => {
  using place = temporaryStore();
  {
    using _first = await place.store.lock('a/b');
    using _second = await place.store.lock('a-b');
    using _third = await place.store.lock('../x');
  }
  assert.deepEqual(listing(path.join(place.store.folder, 'locks')), []);
});

test('of many that want a lock, one has it at a time', async () => {
  using place = temporaryStore();
  let inside = 0;
  let most = 0;
  const turns = Array.from({ length: 12 }, async () => {
    using _lock = await place.store.lock('name');
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
  });
  await Promise.all(turns);
  assert.equal(most, 1);
});
