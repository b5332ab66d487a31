import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Store } from '../../src/store/index.ts';
import { type Child, startChild } from './child.ts';
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

test('a lock that is let go leaves nothing behind, and neither does a store that is closed', async () => {
  using place = temporaryStore();
  const folder = path.join(place.store.folder, 'locks');
  const other = Store.open(place.store.folder);
  for (let number = 0; number < 100; number++) (await other.lock(`name ${number}`))[Symbol.dispose]();
  assert.equal(rowsOf(folder), 0);
  const held = await other.lock('held');
  assert.equal(rowsOf(folder), 1);
  other.close();
  held[Symbol.dispose]();
  assert.equal(rowsOf(folder), 0);
  assert.deepEqual(listing(folder), ['locks.sqlite']);
});

test('what a killed process has left of its locks is cleared away by the next one', async () => {
  using place = temporaryStore();
  const folder = path.join(place.store.folder, 'locks');
  const child = startChild(holder, [place.store.folder, 'name']);
  assert.equal(await child.nextLine(), 'held');
  child.process.kill('SIGKILL');
  await child.ended;
  assert.equal(rowsOf(folder), 1);
  using _other = await place.store.lock('other name');
  assert.equal(rowsOf(folder), 1);
  const presences = listing(folder).filter((name) => !name.startsWith('locks.sqlite'));
  assert.equal(presences.length, 1);
});

const inNamespace = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
const noNamespaces = spawnSync('unshare', [...inNamespace, 'true']).status !== 0;

test(
  'a lock holds, and goes with its process, across process namespaces',
  { skip: noNamespaces && 'this machine lets nobody make a process namespace' },
  async () => {
    using place = temporaryStore();
    const child = startChild(holder, [place.store.folder, 'name'], ['unshare', ...inNamespace]);
    assert.equal(await child.nextLine(), 'held');
    let waits = 0;
    const lock = place.store.lock('name', {
      onWait: (who) => {
        waits++;
        assert.equal(who, 'process 1');
        child.process.kill('SIGKILL');
      },
    });
    await child.ended;
    using _lock = await lock;
    assert.equal(waits, 1);
  },
);

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

const mortal = `
  const { closeSync, openSync, unlinkSync, writeSync } = await import('node:fs');
  const folder = args[0];
  const store = door.Store.open(folder);
  for (;;) {
    using _lock = await store.lock('name');
    const witness = openSync(folder + '/witness', 'a');
    writeSync(witness, 'in ' + process.pid + '\\n');
    for (let left = 20000; left > 0; left--);
    writeSync(witness, 'out ' + process.pid + '\\n');
    closeSync(witness);
    console.log('turn');
  }
`;

test('of processes that are killed while they take a lock, one has it at a time, and the others go on', async (t) => {
  using place = temporaryStore();
  const { seed } = seeded(t);
  let state = seed;
  const chance = (count: number): number => (state = (state * 48271) % 2147483647) % count;
  const survivors: Child[] = [];
  for (let round = 0; round < 4; round++) {
    const child = startChild(mortal, [place.store.folder]);
    for (let turns = chance(20); turns >= 0; turns--) await child.nextLine();
    if (round % 2 === 0) survivors.push(child);
    else child.process.kill('SIGKILL');
    await (round % 2 === 0 ? undefined : child.ended);
  }
  for (const child of survivors) for (let turns = 0; turns < 20; turns++) await child.nextLine();
  for (const child of survivors) child.process.kill('SIGKILL');
  await Promise.all(survivors.map((child) => child.ended));
  (await place.store.lock('name'))[Symbol.dispose]();
  let inside: string | undefined;
  for (const line of readFileSync(path.join(place.store.folder, 'witness'), 'utf8').trim().split('\n')) {
    const [word, who] = line.split(' ');
    // One that was killed inside has said nothing on its way out, and the next one comes in.
    if (word === 'in') inside = who;
    else assert.equal(who, inside);
  }
});

test('odd names do not meet', async () => {
  using place = temporaryStore();
  using _first = await place.store.lock('a/b');
  using _second = await place.store.lock('a-b');
  using _third = await place.store.lock('../x');
  assert.equal(rowsOf(path.join(place.store.folder, 'locks')), 3);
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

/** How many locks are held, or were when their holders died. */
function rowsOf(folder: string): number {
  using database = new DatabaseSync(path.join(folder, 'locks.sqlite'));
  return database.prepare('SELECT name FROM locks').all().length;
}
