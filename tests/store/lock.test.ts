import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startChild } from './child.ts';
import { listing, seeded, temporaryStore } from './temporary-store.ts';

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

test('the file of a lock outlives it: who opened it before locks the same one as who does later', async () => {
  using place = temporaryStore();
  const folder = path.join(place.store.folder, 'locks');
  (await place.store.lock('name'))[Symbol.dispose]();
  const { ino } = statSync(path.join(folder, 'name.lock'));
  (await place.store.lock('name'))[Symbol.dispose]();
  assert.deepEqual(listing(folder), ['name.lock']);
  assert.equal(statSync(path.join(folder, 'name.lock')).ino, ino);
  assert.equal(statSync(path.join(folder, 'name.lock')).size, 0);
});

const competitor = `
  const { closeSync, openSync, unlinkSync } = await import('node:fs');
  const folder = args[0];
  let state = Number(args[1]);
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const store = door.Store.open(folder);
  let overlaps = 0;
  for (let round = 0; round < 150; round++) {
    using _lock = await store.lock('name');
    try {
      closeSync(openSync(folder + '/witness', 'wx'));
      for (let left = random() * 20000; left > 0; left--);
      unlinkSync(folder + '/witness');
    } catch {
      overlaps++;
    }
  }
  console.log(overlaps);
`;

test('of processes that take a lock again and again, one has it at a time', async (t) => {
  using place = temporaryStore();
  const { seed } = seeded(t);
  const children = [1, 2, 3, 4].map((number) =>
    startChild(competitor, [place.store.folder, String(seed + number)]),
  );
  const overlaps = await Promise.all(children.map((child) => child.nextLine()));
  await Promise.all(children.map((child) => child.ended));
  assert.deepEqual(overlaps, ['0', '0', '0', '0']);
});

test('odd names do not meet', async () => {
  using place = temporaryStore();
  {
    using _first = await place.store.lock('a/b');
    using _second = await place.store.lock('a-b');
    using _third = await place.store.lock('../x');
  }
  assert.equal(listing(path.join(place.store.folder, 'locks')).length, 3);
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
