import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { type Tree, makeArchive, makeTar, makeVaried, randomFrom } from '../support/index.ts';
import { FetchRig, failureOf } from './support/fetch-rig.ts';
import { missing } from './support/tar-writers.ts';

async function serving(context: TestContext, content: Uint8Array | string): Promise<FetchRig> {
  const rig = await FetchRig.create(context);
  await serve(rig, content);
  return rig;
}

async function serve(rig: FetchRig, content: Uint8Array | string): Promise<void> {
  await mkdir(rig.place('files'), { recursive: true });
  await writeFile(path.join(rig.place('files'), 'x'), content);
}

function treeOf(files: Readonly<Record<string, string | Uint8Array>>): Tree {
  const entries = Object.entries(files).map(([name, content]) => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    return [name, { kind: 'file', executable: false, sha256 }] as const;
  });
  return new Map(entries);
}

const longName = `${'folder/'.repeat(30)}${'name'.repeat(40)}`;

test('archives of git are unpacked without their single top, with the entity tag as a claim', async (context) => {
  const rig = await FetchRig.create(context);
  const repository = await makeVaried(rig.place('o/r.git'));
  const url = `${rig.server.url}/o/r/archive/main.tar.gz`;
  const fetched = await rig.run(['http', url, '']);
  assert.deepEqual(fetched.tree, await repository.archive('main'));
  assert.equal(fetched.claims[0], `etag:"${await repository.resolve('main')}"`);
  const subtree = await rig.run(['http', url, 'names']);
  assert.deepEqual(subtree.tree, await repository.archive('main', 'names'));
});

for (const format of ['gnu', 'pax']) {
  test(`long names are read from an archive in the format of ${format}`, async (context) => {
    const archive = await makeArchive({ [`./top/${longName}`]: 'a', 'top/b': 'b' }, [`--format=${format}`]);
    const rig = await serving(context, archive);
    assert.deepEqual((await rig.http('x')).tree, treeOf({ b: 'b', [longName]: 'a' }));
    await serve(rig, gunzipSync(archive));
    assert.deepEqual((await rig.http('x')).tree, treeOf({ b: 'b', [longName]: 'a' }));
  });
}

test('an archive in several gzip members, padded with zeros, is one archive', async (context) => {
  const archive = gunzipSync(await makeArchive({ 'a/b': 'c'.repeat(5000), d: '' }));
  const parts = [archive.subarray(0, 300), archive.subarray(300, 6000), archive.subarray(6000)];
  const members = [...parts.map((part) => gzipSync(part)), Buffer.alloc(100)];
  const rig = await serving(context, Buffer.concat(members));
  assert.deepEqual((await rig.http('x')).tree, treeOf({ 'a/b': 'c'.repeat(5000), d: '' }));
});

for (const [program, option] of [
  ['xz', '--xz'],
  ['bzip2', '--bzip2'],
  ['zstd', '--zstd'],
] as const) {
  test(`an archive compressed by ${program} is unpacked by the second program`, async (context) => {
    const reason = missing(program);
    if (reason !== false) {
      context.skip(reason);
      return;
    }
    const rig = await FetchRig.create(context);
    const files = { 'top/a': 'a'.repeat(300_000), 'top/b': 'b' };
    const archive = await makeTar(files, [option]);
    await serve(rig, archive);
    assert.equal(
      failureOf(await rig.http('x')),
      '14: the archive is compressed in a way that needs CAB_UNPACK',
    );
    await rig.addUnpack();
    const fetched = await rig.http('x');
    assert.deepEqual(fetched.tree, treeOf({ a: files['top/a'], b: 'b' }), fetched.log.join('\n'));
    const sri = `sha256-${createHash('sha256').update(archive).digest('base64')}`;
    const pinned = await rig.http('x', '', { sri });
    assert.deepEqual([pinned.tree, pinned.claims[0]], [fetched.tree, `sri:${sri}`]);
    await serve(rig, archive.subarray(0, -20));
    assert.match(failureOf(await rig.http('x')), /^12: [^]*the archive cannot be decompressed: error -\d+$/);
  });
}

test('a file that is pinned by its digest has to have it', async (context) => {
  const rig = await serving(context, 'text');
  const sri = `sha512-${createHash('sha512').update('text').digest('base64')}`;
  assert.equal((await rig.http('x', '', { sri })).claims[0], `sri:${sri}`);
  await serve(rig, 'other text');
  const other = `sha512-${createHash('sha512').update('other text').digest('base64')}`;
  assert.equal(
    failureOf(await rig.http('x', '', { sri })),
    `20: what came is not what was published: its digest is ${other} and not ${sri}`,
  );
});

test('whatever level and strategy zlib has, its data is inflated', async (context) => {
  const random = randomFrom(1);
  const noise = Array.from({ length: 3000 }, () => String.fromCodePoint(32 + Math.floor(random() * 95))).join(
    '',
  );
  const files = { a: 'a'.repeat(70_000), b: noise, c: noise.repeat(30), d: 'abc'.repeat(9000) + noise };
  const archive = await makeTar(files, []);
  const rig = await FetchRig.create(context);
  const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED } = constants;
  for (const strategy of [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED]) {
    for (const level of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const memLevel = 1 + (level % 9);
      await serve(rig, gzipSync(archive, { level, strategy, memLevel, windowBits: 9 + (level % 7) }));
      assert.deepEqual((await rig.http('x')).tree, treeOf(files), `level ${level}, strategy ${strategy}`);
    }
  }
});

test('what is no archive comes as one file, just as it is', async (context) => {
  const contents = ['', 'x', 'plain text', gzipSync('compressed, but no archive'), Buffer.alloc(300_000)];
  const rig = await FetchRig.create(context);
  for (const content of contents) {
    await serve(rig, content);
    assert.deepEqual((await rig.http('x')).tree, treeOf({ '': content }));
  }
});

test('a pinned output is fetched without asking for the entity tag', async (context) => {
  const rig = await serving(context, 'text');
  const { claims } = await rig.http('x', '', { cab: 'a'.repeat(52) });
  assert.equal(claims.length, 1);
  assert.deepEqual(
    rig.server.requests.map(({ method }) => method),
    ['GET'],
  );
});

test('whatever would lie outside the output is refused', async (context) => {
  const rig = await FetchRig.create(context);
  for (const name of ['../outside', 'a/../../outside']) {
    const options = [`--transform=s,^inside$,${name},`];
    await serve(rig, await makeArchive({ inside: 'x' }, options));
    assert.match(failureOf(await rig.http('x')), /^13: /, name);
  }
  await serve(rig, await makeArchive({ inside: 'x' }, ['--transform=s,^inside$,/etc/outside,']));
  assert.match(failureOf(await rig.http('x')), /^13: .*\/etc\/outside$/);
});

test('damage is noticed', async (context) => {
  const archive = await makeArchive({ a: 'a'.repeat(5000), b: 'b' });
  const rig = await serving(context, archive.subarray(0, archive.length - 9));
  assert.equal(failureOf(await rig.http('x')), '12: the data is truncated');
  const damaged = Buffer.from(archive);
  damaged[archive.length - 6] = (damaged[archive.length - 6] as number) ^ 1;
  await serve(rig, damaged);
  assert.equal(failureOf(await rig.http('x')), '12: the gzip data is corrupt');
  await serve(rig, gunzipSync(archive).subarray(0, 3000));
  assert.equal(failureOf(await rig.http('x')), '12: the archive is truncated');
});

test('a part that is not there, and a file that is not there, are told apart', async (context) => {
  const rig = await serving(context, await makeArchive({ 'a/b': 'c' }));
  assert.match(failureOf(await rig.http('x', 'nowhere')), /^15: .* nowhere$/);
  assert.match(failureOf(await rig.http('y')), /^10: .* 404$/);
});
