import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { type StorePath, digestOf } from '../../src/foundation/index.ts';
import type { RepairAction, Store } from '../../src/store/index.ts';
import { decay, listing, temporaryStore } from './temporary-store.ts';

/** As long after everything was written that its status tells of each change. */
const later = { now: () => Date.now() + 60_000 };

function addSource(store: Store, work: string): StorePath {
  const source = path.join(work, 'source');
  mkdirSync(path.join(source, 'deep'), { recursive: true });
  writeFileSync(path.join(source, 'deep', 'text'), 'text');
  writeFileSync(path.join(source, 'run'), 'program', { mode: 0o755 });
  return store.addLocal(source, 'source', later);
}

async function repair(store: Store): Promise<readonly RepairAction[]> {
  const findings = [];
  for await (const finding of store.verify()) findings.push(finding);
  const actions: RepairAction[] = [];
  const repairing = store.repair((action) => actions.push(action));
  await repairing.mend(findings);
  repairing.takeOut(new Map(repairing.broken().map((output) => [output, 'nobody makes it'])));
  await repairing.finish();
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
  return actions;
}

function told(actions: readonly RepairAction[]): readonly string[] {
  return actions.map(({ kind, detail }) => `${kind} ${detail.replace(/'.*'/, '…')}`);
}

test('what was read from a local file comes from it, as long as it is as it was', async () => {
  using place = temporaryStore();
  const added = addSource(place.store, place.work);
  rmSync(place.store.blobs.file(digestOf('text')));
  assert.deepEqual(told(await repair(place.store)), ['restored from the local file …']);
  assert.ok(place.store.isWhole(added));

  writeFileSync(path.join(place.work, 'source', 'deep', 'text'), 'Text');
  rmSync(place.store.blobs.file(digestOf('text')));
  assert.deepEqual(told(await repair(place.store)), ['taken-out nobody makes it']);
  assert.equal(place.store.has(added), false);
  assert.notEqual(addSource(place.store, path.join(place.work)), undefined);
});

test('the directories of a local tree come from its folder', async () => {
  using place = temporaryStore();
  const added = addSource(place.store, place.work);
  const database = new DatabaseSync(path.join(place.store.folder, 'metadata.sqlite'));
  database.exec('DELETE FROM trees');
  database.close();
  assert.deepEqual(told(await repair(place.store)), ['restored from the local folder …']);
  assert.ok(place.store.isWhole(added));
});

test('a copy in a materialised tree is a source, and a link to what is damaged is none', async () => {
  using place = temporaryStore();
  const added = addSource(place.store, place.work);
  const real = place.store.materialise(added);
  renameSync(path.join(place.work, 'source'), path.join(place.work, 'away'));
  const inTree = path.join(real, 'deep', 'text');
  chmodSync(path.dirname(inTree), 0o755);
  const copy = path.join(place.work, 'copy');
  copyFileSync(inTree, copy);
  renameSync(copy, inTree);
  chmodSync(inTree, 0o444);
  for (const [text, executable] of [
    ['text', false],
    ['program', true],
  ] as const) {
    const blob = place.store.blobs.file(digestOf(text), executable);
    decay(blob, text.toUpperCase());
  }
  const actions = await repair(place.store);
  assert.deepEqual(told(actions).toSorted(), [
    'materialised made anew',
    'restored from its other variant',
    'restored from the copy …',
  ]);
  assert.equal(place.store.isWhole(added), true);
  assert.deepEqual(
    listing(place.store.folder).filter((name) => name.startsWith('damaged')),
    [],
  );
});
