import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { blake3 } from '@napi-rs/blake-hash';
import * as fc from 'fast-check';
import { digestOf, hashPartOf, nameOfStorePath } from '../../src/foundation/index.ts';
import { type Directory, decodeDirectory, encodeDirectory } from '../../src/store/index.ts';
import { bytes, diagnosed, seeded, temporaryStore } from './temporary-store.ts';

const digest = digestOf('content');
const file = (name: string) => ({ name, digest, size: 1, executable: false });
const link = (name: string) => ({ name, target: 'x' });
const hex = (text: string): string => Buffer.from(text).toString('hex');

test('an empty directory encodes to nothing', () => {
  assert.equal(encodeDirectory({ files: [], directories: [], symlinks: [] }).length, 0);
});

test('the encoding is that of the Remote Execution API, written out by hand', () => {
  const encoding = encodeDirectory({
    files: [
      { name: 'b', digest, size: 300, executable: true },
      { name: 'a', digest, size: 0, executable: false },
    ],
    directories: [{ name: 'c', digest, size: 1 }],
    symlinks: [{ name: 'd', target: '../e' }],
  });
  const expected = [
    // files: name "a", digest { hash }
    `0a47 0a0161 1242 0a40${hex(digest)}`,
    // files: name "b", digest { hash, size_bytes 300 }, is_executable
    `0a4c 0a0162 1245 0a40${hex(digest)} 10ac02 2001`,
    // directories: name "c", digest { hash, size_bytes 1 }
    `1249 0a0163 1244 0a40${hex(digest)} 1001`,
    // symlinks: name "d", target "../e"
    `1a09 0a0164 12042e2e2f65`,
  ];
  assert.equal(Buffer.from(encoding).toString('hex'), expected.join('').replaceAll(' ', ''));
});

test('names are sorted by their UTF-8 bytes, not by UTF-16 units', () => {
  const names = ['\u{10000}', '\uFFFD', 'z', 'Z'];
  const decoded = decodeDirectory(encodeDirectory({ files: names.map(file), directories: [], symlinks: [] }));
  assert.deepEqual(
    decoded.files.map(({ name }) => name),
    ['Z', 'z', '\uFFFD', '\u{10000}'],
  );
});

const validName = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..' && name.isWellFormed());
const anyDigest = fc.uint8Array({ minLength: 1, maxLength: 8 }).map((content) => digestOf(content));
const anySize = fc.oneof(fc.nat(), fc.maxSafeNat());
const anyDirectory = fc
  .uniqueArray(
    fc.record({
      name: validName,
      kind: fc.constantFrom('file', 'directory', 'symlink'),
      digest: anyDigest,
      size: anySize,
      executable: fc.boolean(),
      target: fc.string({ unit: 'grapheme', maxLength: 300 }).filter((target) => target.isWellFormed()),
    }),
    { selector: (entry) => entry.name, maxLength: 20 },
  )
  .map((entries): Directory => {
    const sorted = entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    return {
      files: sorted
        .filter(({ kind }) => kind === 'file')
        .map((e) => ({ name: e.name, digest: e.digest, size: e.size, executable: e.executable })),
      directories: sorted
        .filter(({ kind }) => kind === 'directory')
        .map((e) => ({ name: e.name, digest: e.digest, size: e.size })),
      symlinks: sorted
        .filter(({ kind }) => kind === 'symlink')
        .map((e) => ({ name: e.name, target: e.target })),
    };
  });

test('decoding gives back what was encoded, in whatever order it came', (t) => {
  fc.assert(
    fc.property(anyDirectory, (directory) => {
      assert.deepEqual(decodeDirectory(encodeDirectory(directory)), directory);
      const reversed = { ...directory, files: directory.files.toReversed() };
      assert.deepEqual(encodeDirectory(reversed), encodeDirectory(directory));
    }),
    seeded(t),
  );
});

test('bytes are refused, or are the one encoding of what they decode to', (t) => {
  const mutated = fc.tuple(anyDirectory, fc.nat(), fc.nat({ max: 255 })).map(([directory, place, byte]) => {
    const encoding = encodeDirectory(directory);
    if (encoding.length > 0) encoding[place % encoding.length] = byte;
    return encoding;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), mutated), (encoding) => {
      let decoded: Directory;
      try {
        decoded = decodeDirectory(encoding);
      } catch (error) {
        assert.ok(diagnosed('CAB5007')(error), String(error));
        return;
      }
      assert.deepEqual(Buffer.from(encodeDirectory(decoded)), Buffer.from(encoding));
    }),
    seeded(t),
  );
});

const refused: readonly [string, Directory, RegExp][] = [
  ['a dot', { files: [file('.')], directories: [], symlinks: [] }, /'\.'/],
  ['two dots', { files: [], directories: [{ name: '..', digest, size: 1 }], symlinks: [] }, /'\.\.'/],
  ['a slash', { files: [file('a/b')], directories: [], symlinks: [] }, /'a\/b'/],
  ['a NUL', { files: [], directories: [], symlinks: [link('a\0')] }, /'a\\0'/],
  ['a name twice', { files: [file('a')], directories: [], symlinks: [link('a')] }, /'a' twice/],
  ['no name beside others', { files: [file(''), file('a')], directories: [], symlinks: [] }, /beside others/],
  [
    'a directory without a name',
    { files: [], directories: [{ name: '', digest, size: 1 }], symlinks: [] },
    /directory without a name/,
  ],
];
for (const [title, directory, message] of refused) {
  test(`a directory with ${title} is refused`, () => {
    assert.throws(() => decodeDirectory(encodeDirectory(directory)), diagnosed('CAB5007', message));
  });
}

test('a single file has the empty name', () => {
  const single: Directory = { files: [file('')], directories: [], symlinks: [] };
  assert.deepEqual(decodeDirectory(encodeDirectory(single)), single);
});

test('a size written longer than it must be is refused', () => {
  const encoding = Buffer.from(encodeDirectory({ files: [file('a')], directories: [], symlinks: [] }));
  // size_bytes 1 as two bytes, and the lengths around it one more.
  const longer = Buffer.concat([encoding.subarray(0, -1), Buffer.from([0x81, 0x00])]);
  longer[1] = (longer[1] as number) + 1;
  longer[6] = (longer[6] as number) + 1;
  assert.throws(() => decodeDirectory(longer), diagnosed('CAB5007', /canonical/));
});

/** A field that is a message or a text, with a number and a length below 128. */
function message(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2, content.length]), content]);
}

function digestMessage(content: Uint8Array): Buffer {
  const hash = message(1, Buffer.from(blake3(Buffer.from(content)).toString('hex')));
  return content.length === 0 ? hash : Buffer.concat([hash, Buffer.from([0x10, content.length])]);
}

test('the path of a tree can be recomputed without the store', () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  mkdirSync(path.join(source, 'bin'), { recursive: true });
  writeFileSync(path.join(source, 'bin', 'run'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(path.join(source, 'empty'), '');
  const run = message(
    1,
    Buffer.concat([
      message(1, Buffer.from('run')),
      message(2, digestMessage(bytes('#!/bin/sh\n'))),
      Buffer.from([0x20, 1]),
    ]),
  );
  const empty = Buffer.concat([
    message(1, Buffer.from('empty')),
    message(2, digestMessage(new Uint8Array())),
  ]);
  const bin = Buffer.concat([message(1, Buffer.from('bin')), message(2, digestMessage(run))]);
  const root = Buffer.concat([message(1, empty), message(2, bin)]);
  const added = place.store.addLocal(source, 'name');
  assert.ok(added.startsWith(`/cab/store/${hashPartOf(digestOf(root))}-`));
  assert.equal(nameOfStorePath(added), 'name');
});
