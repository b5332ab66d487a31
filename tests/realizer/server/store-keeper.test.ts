import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Digest } from '../../../src/foundation/index.ts';
import type { ContentDigest } from '../../../src/realizer/protocol/index.ts';
import type { KeeperEvent } from '../../../src/realizer/server/keeping/keeper-event.ts';
import { KeptContent } from '../../../src/realizer/server/keeping/kept-content.ts';
import { type KeeperOptions, StoreKeeper } from '../../../src/realizer/server/keeping/store-keeper.ts';
import { StoreContent } from '../../../src/realizer/server/content/store-content.ts';
import { Store, encodeDirectory } from '../../../src/store/index.ts';
import { commitFiles, ageAll } from '../../store/collecting.ts';
import { temporaryFolder } from '../../store/temporary-store.ts';
import { digestBy, functions } from './contents.ts';

const mebibyte = 1 << 20;

/** A store that serves and is kept, from which nothing is far away in time. */
class Kept implements AsyncDisposable {
  readonly store: Store;
  readonly keeper: StoreKeeper;
  readonly content: KeptContent;
  readonly events: KeeperEvent[] = [];
  readonly #folder = temporaryFolder();

  constructor(options: Partial<KeeperOptions>) {
    this.store = Store.open(path.join(this.#folder.path, 'store'), { serves: true });
    this.keeper = new StoreKeeper({
      store: this.store,
      limitBytes: undefined,
      readLock: () => [],
      graceMs: 0,
      onEvent: (event) => this.events.push(event),
      ...options,
    });
    this.content = new KeptContent(new StoreContent(this.store), this.keeper);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.keeper.close();
    this.store.close();
    this.#folder[Symbol.dispose]();
  }
}

/** Uploads content as it comes over the wire, and says its digest. */
async function upload(kept: Kept, number: number, size: number): Promise<ContentDigest> {
  const bytes = Buffer.alloc(size, `content ${number} `);
  const digest = digestBy(functions[number % 2] as (typeof functions)[number], bytes);
  const writer = kept.content.writer(digest);
  for (let start = 0; start < size; start += 64 << 10)
    await writer.write(bytes.subarray(start, start + (64 << 10)));
  assert.ok(await writer.finish());
  return digest;
}

const refused = (error: unknown) =>
  error instanceof ConnectError && error.code === Code.ResourceExhausted && /no room for/.test(error.message);

async function assertSound(store: Store): Promise<void> {
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
}

test('three times what the store may hold is uploaded, its size holds, and what is in use stays', async (t: TestContext) => {
  const limitBytes = 24 * mebibyte;
  await using kept = new Kept({ limitBytes });
  await kept.keeper.start();
  const { store, keeper } = kept;
  const early = await upload(kept, 1_000_000, mebibyte);
  const held = await upload(kept, 1_000_002, mebibyte);
  const directory = encodeDirectory({ files: [], directories: [], symlinks: [{ name: 'a', target: 'b' }] });
  const tree = store.putTree(directory);
  const output = commitFiles(store, { file: 'an output that is in use' });
  using _hold = keeper.hold({
    outputs: [output.path],
    directories: [tree.digest],
    blobs: [held.hash as Digest],
  });
  let largest = 0;
  const uploaded: ContentDigest[] = [];
  for (let number = 0; uploaded.length * 512 * 1024 < 3 * limitBytes; number += 8) {
    const some = Array.from({ length: 8 }, (_, index) => upload(kept, number + index, mebibyte / 2));
    uploaded.push(...(await Promise.all(some)));
    if (number % 16 === 0) largest = Math.max(largest, await store.size());
  }
  t.diagnostic(
    `${uploaded.length / 2} MiB came, the store had at most ${(largest / mebibyte).toFixed(1)} MiB; ${kept.events.length} collections`,
  );
  assert.ok(largest <= limitBytes, `the store had ${largest} bytes, and may have ${limitBytes}`);
  assert.ok(kept.events.every(({ kind }) => kind === 'collected'));
  assert.deepEqual(await kept.content.missing([early]), [early]);
  assert.deepEqual(await kept.content.missing([held, digestBy('blake3', directory)]), []);
  assert.ok(store.isWhole(output.path));
  const last = uploaded.slice(-8);
  assert.deepEqual(await kept.content.missing(last), []);
  await assertSound(store);
});

test('what came since a work began stays until it is over, and others are refused meanwhile', async () => {
  const limitBytes = 8 * mebibyte;
  await using kept = new Kept({ limitBytes, patienceMs: 300 });
  await kept.keeper.start();
  const work = kept.keeper.begin();
  const used: ContentDigest[] = [];
  for (let number = 0; number < 6; number++) used.push(await upload(kept, number, mebibyte));
  await assert.rejects(upload(kept, 100, 4 * mebibyte), refused);
  assert.deepEqual(kept.events.at(-1)?.kind, 'refused');
  assert.deepEqual(await kept.content.missing(used), []);
  work[Symbol.dispose]();
  ageAll(kept.store, Date.now() - 10_000);
  await upload(kept, 101, 4 * mebibyte);
  assert.ok((await kept.content.missing(used)).length > 0);
  assert.ok((await kept.store.size()) <= limitBytes);
});

test('a work that pauses keeps nothing of before, and what comes once it goes on', async () => {
  const limitBytes = 8 * mebibyte;
  await using kept = new Kept({ limitBytes, patienceMs: 300 });
  await kept.keeper.start();
  using work = kept.keeper.begin();
  const before = await upload(kept, 1, 4 * mebibyte);
  ageAll(kept.store, Date.now() - 10_000);
  work.pause();
  await upload(kept, 2, 6 * mebibyte);
  assert.deepEqual(await kept.content.missing([before]), [before]);
  ageAll(kept.store, Date.now() - 10_000);
  work.resume();
  const after = await upload(kept, 3, 6 * mebibyte);
  await assert.rejects(upload(kept, 4, 6 * mebibyte), refused);
  assert.deepEqual(await kept.content.missing([after]), []);
});

test('what is larger than the store may be is refused at once', async () => {
  await using kept = new Kept({ limitBytes: mebibyte });
  await kept.keeper.start();
  const digest = digestBy('blake3', Buffer.alloc(2 * mebibyte));
  const writer = kept.content.writer(digest);
  await assert.rejects(async () => await writer.write(Buffer.alloc(1)), /no room for/);
  writer.abandon();
  assert.equal(kept.events.at(-1)?.kind, 'refused');
});

test('room that was granted and not used is there for others', async () => {
  await using kept = new Kept({ limitBytes: 4 * mebibyte, patienceMs: 0 });
  await kept.keeper.start();
  const digest = digestBy('blake3', Buffer.alloc(3 * mebibyte));
  for (let round = 0; round < 5; round++) {
    const writer = kept.content.writer(digest);
    await writer.write(Buffer.alloc(1));
    if (round % 2 === 0) writer.abandon();
    else assert.equal(await writer.finish(), false);
    assert.equal(await kept.content.put(digest, Buffer.alloc(3 * mebibyte, 1)), false);
  }
  assert.ok(await kept.content.put(digest, Buffer.alloc(3 * mebibyte)));
});

test('a store without a limit takes all, and what is old can be collected by others', async () => {
  await using kept = new Kept({});
  await kept.keeper.start();
  for (let number = 0; number < 4; number++) await upload(kept, number, mebibyte);
  assert.ok(kept.keeper.storeBytes >= 4 * mebibyte);
  assert.deepEqual(kept.events, []);
});

test('a collection that cannot tell what to keep is reported, and nothing goes', async () => {
  await using kept = new Kept({
    limitBytes: 4 * mebibyte,
    patienceMs: 0,
    readLock: () => {
      throw new Error('this lock cannot be read');
    },
  });
  await kept.keeper.start();
  const first = await upload(kept, 1, 2 * mebibyte);
  kept.store.addRoots([{ kind: 'lock', path: new URL(import.meta.url).pathname }]);
  ageAll(kept.store);
  await assert.rejects(upload(kept, 2, 3 * mebibyte), /no room for/);
  assert.ok(kept.events.some(({ kind }) => kind === 'failed'));
  assert.deepEqual(await kept.content.missing([first]), []);
});
