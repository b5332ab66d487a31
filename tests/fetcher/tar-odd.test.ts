import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { FetchRig, failureOf } from './support/fetch-rig.ts';
import { type TarEntry, layOutTar, paxRecords } from './support/tar-blocks.ts';

/** What the tree is to be, by path, or the failure. */
type Expected = Readonly<Record<string, string>> | RegExp;

const last = { name: 'z', content: 'last' };
const pax = (records: Readonly<Record<string, string>>, type = 'x'): TarEntry => ({
  name: 'pax',
  type,
  content: paxRecords(records),
});
const sparse = (map: string, size = '10'): TarEntry =>
  pax({ 'GNU.sparse.map': map, 'GNU.sparse.size': size, 'GNU.sparse.name': 'sparse' });

const cases: readonly (readonly [string, readonly TarEntry[], Expected])[] = [
  [
    'an entry below a symbolic link',
    [{ name: 'x', type: '2', link: '/tmp' }, { name: 'x/y' }],
    /^13: .* x\/y$/,
  ],
  ['an entry below a file', [{ name: 'x' }, { name: 'x/y' }], /^13: .* x\/y$/],
  ['an entry that goes up and down', [{ name: 'a/../b' }], /^13: /],
  ['a hard link out of the tree', [{ name: 'x', type: '1', link: '../etc/passwd' }], /^13: /],
  ['a hard link to nothing', [{ name: 'x', type: '1', link: 'y' }], /^13: .* x$/],
  [
    'a hard link to a directory',
    [
      { name: 'd/', type: '5' },
      { name: 'x', type: '1', link: 'd' },
    ],
    /^13: .* x$/,
  ],
  [
    'a hard link to itself',
    [
      { name: 'x', content: 'x' },
      { name: 'x', type: '1', link: './x' },
    ],
    { x: 'x' },
  ],
  [
    'a hard link whose place is above what it leads to',
    [{ name: 'd/x', content: 'x' }, { name: 'd', type: '1', link: 'd/x' }, last],
    { d: 'x', z: 'last' },
  ],
  [
    'a hard link that states a size',
    [last, { name: 'x', type: '1', link: 'z', size: Buffer.from('00000000004') }, { name: 'y' }],
    { x: 'last', y: '', z: 'last' },
  ],
  [
    'a symbolic link out of the tree',
    [last, { name: 'x', type: '2', link: '../../etc' }],
    { x: '-> ../../etc', z: 'last' },
  ],
  ['a symbolic link without a target', [{ name: 'x', type: '2' }], /^13: .* x$/],
  ['a device', [{ name: 'x', type: '3' }], /^14: .* x$/],
  [
    'a later file in the place of an earlier one',
    [last, { name: 'x', content: '1' }, { name: './x', content: '2' }],
    { x: '2', z: 'last' },
  ],
  ['a file without a name', [{ name: '' }], /^13: /],
  ['a name that is not UTF-8', [{ name: '', fields: { 0: '\u00ff' } }], /^13: .*UTF-8/],
  [
    'a directory by its slash alone',
    [{ name: 'd/', type: '\0' }, { name: 'd/x', type: '\0', content: 'x' }, last],
    { 'd/x': 'x', z: 'last' },
  ],
  [
    'a size of base 256',
    [last, { name: 'x', content: 'abc', size: Buffer.from('800000000000000000000003', 'hex') }],
    { x: 'abc', z: 'last' },
  ],
  ['a size below zero', [{ name: 'x', size: Buffer.from('ffffffffffffffffffffffff', 'hex') }], /^12: /],
  ['a size that nothing has', [{ name: 'x', size: Buffer.from('800000000000ffffffffffff', 'hex') }], /^17: /],
  [
    'a size in an extended header',
    [last, pax({ size: '3' }), { name: 'x', content: 'abc', size: Buffer.from('00000000000') }],
    { x: 'abc', z: 'last' },
  ],
  [
    'a path in a global header',
    [
      pax({ path: 'all' }, 'g'),
      { name: 'x', content: '1' },
      pax({ path: 'own' }),
      { name: 'y', content: '2' },
      pax({ path: '' }),
      last,
    ],
    { all: '1', own: '2', z: 'last' },
  ],
  [
    'an extended header with a length too long',
    [{ name: 'pax', type: 'x', content: '99 path=x\n' }, last],
    /^12: /,
  ],
  [
    'an extended header with a length of many digits',
    [{ name: 'pax', type: 'x', content: '4294967306 path=x\n' }, last],
    /^12: /,
  ],
  [
    'an extended header that never says what',
    [{ name: 'pax', type: 'x', content: '10 pathxx\n' }, last],
    /^12: /,
  ],
  [
    'a sparse file',
    [last, sparse('2,3,8,1'), { name: 'x', content: 'abcd' }],
    { sparse: '\0\0abc\0\0\0d\0', z: 'last' },
  ],
  ['a sparse file of zeros', [last, sparse('10,0'), { name: 'x' }], { sparse: '\0'.repeat(10), z: 'last' }],
  [
    'a sparse file whose pieces overlap',
    [sparse('2,3,4,1'), { name: 'x', content: 'abcd' }],
    /^12: .*sparse/,
  ],
  [
    'a sparse file with a piece behind its end',
    [sparse('8,3'), { name: 'x', content: 'abc' }],
    /^12: .*sparse/,
  ],
  [
    'a sparse file with a piece without end',
    [sparse('999999999999999,3'), { name: 'x', content: 'abc' }],
    /^12: .*sparse/,
  ],
  [
    'a sparse file with more bytes than pieces',
    [sparse('0,3'), { name: 'x', content: 'abcd' }],
    /^12: .*sparse/,
  ],
  [
    'a sparse file with fewer bytes than pieces',
    [sparse('0,3'), { name: 'x', content: 'ab' }],
    /^12: .*sparse/,
  ],
  ['a sparse file of a later format', [pax({ 'GNU.sparse.major': '2' }), { name: 'x' }], /^14: /],
  [
    'a sparse file whose list never ends',
    [pax({ 'GNU.sparse.major': '1', 'GNU.sparse.realsize': '5' }), { name: 'x', content: '999999\n1\n' }],
    /^12: /,
  ],
];

for (const [what, entries, expected] of cases) {
  test(`a tar archive with ${what} ${expected instanceof RegExp ? 'is refused' : 'is read'}`, async (context) => {
    const rig = await FetchRig.create(context);
    await mkdir(rig.place('files'));
    // With two entries at the top, no folder is taken for the one that holds all.
    await writeFile(rig.place('files/x'), layOutTar(entries));
    const fetched = await rig.http('x');
    if (expected instanceof RegExp) assert.match(failureOf(fetched), expected);
    else assert.deepEqual(rig.contents(fetched), expected, fetched.log.join('\n'));
  });
}

test('blocks of zeros at the end may be missing, but no part of an entry', async (context) => {
  const rig = await FetchRig.create(context);
  await mkdir(rig.place('files'));
  const archive = layOutTar([{ name: 'x', content: 'x' }, last]);
  await writeFile(rig.place('files/x'), archive.subarray(0, -1024));
  assert.deepEqual(rig.contents(await rig.http('x')), { x: 'x', z: 'last' });
  await writeFile(rig.place('files/x'), archive.subarray(0, -1025));
  assert.equal(failureOf(await rig.http('x')), '12: the archive is truncated');
});
