import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { digestOf } from '../../src/foundation/index.ts';
import type { Store } from '../../src/store/index.ts';
import { temporaryStore } from './temporary-store.ts';

function addSource(store: Store, work: string): string {
  const source = path.join(work, 'source');
  mkdirSync(path.join(source, 'bin'), { recursive: true });
  writeFileSync(path.join(source, 'bin', 'run'), 'program', { mode: 0o755 });
  writeFileSync(path.join(source, 'text'), 'text');
  return store.materialise(store.addLocal(source, 'source'));
}

async function kindsOf(store: Store): Promise<string[]> {
  const kinds: string[] = [];
  for await (const { kind } of store.verify()) kinds.push(kind);
  return kinds;
}

/** Changes a read-only file in place. */
function tamper(file: string, change: (content: Buffer) => Buffer): void {
  const mode = 0o644;
  chmodSync(file, mode);
  writeFileSync(file, change(readFileSync(file)));
}

function flipBit(content: Buffer): Buffer {
  content[0] = (content[0] as number) ^ 1;
  return content;
}

test('a store as it should be has no findings, and says how much was looked at', async () => {
  using place = temporaryStore();
  addSource(place.store, place.work);
  const verification = place.store.verify();
  for await (const finding of verification) assert.fail(JSON.stringify(finding));
  assert.deepEqual(verification.counts, { blobs: 3, trees: 2, outputs: 1, materialised: 1, findings: 0 });
});

test('a flipped bit is found in either variant', async () => {
  for (const [text, executable] of [
    ['text', false],
    ['program', true],
  ] as const) {
    using place = temporaryStore();
    addSource(place.store, place.work);
    const file = place.store.blobs.file(digestOf(text), executable);
    tamper(file, flipBit);
    const found: string[] = [];
    for await (const { kind, path: where } of place.store.verify())
      if (kind === 'blob-corrupt') found.push(where);
    assert.deepEqual(found, [file]);
  }
});

test('a blob that is gone is found', async () => {
  using place = temporaryStore();
  addSource(place.store, place.work);
  rmSync(place.store.blobs.file(digestOf('text')));
  assert.deepEqual(await kindsOf(place.store), ['blob-missing']);
});

test('a tree that is gone or changed is found', async () => {
  using place = temporaryStore();
  addSource(place.store, place.work);
  const database = new DatabaseSync(path.join(place.store.folder, 'metadata.sqlite'));
  database.exec("UPDATE trees SET encoding = x'00' WHERE id = 1");
  assert.deepEqual(await kindsOf(place.store), ['tree-corrupt']);
  database.exec('DELETE FROM trees WHERE id = 1');
  assert.deepEqual(await kindsOf(place.store), ['tree-missing']);
  database.exec('DELETE FROM trees');
  assert.deepEqual(await kindsOf(place.store), ['tree-missing']);
  database.close();
});

test('a path that is not that of its content is found', async () => {
  using place = temporaryStore();
  const file = path.join(place.work, 'file');
  writeFileSync(file, 'one');
  const one = place.store.get(place.store.addLocal(file, 'x'));
  writeFileSync(file, 'two');
  const two = place.store.get(place.store.addLocal(file, 'x'));
  const database = new DatabaseSync(path.join(place.store.folder, 'metadata.sqlite'));
  database.prepare('UPDATE outputs SET tree = ? WHERE path = ?').run(one?.tree ?? '', two?.path ?? '');
  database.close();
  assert.deepEqual(await kindsOf(place.store), ['path-wrong']);
});

test('what was changed on disk is found', async () => {
  const changes: readonly ((real: string) => void)[] = [
    (real) => rmSync(path.join(real, 'text')),
    (real) => writeFileSync(path.join(real, 'more'), ''),
    (real) => {
      rmSync(path.join(real, 'text'));
      writeFileSync(path.join(real, 'text'), 'Text', { mode: 0o444 });
    },
    (real) => {
      rmSync(path.join(real, 'text'));
      writeFileSync(path.join(real, 'text'), 'text', { mode: 0o555 });
    },
    (real) => {
      rmSync(path.join(real, 'bin'), { recursive: true });
      writeFileSync(path.join(real, 'bin'), '');
    },
  ];
  for (const change of changes) {
    using place = temporaryStore();
    const real = addSource(place.store, place.work);
    chmodSync(real, 0o755);
    chmodSync(path.join(real, 'bin'), 0o755);
    change(real);
    assert.deepEqual(await kindsOf(place.store), ['materialised-differs']);
  }
});
