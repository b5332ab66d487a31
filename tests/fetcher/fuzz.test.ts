import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { chooseSeed, fuzzFactor, randomFrom } from '../support/index.ts';
import { FetchRig, failureOf } from './support/fetch-rig.ts';
import { layOutTar, paxRecords, signHeader } from './support/tar-blocks.ts';

const rounds = 25 * fuzzFactor();

/** What a refusal may be; nothing else, such as a trap, may end the program. */
const refusal = /^(1[0-9]|20): ./;

const tar = layOutTar([
  { name: 'pax', type: 'g', content: paxRecords({ comment: 'for all' }) },
  { name: 'a/', type: '5' },
  { name: 'pax', type: 'x', content: paxRecords({ path: 'a/long', size: '3', linkpath: 'x' }) },
  { name: 'x', content: 'abc' },
  { name: 'a/link', type: '2', link: 'long' },
  { name: 'a/hard', type: '1', link: 'a/long' },
  { name: '././@LongLink', type: 'L', content: `a/${'n'.repeat(200)}\0` },
  { name: 'short', content: 'd'.repeat(700) },
  {
    name: 'a/old-sparse',
    type: 'S',
    content: 'abcd',
    fields: {
      386: `${'2'.padStart(11, '0')}\0${'4'.padStart(11, '0')}\0`,
      483: `${'12'.padStart(11, '0')}\0`,
    },
  },
  {
    name: 'pax',
    type: 'x',
    content: paxRecords({
      'GNU.sparse.major': '1',
      'GNU.sparse.minor': '0',
      'GNU.sparse.realsize': '10',
      'GNU.sparse.name': 'a/s',
    }),
  },
  { name: 'x', content: `2\n0\n2\n8\n2\n${'\0'.repeat(502)}abcd` },
]);

/** A file, a directory, a symbolic link, and a file whose sizes are in an extra field. */
const zip = Buffer.from(
  'UEsDBBQAAAAIAAAAIQAc34u7BgAAAAwAAAADAAAAYS94S0xKhEMAUEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAACAAAAYS9Q' +
    'SwMEFAAAAAAAAAAhAGa5lvoDAAAAAwAAAAEAAABsYS94UEsDBC0AAAAAAAAAIQDPYiAZ//////////8BABQAeQEAEAAFAAAA' +
    'AAAAAAUAAAAAAAAAcGxhaW5QSwECFAMUAAAACAAAACEAHN+LuwYAAAAMAAAAAwAAAAAAAAAAAAAA7YEAAAAAYS94UEsBAhQD' +
    'FAAAAAAAAAAhAAAAAAAAAAAAAAAAAAIAAAAAAAAAAAAAAO1BJwAAAGEvUEsBAhQDFAAAAAAAAAAhAGa5lvoDAAAAAwAAAAEA' +
    'AAAAAAAAAAAAAP+hRwAAAGxQSwECLQMtAAAAAAAAACEAz2IgGQUAAAAFAAAAAQAAAAAAAAAAAAAAgAFpAAAAeVBLBQYAAAAA' +
    'BAAEAL8AAAChAAAAAAA=',
  'base64',
);

function changed(whole: Buffer, random: () => number): Buffer {
  let bytes = Buffer.from(whole);
  const below = (limit: number): number => Math.floor(random() * limit);
  for (let left = 1 + below(4); left > 0; left--) {
    const at = below(bytes.length);
    const kind = below(5);
    if (kind === 0) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(600))]);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(bytes.length))]);
    else if (kind === 2) bytes.subarray(at, at + below(12)).fill(random() < 0.5 ? 0xff : 0x39);
    else bytes[at] = random() < 0.5 ? below(256) : (bytes[at] ?? 0) ^ (1 << below(8));
    if (bytes.length === 0) return bytes;
  }
  return bytes;
}

/** Changes an archive, and mostly signs its headers anew, so that it is read further. */
function changedTar(random: () => number): Buffer {
  const bytes = changed(tar, random);
  if (random() < 0.1) return bytes;
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    const header = bytes.subarray(at, at + 512);
    if (header.toString('latin1', 257, 262) === 'ustar') signHeader(header);
  }
  return bytes;
}

/** Serves changed files and lets them be fetched: it finishes or is refused with a word. */
async function fuzz(
  context: TestContext,
  words: (url: string) => readonly string[],
  make: (random: () => number) => Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const rig = await FetchRig.create(context);
  let finished = 0;
  for (let round = 0; round < rounds; round++) {
    const files = make(random);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(rig.place(`files/${name}`)), { recursive: true });
      await writeFile(rig.place(`files/${name}`), content);
    }
    const fetched = await rig.run(words(`${rig.server.url}/files`));
    if (fetched.result.outcome === 'finished') finished++;
    else {
      const shown = Object.values(files).map((content) => Buffer.from(content).toString('base64'));
      assert.match(failureOf(fetched), refusal, `round ${round} of seed ${seed}: ${shown.join(' ')}`);
    }
    for (const name of fetched.tree.keys()) assert.ok(!name.split('/').includes('..'), name);
  }
  context.diagnostic(`${finished} of ${rounds} finished`);
}

const limits = { timeout: 100_000 * fuzzFactor() };
const http = (url: string): readonly string[] => ['http', `${url}/x`, ''];

test('no tar archive traps the program or keeps it for ever', limits, (context) =>
  fuzz(context, http, (random) => ({ x: changedTar(random) })),
);

test('no gzip data traps the program or keeps it for ever', limits, (context) =>
  fuzz(context, http, (random) => {
    const level = Math.floor(random() * 10);
    return { x: changed(gzipSync(tar, { level }), random) };
  }),
);

test('no zip archive traps the program or keeps it for ever', limits, (context) =>
  fuzz(context, http, (random) => ({ x: changed(zip, random) })),
);

const npmDocument = JSON.stringify({
  name: 'x',
  'dist-tags': { latest: '1.0.0', '\u00fcber': '\ud83d\ude00' },
  versions: {
    '1.0.0': {
      version: '1.0.0',
      deep: [[[{}]], 1e5, null],
      dist: { shasum: 'a'.repeat(40), tarball: 'URL' },
    },
  },
});

test('no document of a registry traps the program or keeps it for ever', limits, (context) =>
  fuzz(
    context,
    (url) => ['npm', url, 'x', 'latest', ''],
    (random) => ({ 'x/index.json': changed(Buffer.from(npmDocument), random) }),
  ),
);

test('what is changed here is good before it is', limits, async (context) => {
  const rig = await FetchRig.create(context);
  await mkdir(rig.place('files'));
  for (const archive of [tar, gzipSync(tar), zip]) {
    await writeFile(rig.place('files/x'), archive);
    const fetched = await rig.http('x');
    assert.equal(fetched.result.outcome, 'finished', fetched.log.join('\n'));
    assert.ok(fetched.tree.size > 2);
  }
});

test('JSON that is deep beyond measure is read like any other', limits, async (context) => {
  const rig = await FetchRig.create(context);
  const deep = '['.repeat(1_000_000);
  await mkdir(rig.place('files/x'), { recursive: true });
  await writeFile(rig.place('files/x/index.json'), `{"deep":${deep}${']'.repeat(1_000_000)},"dist-tags":{}}`);
  assert.match(failureOf(await rig.run(['npm', `${rig.server.url}/files`, 'x', '1', ''])), /^11: .* 1$/);
  await writeFile(rig.place('files/x/index.json'), `{"deep":${deep}`);
  assert.match(failureOf(await rig.run(['npm', `${rig.server.url}/files`, 'x', '1', ''])), /^12: /);
});

test('no manifest of an image traps the program or keeps it for ever', limits, (context) =>
  fuzz(
    context,
    (url) => ['oci', `${url}/oci`, 'a/b', 'tag', 'linux/amd64', ''],
    (random) => {
      const layer = gzipSync(tar);
      const digest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
      const manifest = Buffer.from(
        JSON.stringify({ schemaVersion: 2, layers: [{ digest, size: layer.length }] }),
      );
      const named = random() < 0.5 ? manifest : changed(manifest, random);
      const id = `sha256:${createHash('sha256').update(named).digest('hex')}`;
      const platform = { os: 'linux', architecture: 'amd64' };
      const index = Buffer.from(JSON.stringify({ manifests: [{ digest: id, platform }] }));
      return {
        [`oci/v2/a/b/blobs/${digest}`]: layer,
        [`oci/v2/a/b/manifests/${id}`]: named,
        'oci/v2/a/b/manifests/tag': random() < 0.5 ? changed(index, random) : index,
      };
    },
  ),
);
