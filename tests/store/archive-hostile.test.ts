import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { Readable } from 'node:stream';
import { constants, createZstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { digestOf, hashPartOf, storePath } from '../../src/foundation/index.ts';
import { type Directory, encodeDirectory } from '../../src/store/index.ts';
import {
  type Part,
  archiveOf,
  blobRecord,
  changed,
  directoryRecord,
  empty,
  file,
  join,
  named,
  number,
  outputOf,
  outputRecord,
  textRecord,
} from './archive-writer.ts';
import { bytes, diagnosed, listing, temporaryStore } from './temporary-store.ts';

const directory: Directory = { ...empty, files: [file('text', 'content')] };
const output = outputOf(directory, 7);
const other = outputOf({ ...empty, files: [file('other', 'content')] }, 7);
const counts = { outputs: 1, directories: 1, blobs: 1, bytes: 7 };
const good = [outputRecord(output), blobRecord('content'), directoryRecord(directory)];
const digest = (text: string): Uint8Array => Buffer.from(digestOf(text), 'hex');

async function* whole(archive: Uint8Array): AsyncGenerator<Uint8Array> {
  yield archive;
}

/** Asserts that an archive is refused, and that nothing of it is recorded or left half-written. */
async function refuses(archive: Uint8Array, code: string, message: RegExp): Promise<void> {
  using place = temporaryStore();
  await assert.rejects(place.store.importArchive(whole(archive)), diagnosed(code, message));
  assert.equal(place.store.has(output.path), false);
  assert.deepEqual(listing(path.join(place.store.folder, 'temporary')), []);
  for await (const finding of place.store.verify()) assert.fail(JSON.stringify(finding));
}

/** An archive of one output that is a tree of these directories, the last one being its root, and of one empty file. */
function treeArchive(directories: readonly Directory[], size = 0): Uint8Array {
  const root = directories.at(-1) ?? empty;
  return archiveOf(
    [outputRecord(outputOf(root, size)), blobRecord(''), ...directories.map(directoryRecord)],
    {
      outputs: 1,
      directories: directories.length,
      blobs: 1,
      bytes: 0,
    },
  );
}

/** A directory that holds the one before it under these names, and that as often as asked for. */
function nested(names: readonly string[], times: number): readonly Directory[] {
  const directories: Directory[] = [{ ...empty, files: [file('file', '')] }];
  for (let time = 0; time < times; time++) {
    const before = directories.at(-1) ?? empty;
    directories.push({ ...empty, directories: names.map((name) => named(name, before)) });
  }
  return directories;
}

test('the writer of these tests writes what is accepted', async () => {
  using place = temporaryStore();
  await place.store.importArchive(whole(archiveOf(good, counts)));
  assert.ok(place.store.has(output.path));
  await place.store.importArchive(whole(treeArchive(nested(['a'], 900))));
  await place.store.importArchive(whole(treeArchive(nested(['a', 'b'], 12))));
});

const refused: readonly (readonly [title: string, parts: readonly Part[], code: string, message: RegExp])[] =
  [
    [
      'a content that is not its digest',
      [outputRecord(output), blobRecord('content', digestOf('x'))],
      'CAB5021',
      /at byte \d+ of its content: the content is not the one with the digest/,
    ],
    [
      'a directory that is not its digest',
      [outputRecord(output), blobRecord('content'), join(['D', digest('x'), number(0)])],
      'CAB5021',
      /the directory is not the one with the digest/,
    ],
    [
      'a directory before its files',
      [outputRecord(output), directoryRecord(directory), blobRecord('content')],
      'CAB5021',
      /the content of the file 'text' does not come before its directory/,
    ],
    [
      'a directory before what is in it',
      [outputRecord(output), directoryRecord({ ...empty, directories: [named('a', directory)] })],
      'CAB5021',
      /the directory 'a' does not come before/,
    ],
    [
      'a file with a wrong size',
      [
        outputRecord(output),
        blobRecord('content'),
        directoryRecord({ ...empty, files: [{ ...file('text', 'content'), size: 8 }] }),
      ],
      'CAB5021',
      /the file 'text' has not the size/,
    ],
    [
      'a directory with a wrong size',
      [
        outputRecord(output),
        ...good.slice(1),
        directoryRecord({ ...empty, directories: [{ ...named('a', directory), size: 1 }] }),
      ],
      'CAB5021',
      /the directory 'a' has not the size/,
    ],
    [
      'a directory that is not canonical',
      [outputRecord(output), directoryRecord(join([encodeDirectory(directory), Buffer.of(0x78, 1)]))],
      'CAB5021',
      /unknown field 15/,
    ],
    [
      'a name that leads out of its directory',
      [
        outputRecord(output),
        blobRecord('content'),
        directoryRecord({ ...empty, files: [file('../up', 'content')] }),
      ],
      'CAB5021',
      /holds the name '..\/up'/,
    ],
    [
      'an output whose content is another one’s',
      [outputRecord({ ...output, path: other.path }), ...good.slice(1)],
      'CAB5023',
      /not the one that its path names/,
    ],
    [
      'an output with a wrong size',
      [outputRecord({ ...output, size: 8 }), ...good.slice(1)],
      'CAB5023',
      /its files have 7 bytes, and not 8/,
    ],
    [
      'an output whose tree is missing',
      [outputRecord({ ...output, tree: digestOf('x') }), ...good.slice(1)],
      'CAB5023',
      /does not hold its tree/,
    ],
    [
      'an output that refers to what is not there',
      [outputRecord({ ...output, references: [other.path] }), ...good.slice(1)],
      'CAB5023',
      /which the archive does not hold/,
    ],
    [
      'outputs that are not in order',
      [outputRecord(output), outputRecord(output)],
      'CAB5021',
      /not in their order/,
    ],
    ['an output behind the content', [...good, outputRecord(output)], 'CAB5021', /stands behind/],
    ['a record of no kind', ['X'], 'CAB5021', /at byte 20 .* begins with the byte 88/],
    ['an output that is no JSON', [textRecord('{')], 'CAB5021', /not in the canonical form/],
    [
      'an output with a member too many',
      [textRecord(JSON.stringify({ asked: true, more: 1, ...output, references: [] }))],
      'CAB5021',
      /not in the canonical form/,
    ],
    [
      'an output with a path of elsewhere',
      [
        outputRecord({
          ...output,
          path: storePath(hashPartOf(output.tree), 'x').replace('/cab', '/etc') as never,
        }),
      ],
      'CAB5021',
      /not in the canonical form/,
    ],
    ['an output record without end', [join(['O', number(2n ** 40n)])], 'CAB5021', /longer than the 4194304/],
    [
      'a directory without end',
      [outputRecord(output), join(['D', digest(''), number(2n ** 40n)])],
      'CAB5021',
      /longer than the 67108864/,
    ],
    [
      'a number beyond all numbers',
      [outputRecord(output), join(['B', digest(''), number(2n ** 64n - 1n)])],
      'CAB5021',
      /18446744073709551615 is out of range/,
    ],
    [
      'a blob that is longer than the archive',
      [outputRecord(output), join(['B', digest(''), number(2n ** 50n)]), Buffer.alloc(4_000_000)],
      'CAB5021',
      /ends at byte \d+/,
    ],
  ];

for (const [title, parts, code, message] of refused) {
  test(`${title} is refused`, async () => {
    await refuses(archiveOf(parts, counts), code, message);
  });
}

test('counts and digest of the end record are held against what was there', async () => {
  await refuses(archiveOf(good, { ...counts, blobs: 2 }), 'CAB5021', /has 1 blobs, and was written with 2/);
  const flipped = changed(archiveOf(good, counts), (content) => {
    content[content.length - 1]! ^= 1;
    return content;
  });
  await refuses(flipped, 'CAB5021', /does not have the digest that it was written with/);
});

test('what follows the end is refused, be it compressed or not', async () => {
  const archive = archiveOf(good, counts);
  await refuses(
    changed(archive, (content) => join([content, 'x'])),
    'CAB5021',
    /something follows its end record/,
  );
  await refuses(join([archive, archive]), 'CAB5021', /something follows its end record/);
  await refuses(join([archive, 'x']), 'CAB5021', /something follows its end/);
});

function compressed(text: string): Uint8Array {
  return zstdCompressSync(bytes(text));
}

test('what is no archive, or one of another version, is told apart', async () => {
  await refuses(bytes(''), 'CAB5022', /not an archive/);
  await refuses(bytes('PK\u0003\u0004'), 'CAB5022', /not an archive/);
  await refuses(compressed(''), 'CAB5022', /not an archive/);
  await refuses(compressed('hello\n'), 'CAB5022', /not an archive/);
  await refuses(compressed('a'.repeat(100)), 'CAB5022', /not an archive/);
  await refuses(
    compressed('cab store archive 2\n'),
    'CAB5022',
    /the format "2", and this Cab knows the format 1/,
  );
  await refuses(compressed('cab store archive 10\n'), 'CAB5022', /the format "10"/);
});

test('trees that no disk could hold are refused', async () => {
  await refuses(treeArchive(nested(['a'], 1000)), 'CAB5023', /nested more than 1000 deep/);
  await refuses(treeArchive(nested(['a'], 3000)), 'CAB5023', /nested more than 1000 deep/);
  await refuses(treeArchive(nested(['a', 'b'], 60)), 'CAB5023', /more than 4194304 entries/);
  const long: Directory = { ...empty, files: [file('n'.repeat(256), '')] };
  await refuses(treeArchive([long]), 'CAB5023', /longer than 255 bytes/);
  const target: Directory = { ...empty, symlinks: [{ name: 'link', target: 't'.repeat(4096) }] };
  await refuses(treeArchive([target]), 'CAB5023', /longer than 4095 bytes/);
  for (const nowhere of ['', 'a\0b'])
    await refuses(
      treeArchive([{ ...empty, symlinks: [{ name: 'link', target: nowhere }] }]),
      'CAB5023',
      /'link' has a target that no link can have/,
    );
});

test('a self-reference that is not the content’s own is refused', async () => {
  const path = storePath(hashPartOf(digestOf('chosen')), 'output');
  const content = `I am ${path}`;
  const root: Directory = { ...empty, files: [file('text', content)] };
  const parts = [
    outputRecord({ ...outputOf(root, content.length), path }),
    blobRecord(content),
    directoryRecord(root),
  ];
  await refuses(
    archiveOf(parts, { ...counts, bytes: content.length }),
    'CAB5023',
    /not the one that its path names/,
  );
});

test('a frame that wants a large window is refused before it gets it', async () => {
  const params = { [constants.ZSTD_c_windowLog]: 27 };
  const wide = Readable.from([zstdDecompressSync(archiveOf(good, counts))]).pipe(
    createZstdCompress({ params }),
  );
  await refuses(Buffer.concat(await wide.toArray()), 'CAB5021', /too much memory/);
});
