import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type HashPart, digestOf, hashPartOf } from '../../src/foundation/index.ts';
import { ReferenceScanner } from '../../src/store/index.ts';
import { bytes, diagnosed, listing, seeded, temporaryStore } from './temporary-store.ts';

test('a blob is named by its digest, read-only and without a time', () => {
  using place = temporaryStore();
  const { blobs } = place.store;
  const blob = blobs.put(bytes('hello'));
  assert.deepEqual(blob, { digest: digestOf('hello'), size: 5 });
  assert.ok(blobs.has(blob.digest));
  assert.equal(Buffer.from(blobs.read(blob.digest)).toString(), 'hello');
  const status = statSync(blobs.file(blob.digest));
  assert.equal(status.mode & 0o777, 0o444);
  assert.equal(status.mtimeMs, 1000);
});

test('the executable variant is a file of its own', () => {
  using place = temporaryStore();
  const { blobs } = place.store;
  const { digest } = blobs.put(bytes('#!/bin/sh\n'));
  const plain = statSync(blobs.file(digest));
  const executable = statSync(blobs.file(digest, true));
  assert.equal(executable.mode & 0o777, 0o555);
  assert.equal(executable.mtimeMs, 1000);
  assert.notEqual(executable.ino, plain.ino);
  assert.equal(blobs.file(digest, true), `${blobs.file(digest)}.x`);
});

test('a blob that is not there is named', () => {
  using place = temporaryStore();
  const { blobs } = place.store;
  const missing = digestOf('missing');
  assert.equal(blobs.has(missing), false);
  assert.throws(() => blobs.read(missing), diagnosed('CAB5004', new RegExp(missing)));
  assert.throws(() => blobs.file(missing), diagnosed('CAB5004'));
  assert.throws(() => blobs.file(missing, true), diagnosed('CAB5004'));
});

const spill = 1 << 20;
for (const size of [0, 1, 4095, 4096, 4097, spill - 1, spill, spill + 1, 2 * spill, 3 * spill + 7]) {
  test(`a writer takes ${size} bytes in pieces of any size`, () => {
    using place = temporaryStore();
    const content = Buffer.alloc(size);
    for (let index = 0; index < size; index++) content[index] = (index * 7919) >> 3;
    for (const piece of [1013, spill / 2 + 1, 4 * spill]) {
      const writer = place.store.blobs.writer();
      const memory = Buffer.alloc(piece);
      for (let start = 0; start < size; start += piece) {
        // The caller's memory is used again after each write.
        const length = content.copy(memory, 0, start, start + piece);
        writer.write(memory.subarray(0, length));
        memory.fill(0);
      }
      assert.deepEqual(writer.finish(), { digest: digestOf(content), size });
    }
    assert.ok(content.equals(place.store.blobs.read(digestOf(content))));
    assert.deepEqual(listing(path.join(place.store.folder, 'temporary')), []);
  });
}

test('an aborted writer leaves nothing', () => {
  using place = temporaryStore();
  const writer = place.store.blobs.writer();
  writer.write(new Uint8Array(2 * spill));
  assert.equal(listing(path.join(place.store.folder, 'temporary')).length, 1);
  writer.abort();
  assert.deepEqual(listing(path.join(place.store.folder, 'temporary')), []);
  assert.deepEqual(listing(path.join(place.store.folder, 'blobs')), []);
});

test('many small files go in quickly', () => {
  using place = temporaryStore();
  for (let index = 0; index < 500; index++) place.store.blobs.put(bytes(`file ${index}`));
  assert.equal(
    listing(path.join(place.store.folder, 'blobs')).filter((name) => name.includes('/')).length,
    500,
  );
});

const parts = ['a', 'b', 'c', 'd'].map((seed) => hashPartOf(digestOf(seed)));

test('the scanner finds a hash part across the pieces that it comes in', () => {
  const [first, second] = parts as [HashPart, HashPart];
  const content = bytes(`x${first}${second}tail`);
  for (let cut = 0; cut <= content.length; cut++) {
    const scanner = new ReferenceScanner(parts);
    scanner.scan(content.subarray(0, cut));
    scanner.scan(content.subarray(cut));
    assert.deepEqual(scanner.found(), new Set([first, second]));
  }
});

test('the scanner finds what a plain search finds', (t) => {
  const piece = fc.oneof(
    fc.constantFrom(...parts),
    fc.constantFrom(...parts.map((part) => part.slice(1)), ...parts.map((part) => part.slice(0, -1))),
    fc.string({ maxLength: 60 }),
    fc.stringMatching(/^[a-z2-7]{0,60}$/),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 70 })),
      (pieces, cuts) => {
        const content = bytes(pieces.join(''));
        const scanner = new ReferenceScanner(parts);
        let start = 0;
        for (const cut of cuts) {
          scanner.scan(content.subarray(start, start + cut));
          start += cut;
        }
        scanner.scan(content.subarray(start));
        const text = Buffer.from(content).toString();
        assert.deepEqual(
          [...scanner.found()].toSorted(),
          parts.filter((part) => text.includes(part)).toSorted(),
        );
      },
    ),
    { ...seeded(t), numRuns: 500 },
  );
});

test('the scanner says which blobs mention what, and does not join one blob to the next', () => {
  using place = temporaryStore();
  const [first, second] = parts as [HashPart, HashPart];
  const scanner = new ReferenceScanner(parts);
  const small = place.store.blobs.put(bytes(`see ${first}`), scanner);
  place.store.blobs.put(bytes(second.slice(0, 20)), scanner);
  place.store.blobs.put(bytes(second.slice(20)), scanner);
  const writer = place.store.blobs.writer(scanner);
  writer.write(Buffer.alloc(spill - 20));
  writer.write(bytes(first));
  writer.write(Buffer.alloc(100));
  const large = writer.finish();
  assert.deepEqual(scanner.found(), new Set([first]));
  assert.deepEqual(scanner.blobsWith(first), new Set([small.digest, large.digest]));
});

test('an adopted file is moved, and serves in both variants', async () => {
  using place = temporaryStore();
  const { store } = place;
  using folder = store.temporaryFolder('build');
  const source = path.join(folder.path, 'out');
  mkdirSync(source);
  writeFileSync(path.join(source, 'run'), 'program');
  chmodSync(path.join(source, 'run'), 0o755);
  const { ino } = statSync(path.join(source, 'run'));
  const scratch = '/cab/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x' as never;
  await store.addOutput({ source, scratch, name: 'x', candidates: [] });
  const digest = digestOf('program');
  assert.equal(statSync(store.blobs.file(digest, true)).ino, ino);
  assert.ok(store.blobs.has(digest));
  assert.equal(readFileSync(store.blobs.file(digest), 'utf8'), 'program');
  assert.equal(statSync(store.blobs.file(digest)).mode & 0o777, 0o444);
  rmSync(source, { recursive: true });
  assert.equal(Buffer.from(store.blobs.read(digest)).toString(), 'program');
});
