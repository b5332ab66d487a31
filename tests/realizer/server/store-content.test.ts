import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { digestOf, isTurnOver } from '../../../src/foundation/index.ts';
import type { ContentDigest } from '../../../src/realizer/protocol/index.ts';
import type { ContentStore } from '../../../src/realizer/server/content/content-store.ts';
import { StoreContent } from '../../../src/realizer/server/content/store-content.ts';
import { Store, encodeDirectory } from '../../../src/store/index.ts';
import { ageAll, collect } from '../../store/collecting.ts';
import { bytes, decay, diagnosed, temporaryStore } from '../../store/temporary-store.ts';
import { chooseSeed, randomFrom } from '../../support/index.ts';
import { absent, digestBy, functions, withSize } from './contents.ts';

const mebibyte = 1 << 20;

async function write(
  content: ContentStore,
  digest: ContentDigest,
  pieces: Iterable<Uint8Array>,
): Promise<boolean> {
  const writer = content.writer(digest);
  for (const piece of pieces) await writer.write(piece);
  return await writer.finish();
}

async function gather(
  content: ContentStore,
  digest: ContentDigest,
  range = { offset: 0, limit: 0 },
): Promise<Buffer | undefined> {
  const pieces = await content.pieces(digest, range);
  if (pieces === undefined) return undefined;
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

for (const name of functions) {
  test(`what comes under ${name} is there, and comes back, whole and in parts`, async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`seed ${seed}`);
    const random = randomFrom(seed);
    using place = temporaryStore();
    const content = new StoreContent(place.store);
    for (const size of [0, 1, 1000, 1 << 18, (1 << 18) + 1, 3 * mebibyte + 5]) {
      const expected = Buffer.from(Uint8Array.from({ length: size }, () => Math.floor(random() * 256)));
      const digest = digestBy(name, expected);
      if (size > 0) assert.deepEqual(await content.missing([digest]), [digest]);
      if (size < 2000) assert.ok(await content.put(digest, expected));
      else assert.ok(await write(content, digest, [expected.subarray(0, 777), expected.subarray(777)]));
      assert.deepEqual(await content.missing([digest, withSize(digest, size + 1)]), [
        withSize(digest, size + 1),
      ]);
      assert.deepEqual(Buffer.from((await content.read(digest)) ?? assert.fail()), expected);
      assert.deepEqual(await gather(content, digest), expected);
      for (let round = 0; round < 4; round++) {
        const offset = Math.floor(random() * (size + 1));
        const limit = Math.floor(random() * size);
        const part = expected.subarray(offset, limit === 0 ? size : offset + limit);
        assert.deepEqual(await gather(content, digest, { offset, limit }), part);
      }
    }
  });

  test(`of what has another ${name} than was said nothing stays`, async () => {
    using place = temporaryStore();
    const content = new StoreContent(place.store);
    const right = Buffer.alloc(mebibyte, 'right');
    const digest = digestBy(name, right);
    const wrong = Buffer.alloc(mebibyte, 'wrong');
    assert.equal(await content.put(digest, wrong), false);
    assert.equal(await write(content, digest, [wrong]), false);
    assert.equal(await write(content, digest, [right.subarray(1)]), false);
    assert.equal(await write(content, digest, [right, right]), false);
    assert.equal(await write(content, withSize(digest, 5), [right.subarray(0, 5)]), false);
    assert.equal(await content.put(withSize(digest, 5), right.subarray(0, 5)), false);
    const writer = content.writer(digest);
    await writer.write(right);
    writer.abandon();
    assert.deepEqual(await content.missing([digest]), [digest]);
    assert.equal(await content.read(digest), undefined);
    assert.equal(await content.pieces(digest, { offset: 0, limit: 0 }), undefined);
    assert.deepEqual(readdirSync(path.join(place.store.folder, 'temporary')), []);
    assert.deepEqual(readdirSync(path.join(place.store.folder, 'blobs')), []);
  });

  test(`the empty content is there under ${name} though nobody has put it`, async () => {
    using place = temporaryStore();
    const content = new StoreContent(place.store);
    const digest = digestBy(name, bytes(''));
    assert.deepEqual(await content.missing([digest]), []);
    assert.deepEqual(await content.read(digest), new Uint8Array(0));
    assert.deepEqual(await gather(content, digest), Buffer.alloc(0));
    const other = withSize(absent(name), 0);
    assert.deepEqual(await content.missing([other]), [other]);
  });

  test(`a blob that has decayed is not handed out under ${name}, is missing, and can be uploaded again`, async () => {
    using place = temporaryStore();
    const content = new StoreContent(place.store);
    for (const size of [100, 5 * mebibyte]) {
      const right = Buffer.alloc(size, `${size}`);
      const digest = digestBy(name, right);
      const blob = place.store.blobs.pathOf(digestOf(right), false);
      for (const look of ['whole', 'pieces', 'part'] as const) {
        assert.ok(await write(content, digest, [right]));
        decay(blob, Buffer.alloc(size, 'decayed'));
        // Another process's: this one may have verified it before.
        const fresh = new StoreContent(place.store);
        if (look === 'whole') assert.equal(await fresh.read(digest), undefined);
        else if (look === 'part' || size === 100)
          assert.equal(await gather(fresh, digest, { offset: 1, limit: 0 }), undefined);
        else await assert.rejects(gather(fresh, digest), diagnosed('CAB5003'));
        assert.deepEqual(await fresh.missing([digest]), [digest]);
      }
      assert.ok(await write(content, digest, [right]));
      assert.deepEqual(await gather(content, digest), right);
    }
  });
}

test('directories are there by the digest of their encoding, and by SHA-256 where that is known', async () => {
  using place = temporaryStore();
  const { store } = place;
  const content = new StoreContent(store);
  const source = path.join(place.work, 'source');
  mkdirSync(path.join(source, 'inner'), { recursive: true });
  writeFileSync(path.join(source, 'inner', 'file'), 'text');
  const { tree } = store.get(store.addLocal(source, 'source')) ?? assert.fail();
  const own = digestBy('blake3', store.getTreeEncoding(tree));
  assert.deepEqual(await content.missing([own]), []);
  assert.deepEqual(await content.read(own), store.getTreeEncoding(tree));
  assert.deepEqual(await content.missing([withSize(own, own.size + 1)]), [withSize(own, own.size + 1)]);

  const text = digestBy('sha256', bytes('text'));
  assert.deepEqual(await content.missing([text]), [text]);
  const foreign: ContentDigest[] = [];
  for await (const { encoding } of store.sha256Directories(tree)) foreign.push(digestBy('sha256', encoding));
  await store.sha256Of({ kind: 'directory', digest: tree });
  assert.equal(foreign.length, 2);
  assert.deepEqual(await content.missing([...foreign, text]), []);
  for (const digest of foreign) {
    const encoding = (await content.read(digest)) ?? assert.fail();
    assert.deepEqual(digestBy('sha256', encoding), digest);
    assert.deepEqual(
      await gather(content, digest, { offset: 2, limit: 3 }),
      Buffer.from(encoding.subarray(2, 5)),
    );
  }
});

test('what was found not to be missing outlives a collection, in this process and in others', async () => {
  using place = temporaryStore();
  const { store } = place;
  const early = new StoreContent(store);
  const directory = encodeDirectory({ files: [], directories: [], symlinks: [{ name: 'a', target: 'b' }] });
  const asked = [digestBy('blake3', bytes('asked for')), digestBy('sha256', bytes('asked for too'))];
  const forgotten = digestBy('blake3', bytes('forgotten'));
  await early.put(asked[0] as ContentDigest, bytes('asked for'));
  await early.put(asked[1] as ContentDigest, bytes('asked for too'));
  await early.put(forgotten, bytes('forgotten'));
  store.putTree(directory);
  const tree = digestBy('blake3', directory);
  const serving = Store.open(store.folder);
  ageAll(store);
  const content = new StoreContent(serving);
  assert.deepEqual(await content.missing([...asked, tree]), []);
  await collect(store);
  assert.deepEqual(await content.missing([...asked, tree, forgotten]), [forgotten]);
  assert.deepEqual(await content.read(asked[1] as ContentDigest), Buffer.from('asked for too'));
  serving.close();
});

test('20,000 digests are looked up well within a second, and others get their turn', async (t) => {
  using place = temporaryStore();
  const content = new StoreContent(place.store);
  const there: ContentDigest[] = [];
  for (let number = 0; number < 5000; number++) {
    const text = bytes(`number ${number}`);
    const digest = digestBy(functions[number % 2] as (typeof functions)[number], text);
    there.push(digest);
    // Nobody waits for one after the other, as nobody does on a server.
    void content.put(digest, text);
  }
  await content.put(digestBy('sha256', bytes('last')), bytes('last'));
  const absentOnes = Array.from({ length: 15_000 }, (_, number) =>
    absent(functions[number % 2] as (typeof functions)[number], number),
  );
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const used = process.cpuUsage();
  const missing = await content.missing([...there, ...absentOnes]);
  const { user, system } = process.cpuUsage(used);
  clearInterval(timer);
  assert.deepEqual(missing, absentOnes);
  const seconds = (user + system) / 1e6;
  t.diagnostic(`${seconds.toFixed(2)} s of the processor, ${turns} turns`);
  assert.ok(seconds < 2, `${seconds} s`);
  assert.ok(turns >= 5, `${turns} turns`);
});

test('many short look-ups at once do not wait for a turn each', async () => {
  using place = temporaryStore();
  const content = new StoreContent(place.store);
  // As late in a turn as it is on a thread that many clients keep at work.
  isTurnOver();
  const startedMs = performance.now();
  while (performance.now() - startedMs < 20);
  assert.ok(isTurnOver());
  let [rounds, isOver] = [0, false];
  const count = (): void => {
    rounds += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const lookUps = Array.from({ length: 200 }, (_, number) => content.missing([absent('sha256', number)]));
  await Promise.all(lookUps);
  isOver = true;
  assert.ok(rounds <= 2, `${rounds} rounds of the event loop`);
});
