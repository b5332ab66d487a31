import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { type StorePath, digestOf } from '../../src/foundation/index.ts';
import { type Store, encodeDirectory } from '../../src/store/index.ts';
import { chooseSeed, randomFrom } from '../support/random.ts';
import { startChild } from './child.ts';
import { listing, temporaryStore } from './temporary-store.ts';

/** Trees that are large enough for the second thread to take its part. */
const sizes = [0, 1, 5000, 5000, 5000, 5000, 16_384, 40_000, 262_144, 262_145];

function writeTree(folder: string, random: () => number, files: number): void {
  for (let index = 0; index < files; index++) {
    const place = path.join(folder, `folder ${index % 17}`, `größe ${index}`);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, contentOf(random, sizes[index % sizes.length] as number));
    if (index % 7 === 0) chmodSync(place, 0o755);
  }
}

function contentOf(random: () => number, size: number): Buffer {
  const content = Buffer.alloc(size, Math.floor(random() * 256));
  content.write(`${random()}`);
  return content;
}

/** The digest of a folder as one plain reading of it has it. */
function digestOfFolder(folder: string): { readonly digest: string; readonly size: number } {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => {
      const content = readFileSync(path.join(folder, name));
      const executable = (statSync(path.join(folder, name)).mode & 0o100) !== 0;
      return { name, digest: digestOf(content), size: content.length, executable };
    });
  const directories = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, ...(digestOfFolder(path.join(folder, name)) as never as object) }));
  const encoding = encodeDirectory({ files, directories: directories as never, symlinks: [] });
  return { digest: digestOf(encoding), size: encoding.length };
}

async function assertWhole(store: Store): Promise<void> {
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
}

function treeOf(store: Store, output: StorePath): string | undefined {
  return store.get(output)?.tree;
}

test('what two threads take in is what one reading finds, and so is what they put on disk', async (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  writeTree(source, randomFrom(seed), 900);
  const output = place.store.addLocal(source, 'source');
  assert.equal(treeOf(place.store, output), digestOfFolder(source).digest);
  const real = place.store.materialise(output);
  assert.deepEqual(listing(real), listing(source));
  assert.equal(digestOfFolder(real).digest, treeOf(place.store, output));
  for (const name of ['.', ...listing(real)]) {
    const status = statSync(path.join(real, name));
    assert.equal(status.mtimeMs, 1000, name);
    assert.equal(status.mode & 0o222, 0, name);
  }
  await assertWhole(place.store);
  assert.deepEqual(readdirSync(path.join(place.store.folder, 'temporary')), []);
});

test('a large file goes through two threads as it is, whatever its size', async (context) => {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  using place = temporaryStore();
  const random = randomFrom(seed);
  const piece = 256 << 10;
  for (const size of [8 << 20, (8 << 20) + 1, 33 * piece - 1, 9_000_000 + Math.floor(random() * 9_000_000)]) {
    const file = path.join(place.work, 'file');
    const content = Buffer.alloc(size);
    for (let start = 0; start < size; start += 8)
      content.writeUInt32LE(Math.floor(random() * 2 ** 32), Math.min(start, size - 4));
    writeFileSync(file, content);
    const entry = place.store.lookup(place.store.addLocal(file, 'file'), '/');
    assert.deepEqual(entry, { kind: 'file', digest: digestOf(content), size, executable: false });
  }
  await assertWhole(place.store);
});

/** Writes into the files of a folder without end, and says so once it has begun. */
const changing = `
  const { openSync, writeSync, ftruncateSync, closeSync } = await import('node:fs');
  const files = args.map((file) => [openSync(file, 'r+'), Number(file.split('-').at(-1))]);
  console.log('ready');
  for (let round = 0; ; round++) {
    const [descriptor, size] = files[round % files.length];
    const bytes = Buffer.alloc(1 + (round * 7919) % 5000, round);
    writeSync(descriptor, bytes, 0, bytes.length, (round * 104729) % size);
    if (round % 97 === 0) ftruncateSync(descriptor, Math.floor(size / 2));
    if (round % 101 === 0) ftruncateSync(descriptor, size);
  }`;

test('files that change while they are read come in under the hash of what was read', async () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  mkdirSync(source);
  const files = [100, 20_000, 300_000, 9_000_000].map((size) => path.join(source, `file-${size}`));
  for (const file of files) writeFileSync(file, Buffer.alloc(Number(file.split('-').at(-1))));
  // Enough others for both threads to be at work.
  writeTree(path.join(source, 'others'), randomFrom(1), 500);
  const child = startChild(changing, files);
  try {
    assert.equal(await child.nextLine(), 'ready');
    const seen = new Set<StorePath>();
    for (let round = 0; round < 5; round++) {
      seen.add(place.store.addLocal(source, 'source'));
      rmSync(path.join(place.store.folder, 'blobs'), { recursive: true });
      mkdirSync(path.join(place.store.folder, 'blobs'));
      const output = place.store.addLocal(source, 'source');
      for (const name of readdirSync(path.join(place.store.folder, 'blobs'), { recursive: true })) {
        const file = path.join(place.store.folder, 'blobs', String(name));
        if (statSync(file).isFile()) assert.equal(digestOf(readFileSync(file)), path.basename(file));
      }
      seen.add(output);
    }
    assert.ok(seen.size > 4, 'the files hardly changed');
  } finally {
    child.process.kill('SIGKILL');
    await child.ended;
  }
});

/** Takes a folder in, and says how often the process opened, read or looked at something below it. */
const counting = `
  const fs = (await import('node:fs')).default;
  const { syncBuiltinESMExports } = await import('node:module');
  const [storeFolder, source, laterMs] = args;
  const counts = { openSync: 0, readFileSync: 0, lstatSync: 0, statSync: 0, readdirSync: 0, readlinkSync: 0 };
  for (const name of Object.keys(counts)) {
    const original = fs[name];
    fs[name] = (file, ...rest) => {
      if (typeof file === 'string' && file.startsWith(source)) counts[name]++;
      return original(file, ...rest);
    };
  }
  syncBuiltinESMExports();
  const store = door.Store.open(storeFolder);
  store.addLocal(source, 'source', { now: () => Date.now() + Number(laterMs) });
  store.close();
  console.log(JSON.stringify(counts));`;

test('a second look at an unchanged tree costs the statuses and reads nothing; a change costs what changed', async () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  const [folders, files] = [40, 3000];
  for (let index = 0; index < files; index++) {
    const folder = path.join(source, `${index % folders}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${index}`), `${index}`);
  }
  const count = async (laterMs = 3_600_000): Promise<Record<string, number>> => {
    const child = startChild(counting, [place.store.folder, source, `${laterMs}`]);
    const counts = JSON.parse(await child.nextLine()) as Record<string, number>;
    assert.equal(await child.ended, 0);
    return counts;
  };
  // The helper's own reads are not counted here.
  assert.ok(((await count())['openSync'] ?? 0) > 100);
  const unchanged = { openSync: 0, readFileSync: 0, statSync: 0, readlinkSync: 0, readdirSync: folders + 1 };
  const { lstatSync = 0, ...others } = await count();
  assert.deepEqual(others, unchanged);
  // The root, and the look for a repository at the root and above, come on top.
  assert.ok(lstatSync >= files && lstatSync <= files + 5, `${lstatSync} looks at ${files} files`);
  writeFileSync(path.join(source, '7', '7'), 'changed');
  const changed = await count();
  assert.deepEqual({ ...changed, lstatSync: 0 }, { ...unchanged, openSync: 1, lstatSync: 0 });
  // What changed a moment ago may change once more without a trace.
  for (const index of [7, 8, 9]) writeFileSync(path.join(source, `${index}`, `${index}`), 'again');
  const tooSoon = -3_600_000;
  assert.equal((await count(tooSoon))['openSync'], 3);
  for (const laterMs of [tooSoon, 3_600_000]) assert.ok(((await count(laterMs))['openSync'] ?? 0) > 100);
  assert.equal((await count())['openSync'], 0);
});
