import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
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

/** What a materialised file is like, and whether it is a link to the blob. */
function look(store: Store, file: string): object {
  const { mode, mtimeMs, ino } = lstatSync(file);
  const content = readFileSync(file, 'utf8');
  const executable = (mode & 0o100) !== 0;
  const isLink = ino === lstatSync(store.blobs.file(digestOf(content), executable)).ino;
  return { content, mode: (mode & 0o777).toString(8), mtimeMs, isLink };
}

/** Removes a tree that is sealed, and leaves the modes of its files, which are those of the blobs, as they are. */
function removeTree(folder: string): void {
  execFileSync('find', [folder, '-type', 'd', '-exec', 'chmod', 'u+w', '{}', '+']);
  rmSync(folder, { recursive: true });
}

async function assertWhole(store: Store): Promise<void> {
  for await (const finding of store.verify()) assert.fail(JSON.stringify(finding));
}

test('from another file system than the tree’s a blob is copied in', async (context) => {
  using place = temporaryStore();
  const real = addSource(place.store, place.work);
  const beginning = path.dirname(place.store.blobs.file(digestOf('text')));
  const saved = path.join(place.work, 'saved');
  execFileSync('cp', ['-a', beginning, saved]);
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', beginning], { stdio: 'ignore' });
  } catch {
    context.skip('another file system needs root on Linux');
    return;
  }
  try {
    execFileSync('cp', ['-a', `${saved}/.`, beginning]);
    removeTree(real);
    addSource(place.store, place.work);
    assert.deepEqual(look(place.store, path.join(real, 'text')), {
      content: 'text',
      mode: '444',
      mtimeMs: 1000,
      isLink: false,
    });
    assert.deepEqual(look(place.store, path.join(real, 'bin', 'run')), {
      content: 'program',
      mode: '555',
      mtimeMs: 1000,
      isLink: true,
    });
    await assertWhole(place.store);
    // A copy has to be hashed to be known for right, and is.
    execFileSync('chmod', ['u+w', path.join(real, 'text')]);
    writeFileSync(path.join(real, 'text'), 'Text');
    const found = [];
    for await (const { kind } of place.store.verify()) found.push(kind);
    assert.deepEqual(found, ['materialised-differs']);
  } finally {
    execFileSync('umount', ['--lazy', beginning]);
  }
});

/** More links than any file system with a limit that is worth the name gives to one file. */
const linksLimit = 66_000;

test('a blob that has all the links that its file system gives is copied', async (context) => {
  using place = temporaryStore();
  const real = addSource(place.store, place.work);
  removeTree(real);
  const blob = place.store.blobs.file(digestOf('text'));
  const folder = path.join(place.work, 'links');
  mkdirSync(folder);
  let links = 0;
  try {
    for (; links < linksLimit; links++) linkSync(blob, path.join(folder, `${links}`));
    context.skip(`this file system gives a file ${linksLimit} links and more`);
    return;
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'EMLINK');
  }
  context.diagnostic(`${links} links were made`);
  addSource(place.store, place.work);
  assert.deepEqual(look(place.store, path.join(real, 'text')), {
    content: 'text',
    mode: '444',
    mtimeMs: 1000,
    isLink: false,
  });
  await assertWhole(place.store);
});
