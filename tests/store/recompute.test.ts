import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { hashPartOfStorePath, parseDigest } from '../../src/foundation/index.ts';
import { type Directory, encodeDirectory } from '../../src/store/index.ts';
import {
  base32Of,
  chooseSeed,
  directoryMessage,
  fuzzFactor,
  makeOddTree,
  otherBlake3,
  randomFrom,
  recompute,
} from '../support/index.ts';
import { addBuilt } from './built-outputs.ts';
import { scratchPath, temporaryStore } from './temporary-store.ts';

/** What the library reads in an encoding, in the form in which the store has it. */
function decodedByLibrary(encoding: Uint8Array): Directory {
  const plain = directoryMessage.toObject(directoryMessage.decode(encoding), {
    arrays: true,
    defaults: true,
    longs: Number,
  }) as Record<'files' | 'directories' | 'symlinks', Record<string, unknown>[]>;
  return {
    files: plain.files.map((file) => ({ ...sized(file), executable: file['isExecutable'] })),
    directories: plain.directories.map(sized),
    symlinks: plain.symlinks.map(({ name, target }) => ({ name, target })),
  } as unknown as Directory;
}

function sized({ name, digest }: Record<string, unknown>): object {
  const { hash, sizeBytes } = digest as { readonly hash: string; readonly sizeBytes: number };
  return { name, digest: hash, size: sizeBytes };
}

test('a library that knows nothing but the .proto gets the same hash of random trees', async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  using place = temporaryStore();
  let directories = 0;
  for (let round = 0; round < 12 * fuzzFactor(); round++) {
    const folder = path.join(place.work, `tree-${round}`);
    await makeOddTree(folder, [0, 1, 5, 60, 200][round % 5] as number, random);
    const expected = await recompute(folder, otherBlake3);
    const added = place.store.addLocal(folder, 'tree');
    assert.equal(hashPartOfStorePath(added), base32Of(expected.hash));
    assert.equal(place.store.get(added)?.tree, expected.hash);
    for (const [hash, encoding] of expected.encodings) {
      const digest = parseDigest(hash) ?? assert.fail(hash);
      const ours = place.store.getTreeEncoding(digest);
      assert.deepEqual(Buffer.from(ours), Buffer.from(encoding));
      assert.deepEqual(decodedByLibrary(ours), place.store.getTree(digest));
      directories++;
    }
    // And what the store puts on disk again has the same hash.
    const materialised = await recompute(place.store.materialise(added), otherBlake3);
    assert.equal(materialised.hash, expected.hash);
  }
  t.diagnostic(`${directories} directories recomputed`);
});

test('a single file, and a single link, is the tree that holds it under the empty name', async () => {
  using place = temporaryStore();
  const file = path.join(place.work, 'file');
  const executable = path.join(place.work, 'executable');
  await writeFile(file, '');
  await writeFile(executable, '#!/bin/sh\n', { mode: 0o755 });
  for (const single of [file, executable]) {
    const expected = await recompute(single, otherBlake3);
    const added = place.store.addLocal(single, 'single');
    assert.equal(hashPartOfStorePath(added), base32Of(expected.hash));
    assert.equal((await recompute(place.store.materialise(added), otherBlake3)).hash, expected.hash);
  }
  using folder = place.store.temporaryFolder('build');
  const link = path.join(folder.path, 'link');
  await symlink('somewhere/\u{1F600}', link);
  const expected = await recompute(link, otherBlake3);
  const built = { source: link, scratch: scratchPath('link'), name: 'link', candidates: [] };
  const output = await place.store.addOutput(built);
  assert.equal(hashPartOfStorePath(output.path), base32Of(expected.hash));
});

test('the tree of an output that mentions its own path is recomputed as it is', async () => {
  using place = temporaryStore();
  const output = await addBuilt(place.store, 'selfish', (own) => ({
    'bin/run': { executable: `exec ${own}/bin/run` },
  }));
  assert.deepEqual(output.references, [output.path]);
  const expected = await recompute(place.store.materialise(output.path), otherBlake3);
  assert.equal(output.tree, expected.hash);
  assert.notEqual(hashPartOfStorePath(output.path), base32Of(expected.hash));
});

test('directories are sorted by UTF-8 bytes, where UTF-16 units would have another order', () => {
  const names = ['\u{10000}', '\uFFFC', '\u{1F600}', '\uE000', 'z', '\u{10FFFF}'];
  assert.notDeepEqual(names.toSorted(), names.toSorted(byBytes), 'the names tell nothing');
  const directory: Directory = {
    files: [],
    directories: [],
    symlinks: names.map((name) => ({ name, target: 't' })),
  };
  const sorted = { symlinks: names.toSorted(byBytes).map((name) => ({ name, target: 't' })) };
  const expected = directoryMessage.encode(directoryMessage.fromObject(sorted)).finish();
  assert.deepEqual(Buffer.from(encodeDirectory(directory)), Buffer.from(expected));
});

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
