import assert from 'node:assert/strict';
import { mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type StorePath, digestOf } from '../../src/foundation/index.ts';
import { type OutputRecord, Store } from '../../src/store/index.ts';
import { startChild } from './child.ts';
import {
  archiveOf,
  blobRecord,
  changed,
  directoryRecord,
  empty,
  file,
  named,
  outputOf,
  outputRecord,
} from './archive-writer.ts';
import {
  decay,
  diagnosed,
  listing,
  scratchPath,
  temporaryFolder,
  temporaryStore,
} from './temporary-store.ts';

async function exported(store: Store, ...paths: StorePath[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.exportArchive(paths)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The bytes in pieces, as a pipe may bring them. */
async function* inPieces(content: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function assertWhole(store: Store): Promise<void> {
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
}

/** A library, a tool that refers to it and to itself, and what refers to nothing but lies beside them. */
async function addClosure(
  store: Store,
  work: string,
): Promise<{ readonly library: OutputRecord; readonly tool: OutputRecord }> {
  const source = path.join(work, 'library');
  mkdirSync(path.join(source, 'lib', 'empty'), { recursive: true });
  writeFileSync(path.join(source, 'lib', 'library.so'), 'library');
  writeFileSync(path.join(source, 'lib', 'nothing'), '');
  const library = store.get(store.addLocal(source, 'library')) as OutputRecord;
  const scratch = scratchPath('tool', 'tool');
  const built = path.join(work, 'built');
  mkdirSync(path.join(built, 'bin'), { recursive: true });
  writeFileSync(path.join(built, 'bin', 'tool'), `#!${library.path}/run\n${scratch}`, { mode: 0o755 });
  writeFileSync(path.join(built, 'bin', 'twin'), `#!${library.path}/run\n${scratch}`);
  writeFileSync(path.join(built, 'large'), Buffer.alloc(3_000_000, 'large'));
  symlinkSync(`${scratch}/bin/tool`, path.join(built, 'link'));
  const tool = await store.addOutput({ source: built, scratch, name: 'tool', candidates: [library.path] });
  store.commit({ outputs: [tool] });
  return { library, tool };
}

test('a closure goes from store to store as it is, and its archive is the same wherever it is made', async () => {
  using from = temporaryStore();
  using to = temporaryStore();
  const { library, tool } = await addClosure(from.store, from.work);
  assert.deepEqual(tool.references, [library.path, tool.path].toSorted());
  const archive = await exported(from.store, tool.path);
  const outputs = await to.store.importArchive(inPieces(archive));
  assert.deepEqual(
    outputs,
    [
      { ...library, asked: false },
      { ...tool, asked: true },
    ].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  );
  for (const record of [library, tool]) assert.deepEqual(to.store.get(record.path), record);
  await assertWhole(to.store);
  assert.deepEqual(listing(to.store.materialise(tool.path)), listing(from.store.materialise(tool.path)));
  assert.deepEqual(await exported(to.store, tool.path), archive);
  assert.deepEqual(await exported(from.store, tool.path), archive);
  assert.notDeepEqual(await exported(from.store, tool.path, library.path), archive);
});

test('outputs of one content by several names share it, and each comes over', async () => {
  using from = temporaryStore();
  using to = temporaryStore();
  const source = path.join(from.work, 'file');
  writeFileSync(source, 'content');
  const paths = ['one', 'two'].map((name) => from.store.addLocal(source, name));
  const archive = await exported(from.store, ...paths);
  await to.store.importArchive(inPieces(archive));
  for (const each of paths) assert.deepEqual(to.store.get(each), from.store.get(each));
});

test('nothing exports to an archive, and that imports as nothing', async () => {
  using place = temporaryStore();
  assert.deepEqual(await place.store.importArchive(inPieces(await exported(place.store))), []);
});

test('an archive that ends anywhere before its end records nothing, and the whole one then goes on', async () => {
  using from = temporaryStore();
  using to = temporaryStore();
  const { tool, library } = await addClosure(from.store, from.work);
  const archive = await exported(from.store, tool.path);
  for (let cut = 1; cut < archive.length; cut += 37) {
    await assert.rejects(
      to.store.importArchive(inPieces(archive.subarray(0, cut))),
      diagnosed('CAB5021', /ends at byte \d+ of its content/),
    );
    assert.equal(to.store.has(tool.path), false);
  }
  const blob = to.store.blobs.file(digestOf('library'));
  const before = statSync(blob).ino;
  await to.store.importArchive(inPieces(archive));
  assert.ok(to.store.has(tool.path) && to.store.has(library.path));
  assert.equal(statSync(blob).ino, before, 'a blob that was there was written again');
  assert.deepEqual(listing(path.join(to.store.folder, 'temporary')), []);
  await assertWhole(to.store);
});

test('an archive whose content is cut off, at any byte, says where', async () => {
  using from = temporaryStore();
  using to = temporaryStore();
  const source = path.join(from.work, 'file');
  writeFileSync(source, 'content');
  const archive = await exported(from.store, from.store.addLocal(source, 'file'));
  const length = changedLength(archive);
  for (let cut = 0; cut < length; cut++) {
    const cutOff = changed(archive, (content) => content.subarray(0, cut));
    await assert.rejects(to.store.importArchive(inPieces(cutOff)), (error) =>
      cut === 0
        ? diagnosed('CAB5022')(error)
        : diagnosed('CAB5021', new RegExp(`byte ${cut} of its content`))(error),
    );
  }
});

function changedLength(archive: Uint8Array): number {
  let length = 0;
  changed(archive, (content) => {
    length = content.length;
    return content;
  });
  return length;
}

test('a process that is killed while it imports leaves nothing recorded, and the next one goes on', async () => {
  using from = temporaryStore();
  using folder = temporaryFolder();
  const { tool } = await addClosure(from.store, from.work);
  const archive = path.join(folder.path, 'archive');
  writeFileSync(archive, await exported(from.store, tool.path));
  const place = path.join(folder.path, 'store');
  const child = startChild(
    `
    const fs = await import('node:fs');
    const archive = fs.readFileSync(args[1]);
    const store = door.Store.open(args[0]);
    async function* cut() {
      yield archive.subarray(0, archive.length - 3);
      fs.writeSync(1, 'all but the end\\n');
      await new Promise(() => setInterval(() => {}, 1000));
    }
    await store.importArchive(cut());`,
    [place, archive],
  );
  assert.equal(await child.nextLine(), 'all but the end');
  child.process.kill('SIGKILL');
  await child.ended;
  const store = Store.open(place);
  assert.equal(store.has(tool.path), false);
  await assertWhole(store);
  await store.importArchive(inPieces(await exported(from.store, tool.path)));
  assert.deepEqual(store.get(tool.path), tool);
  await assertWhole(store);
  assert.deepEqual(listing(path.join(place, 'temporary')), []);
  store.close();
});

test('what an output refers to is found in its content, whatever an archive says', async () => {
  using place = temporaryStore();
  const other = outputOf({ ...empty, files: [file('text', 'other')] }, 5, 'other');
  const mention = `see ${other.path}`;
  const silent = outputOf({ ...empty, files: [file('text', mention)] }, mention.length, 'silent');
  const boasting = {
    ...outputOf({ ...empty, files: [file('name', 'other')] }, 5, 'boasting'),
    references: [other.path],
  };
  const outputs = [other, silent, boasting].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const archive = archiveOf(
    [
      ...outputs.map(outputRecord),
      blobRecord('other'),
      directoryRecord({ ...empty, files: [file('text', 'other')] }),
      directoryRecord({ ...empty, files: [file('name', 'other')] }),
      blobRecord(mention),
      directoryRecord({ ...empty, files: [file('text', mention)] }),
    ],
    { outputs: 3, directories: 3, blobs: 2, bytes: 5 + mention.length },
  );
  await place.store.importArchive(inPieces(archive));
  assert.deepEqual(place.store.get(silent.path)?.references, [other.path]);
  assert.deepEqual(place.store.get(boasting.path)?.references, []);
});

test('an output whose archive leaves out what it refers to refers to it where the store has it', async () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'file');
  writeFileSync(source, 'other');
  const other = place.store.addLocal(source, 'other');
  const mention = `see ${other}`;
  const directory = { ...empty, files: [file('text', mention)] };
  const silent = outputOf(directory, mention.length);
  const archive = archiveOf([outputRecord(silent), blobRecord(mention), directoryRecord(directory)], {
    outputs: 1,
    directories: 1,
    blobs: 1,
    bytes: mention.length,
  });
  await place.store.importArchive(inPieces(archive));
  assert.deepEqual(place.store.get(silent.path)?.references, [other]);
});

test('what the store has is not written again, be it a program or not', async () => {
  using from = temporaryStore();
  using to = temporaryStore();
  await addClosure(to.store, to.work);
  const { tool } = await addClosure(from.store, from.work);
  const blobs = path.join(to.store.folder, 'blobs');
  const inodes = (): readonly string[] =>
    listing(blobs).map((name) => `${name} ${statSync(path.join(blobs, name)).ino}`);
  to.store.materialise(tool.path);
  const before = inodes();
  assert.ok(before.some((line) => line.includes('.x ')));
  const [database, archive] = [
    path.join(to.store.folder, 'metadata.sqlite'),
    await exported(from.store, tool.path),
  ];
  forgetOutputs(database);
  assert.equal(to.store.has(tool.path), false);
  await to.store.importArchive(inPieces(archive));
  assert.deepEqual(inodes(), before);
  assert.deepEqual(to.store.get(tool.path), tool);
});

/** As an import that was killed leaves it: blobs and directories are there, and nothing knows them. */
function forgetOutputs(database: string): void {
  const connection = new DatabaseSync(database);
  connection.exec('DELETE FROM output_references; DELETE FROM outputs; UPDATE trees SET used = 0');
  connection.close();
}

test('an archive that leaves out what the store has is taken, and that stays while a collection goes on', async () => {
  using place = temporaryStore();
  const directory = { ...empty, files: [file('text', 'content')] };
  const root = { ...empty, directories: [named('inner', directory)], files: [file('more', 'more')] };
  const first = outputOf(directory, 7, 'first');
  const second = outputOf(root, 11, 'second');
  const records = [blobRecord('content'), directoryRecord(directory)];
  const counts = { outputs: 1, directories: 1, blobs: 1, bytes: 7 };
  await place.store.importArchive(inPieces(archiveOf([outputRecord(first), ...records], counts)));
  forgetOutputs(path.join(place.store.folder, 'metadata.sqlite'));
  utimesSync(place.store.blobs.file(digestOf('content')), 1, 1);
  const thin = archiveOf([outputRecord(second), blobRecord('more'), directoryRecord(root)], {
    ...counts,
    bytes: 4,
  });
  const other = Store.open(place.store.folder);
  const content = zstdDecompressSync(thin);
  async function* beside(): AsyncGenerator<Uint8Array> {
    yield zstdCompressSync(content.subarray(0, -endBytes));
    // What it relies on is marked by then.
    while (!place.store.hasTree(second.tree)) await turn();
    await collect(other);
    yield zstdCompressSync(content.subarray(-endBytes));
  }
  await place.store.importArchive(beside());
  await collect(other);
  other.close();
  assert.ok(place.store.has(second.path));
  await assertWhole(place.store);
  assert.deepEqual(listing(place.store.materialise(second.path)), ['inner', 'inner/text', 'more']);
});

/** The length of an end record. */
const endBytes = 1 + 4 * 8 + 32;

async function collect(store: Store): Promise<void> {
  for await (const step of store.collect({ readLock: () => [] })) assert.ok(step);
}

test('a damaged blob is not exported', async () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'file');
  writeFileSync(source, 'content');
  const output = place.store.addLocal(source, 'file');
  const blob = place.store.blobs.file(digestOf('content'));
  for (const content of ['contenT', 'longer than it was', 'short']) {
    decay(blob, content);
    await assert.rejects(exported(place.store, output), diagnosed('CAB5003', /damaged/));
  }
});

/** Runs one direction in a process of its own; answers the most memory that it had, in bytes. */
async function peakOf(code: string, args: readonly string[]): Promise<number> {
  const child = startChild(
    `const fs = await import('node:fs');
     const { pipeline } = await import('node:stream/promises');
     const store = door.Store.open(args[0]);
     ${code}
     fs.writeSync(1, process.resourceUsage().maxRSS + '\\n');`,
    args,
  );
  const peak = Number(await child.nextLine()) * 1024;
  assert.equal(await child.ended, 0);
  return peak;
}

test('memory stays the same, whatever the size', async (context) => {
  const peaks: number[][] = [];
  for (const megabytes of [8, 200]) {
    using place = temporaryStore();
    const source = path.join(place.work, 'source');
    mkdirSync(source);
    for (const part of [1, 2, 3, 4]) {
      writeFileSync(path.join(source, String(part)), Buffer.alloc((megabytes / 4) << 20, `part ${part}`));
    }
    const output = place.store.addLocal(source, 'large');
    const archive = path.join(place.work, 'archive');
    const writing = `await pipeline(store.exportArchive([args[2]]), fs.createWriteStream(args[1]));`;
    const reading = `await store.importArchive(fs.createReadStream(args[1]));`;
    peaks.push([
      await peakOf(writing, [place.store.folder, archive, output]),
      await peakOf(reading, [path.join(place.work, 'second'), archive]),
    ]);
  }
  const [small = [], large = []] = peaks;
  for (const [index, name] of ['export', 'import'].entries()) {
    const growth = ((large[index] as number) - (small[index] as number)) / 2 ** 20;
    context.diagnostic(`${name}: ${Math.round(growth)} MiB more for 200 MiB than for 8`);
    assert.ok(growth < 100, `${name} needs ${growth} MiB more`);
  }
});
