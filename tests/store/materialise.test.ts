import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { StorePath } from '../../src/foundation/index.ts';
import { storePath, hashPartOf, digestOf } from '../../src/foundation/index.ts';
import type { Store } from '../../src/store/index.ts';
import { startChild } from './child.ts';
import { diagnosed, listing, temporaryStore } from './temporary-store.ts';

/** A folder with a bit of everything. */
function makeSource(folder: string): string {
  const source = path.join(folder, 'source');
  mkdirSync(path.join(source, 'bin'), { recursive: true });
  mkdirSync(path.join(source, 'empty'));
  writeFileSync(path.join(source, 'bin', 'run'), 'program', { mode: 0o755 });
  writeFileSync(path.join(source, 'same'), 'program');
  writeFileSync(path.join(source, 'größe'), '');
  symlinkSync('bin/run', path.join(source, 'link'));
  return source;
}

/** Each entry below a folder with all that the store promises of it. */
function describe(folder: string): Record<string, string> {
  const described: Record<string, string> = {};
  for (const name of ['.', ...listing(folder)]) {
    const entry = path.join(folder, name);
    const status = lstatSync(entry);
    const mode = (status.mode & 0o777).toString(8);
    if (status.isSymbolicLink()) described[name] = `link to ${readlinkSync(entry)} at ${status.mtimeMs}`;
    else if (status.isDirectory()) described[name] = `folder ${mode} at ${status.mtimeMs}`;
    else described[name] = `file ${mode} at ${status.mtimeMs}: ${readFileSync(entry, 'utf8')}`;
  }
  return described;
}

function addSource(store: Store, work: string): StorePath {
  return store.addLocal(makeSource(work), 'source');
}

const expected = {
  '.': 'folder 555 at 1000',
  bin: 'folder 555 at 1000',
  'bin/run': 'file 555 at 1000: program',
  empty: 'folder 555 at 1000',
  größe: 'file 444 at 1000: ',
  link: 'link to bin/run at 1000',
  same: 'file 444 at 1000: program',
};

test('a tree on disk equals the tree, read-only and without times', () => {
  using place = temporaryStore();
  const added = addSource(place.store, place.work);
  const real = place.store.materialise(added);
  assert.equal(real, path.join(place.store.folder, 'store', path.basename(added)));
  assert.deepEqual(describe(real), expected);
  assert.equal(place.store.materialise(added), real);
  assert.equal(place.store.addLocal(real, 'source'), added);
});

test('files are links to the blobs', () => {
  using place = temporaryStore();
  const real = place.store.materialise(addSource(place.store, place.work));
  const blob = digestOf('program');
  assert.equal(lstatSync(path.join(real, 'same')).ino, lstatSync(place.store.blobs.file(blob)).ino);
  assert.equal(lstatSync(path.join(real, 'bin/run')).ino, lstatSync(place.store.blobs.file(blob, true)).ino);
});

test('a single file and a single link lie at their path themselves', () => {
  using place = temporaryStore();
  const file = path.join(place.work, 'file');
  writeFileSync(file, 'x', { mode: 0o755 });
  assert.deepEqual(describe(path.dirname(place.store.materialise(place.store.addLocal(file, 'f')))), {
    '.': describe(path.join(place.store.folder, 'store'))['.'],
    [readdirSync(path.join(place.store.folder, 'store'))[0] as string]: 'file 555 at 1000: x',
  });
});

test('a tree whose last step was cut off is sealed at the next look', () => {
  using place = temporaryStore();
  const added = addSource(place.store, place.work);
  const real = place.store.materialise(added);
  chmodSync(real, 0o755);
  place.store.materialise(added);
  assert.deepEqual(describe(real), expected);
});

test('an output that is not there is named', () => {
  using place = temporaryStore();
  const missing = storePath(hashPartOf(digestOf('x')), 'missing');
  assert.throws(() => place.store.materialise(missing), diagnosed('CAB5004', /missing/));
});

test('several processes may put the same tree on disk at once', async () => {
  using place = temporaryStore();
  const source = makeSource(place.work);
  for (let index = 0; index < 200; index++) writeFileSync(path.join(source, `file${index}`), `${index}`);
  const added = place.store.addLocal(source, 'source');
  const code = `
    const store = door.Store.open(args[0]);
    console.log('ready');
    process.stdin.once('data', () => { console.log(store.materialise(args[1])); process.exit(0); });
  `;
  const children = Array.from({ length: 3 }, () => startChild(code, [place.store.folder, added]));
  for (const child of children) assert.equal(await child.nextLine(), 'ready');
  for (const child of children) child.process.stdin?.write('go\n');
  const real = place.store.materialise(added);
  for (const child of children) {
    assert.equal(await child.nextLine(), real);
    assert.equal(await child.ended, 0);
  }
  assert.equal(place.store.addLocal(real, 'source'), added);
  assert.deepEqual(listing(path.join(place.store.folder, 'temporary')), []);
});
