import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { link, mkdir, rm, symlink } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { readTree } from '../../support/index.ts';
import {
  type Image,
  type Layer,
  type OciRegistry,
  pushImage,
  runTool,
  startOciRegistry,
  writeFiles,
  writeLayout,
} from '../../support/registries/index.ts';
import { FetchRig, failureOf } from '../support/fetch-rig.ts';
import { missing } from '../support/tar-writers.ts';

const skip =
  missing('docker-registry') || missing('skopeo') || missing('umoci') || missing('openssl') || missing('tar');

const type = 'application/vnd.oci.image.layer.v1.tar';
const amd64 = { os: 'linux', architecture: 'amd64' };

const plain = (content: Uint8Array): Layer => ({ mediaType: type, content, uncompressed: content });
const gzipped = (content: Uint8Array): Layer => ({
  mediaType: `${type}+gzip`,
  content: gzipSync(content),
  uncompressed: content,
});
const zstd = (content: Uint8Array): Layer => ({
  mediaType: `${type}+zstd`,
  content: zstdCompressSync(content),
  uncompressed: content,
});

function tar(folder: string, ...words: string[]): Buffer {
  return execFileSync('tar', ['-c', '--sort=name', '-C', folder, ...words], { maxBuffer: 2 ** 26 });
}

/** Layers that do to each other all that layers can. */
async function makeLayers(rig: FetchRig): Promise<readonly Buffer[]> {
  const [base, upper, top] = ['base', 'upper', 'top'].map((name) => rig.place(name)) as [
    string,
    string,
    string,
  ];
  await writeFiles(base, {
    'usr/bin/tool': 'tool',
    'usr/lib/library': 'library',
    'etc/config': 'one',
    'etc/removed': 'removed',
    'replaced-by-file/inner': 'inner',
    'replaced-by-folder': 'a file',
    'opaque/hidden': 'hidden',
    'opaque/both/hidden': 'hidden',
    'removed-folder/deep/file': 'file',
    'left/alone': 'alone',
  });
  await symlink('usr/bin', `${base}/bin`);
  await symlink('/usr/lib', `${base}/lib`);
  await symlink('../usr/../usr/bin/', `${base}/etc/around`);
  await link(`${base}/usr/bin/tool`, `${base}/usr/bin/other`);
  await writeFiles(upper, {
    'etc/config': 'two',
    'etc/.wh.removed': '',
    '.wh.removed-folder': '',
    'replaced-by-file': 'now a file',
    'replaced-by-folder/inner': 'now a folder',
    'opaque/.wh..wh..opq': '',
    'opaque/both/shown': 'shown',
    'opaque/shown': 'shown',
    '.wh.nothing': '',
    'bin/below-a-link': 'below',
    'lib/below-a-link': 'below',
    'etc/around/below-a-link-up': 'below',
    linked: 'linked',
  });
  await writeFiles(top, {
    'removed-folder/again': 'again',
    'left/.wh.alone': '',
    'usr/bin/tool': 'new tool',
  });
  await symlink('../left', `${top}/left/to-itself`);
  // A hard link into a lower layer: `linked` is in the upper one only so that tar has something to link to.
  await mkdir(`${upper}/usr/bin`, { recursive: true });
  await writeFiles(upper, { 'usr/bin/other': 'tool' });
  await link(`${upper}/usr/bin/other`, `${upper}/usr/bin/third`);
  // Without the folders' own entries, those that are links in the base stay links, and are followed.
  const through = ['bin/below-a-link', 'lib/below-a-link', 'etc/around/below-a-link-up'];
  const upperTar = tar(
    upper,
    '--exclude=usr',
    ...through,
    '--exclude=bin',
    '--exclude=lib',
    '--exclude=around',
    '.',
  );
  const linkOnly = tar(upper, './usr/bin/other', './usr/bin/third');
  const empty = Buffer.alloc(10_240);
  return [
    tar(base, '.'),
    upperTar,
    linkOnly.subarray(1024),
    empty,
    tar(top, '.', '--absolute-names', '/dev/null'),
  ];
}

interface Pushed {
  readonly rig: FetchRig;
  readonly registry: OciRegistry;
}

async function pushing(
  context: TestContext,
  images: (rig: FetchRig) => Promise<readonly Image[]>,
  options: { readonly withTokens?: boolean; readonly words?: readonly string[] } = {},
): Promise<Pushed> {
  const rig = await FetchRig.create(context);
  const registry = await startOciRegistry(rig.place('registry'), options);
  context.after(() => registry.close());
  await writeLayout(rig.place('layout'), 'tag', await images(rig));
  await pushImage(
    registry,
    rig.place('layout'),
    'tag',
    'some/image',
    options.words ?? ['--preserve-digests'],
  );
  return { rig, registry };
}

/** What umoci makes of the image. */
async function unpacked(rig: FetchRig): Promise<ReadonlyMap<string, unknown>> {
  const folder = rig.place('unpacked');
  await runTool('umoci', ['raw', 'unpack', '--image', `${rig.place('layout')}:tag`, folder], rig.rig.folder);
  await rm(`${folder}/dev/null`, { force: true });
  return readTree(folder);
}

for (const [name, form] of [
  ['gzip', gzipped],
  ['no compression', plain],
] as const) {
  test(`layers come over one another as umoci lays them (${name})`, { skip }, async (context) => {
    const { rig, registry } = await pushing(context, async (rig) => [
      { platform: amd64, layers: (await makeLayers(rig)).map(form) },
    ]);
    const fetched = await rig.run(['oci', registry.url, 'some/image', 'tag', 'linux/amd64', '']);
    assert.deepEqual(fetched.tree, await unpacked(rig), fetched.log.join('\n'));
    assert.deepEqual(fetched.log, ['this is no file, directory or link, and is left out: /dev/null']);
    assert.match(fetched.claims[0] ?? '', /^oci:sha256:[0-9a-f]{64}$/);
    assert.ok(fetched.tree.has('usr/bin/below-a-link-up'));
    const part = await rig.run(['oci', registry.url, 'some/image', 'tag', 'linux/amd64', 'etc']);
    assert.deepEqual([...part.tree.keys()], ['around', 'config']);
  });
}

const variants: readonly Image['platform'][] = [
  amd64,
  { os: 'linux', architecture: 'arm', variant: 'v6' },
  { os: 'linux', architecture: 'arm', variant: 'v7' },
];

/** An image for each platform, which says for which it is. */
async function makeVariants(rig: FetchRig): Promise<readonly Image[]> {
  const made: Image[] = [];
  for (const platform of variants) {
    const folder = rig.place(`for-${platform.variant}`);
    await writeFiles(folder, { name: JSON.stringify(platform) });
    made.push({ platform, layers: [gzipped(tar(folder, '.'))] });
  }
  return made;
}

for (const format of ['oci', 'v2s2']) {
  test(
    `an index leads to the manifest of the platform, which is claimed (${format})`,
    { skip },
    async (context) => {
      const { rig, registry } = await pushing(context, makeVariants, { words: ['--format', format] });
      const contents: string[] = [];
      for (const platform of ['linux/amd64', 'linux/arm', 'linux/arm/v7']) {
        const fetched = await rig.run(['oci', registry.url, 'some/image', 'tag', platform, '']);
        assert.equal(fetched.result.outcome, 'finished', fetched.log.join('\n'));
        const [claim = ''] = fetched.claims;
        const digest = claim.slice('oci:'.length);
        // By the digest that was claimed it is the same, from a tag that has moved or is gone.
        const named = await rig.run(['oci', registry.url, 'some/image', digest, 'linux/none', '']);
        const pinned = await rig.run(['oci', registry.url, 'some/image', 'gone', platform, ''], {
          oci: digest,
        });
        assert.deepEqual([named.tree, pinned.tree], [fetched.tree, fetched.tree], pinned.log.join('\n'));
        assert.deepEqual([named.claims[0], pinned.claims[0]], [claim, claim]);
        contents.push(claim);
      }
      assert.equal(new Set(contents).size, 3);
      const none = await rig.run(['oci', registry.url, 'some/image', 'tag', 'windows/amd64', '']);
      assert.equal(failureOf(none), '11: the image is not for the platform windows/amd64');
    },
  );
}

test(
  'a registry that wants a token gets the one that its challenge tells of, once',
  { skip },
  async (context) => {
    const rig = await FetchRig.create(context);
    const guarded = await startOciRegistry(rig.place('guarded'), { withTokens: true });
    context.after(() => guarded.close());
    const layers = (await makeLayers(rig)).map(gzipped);
    await writeLayout(rig.place('layout'), 'tag', [{ platform: amd64, layers }]);
    await pushImage(guarded, rig.place('layout'), 'tag', 'some/image', ['--preserve-digests']);
    const before = guarded.tokens();
    const fetched = await rig.run(['oci', guarded.url, 'some/image', 'tag', 'linux/amd64', '']);
    assert.deepEqual(fetched.tree, await unpacked(rig), fetched.log.join('\n'));
    assert.equal(guarded.tokens(), before + 1);
  },
);

test('what is not there or cannot be unpacked is told', { skip }, async (context) => {
  const { rig, registry } = await pushing(context, async (rig) => [
    { platform: amd64, layers: (await makeLayers(rig)).slice(0, 1).map(zstd) },
  ]);
  const packed = await rig.run(['oci', registry.url, 'some/image', 'tag', 'linux/amd64', '']);
  assert.equal(failureOf(packed), '14: the archive is compressed in a way that needs CAB_UNPACK');
  await rig.addUnpack();
  const unpackedNow = await rig.run(['oci', registry.url, 'some/image', 'tag', 'linux/amd64', 'etc']);
  assert.deepEqual([...unpackedNow.tree.keys()], ['around', 'config', 'removed']);
  const none = await rig.run(['oci', registry.url, 'some/image', 'other', 'linux/amd64', '']);
  assert.match(failureOf(none), /^10: .*\/v2\/some\/image\/manifests\/other 404$/);
});
