import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { type StorePath, digestOf, hashPartOf, storePath } from '../../src/foundation/index.ts';
import { type ImagePlatform, type Store, encodeDirectory } from '../../src/store/index.ts';
// A size that no test can afford to write is looked at in a header alone.
import { tarHeader } from '../../src/store/oci/tar.ts';
import { startChild } from './child.ts';
import { bytes, decay, diagnosed, temporaryStore } from './temporary-store.ts';

const platform: ImagePlatform = { os: 'linux', architecture: 'amd64' };
const skip = spawnSync('tar', ['--version']).stdout?.includes('GNU') ? false : 'GNU tar is not installed';

async function imageOf(store: Store, ...paths: StorePath[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.ociImage(paths, platform)) pieces.push(piece);
  return Buffer.concat(pieces);
}

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

/** A file of an image, as tar takes it out. */
function fileOf(image: Uint8Array, name: string): Buffer {
  return execFileSync('tar', ['-xOf', '-', name], { input: image, maxBuffer: 2 ** 28 });
}

function blobOf(image: Uint8Array, digest: string): Buffer {
  return fileOf(image, `blobs/sha256/${digest.replace('sha256:', '')}`);
}

function manifestOf(image: Uint8Array): Manifest {
  const index = JSON.parse(fileOf(image, 'index.json').toString()) as {
    manifests: readonly { digest: string }[];
  };
  return JSON.parse(blobOf(image, index.manifests[0]?.digest ?? '').toString()) as Manifest;
}

/** The names of what is in a layer. */
function listed(layer: Uint8Array): readonly string[] {
  return execFileSync('tar', ['-tf', '-'], { input: layer }).toString().trimEnd().split('\n');
}

/** Commits an output with one file of this text, which refers to others. */
function commitText(store: Store, name: string, references: readonly StorePath[] = []): StorePath {
  const content = `${name}: ${references.join(' ')}`;
  const file = { name: 'text', ...store.blobs.put(bytes(content)), executable: false };
  const { digest } = store.putTree(encodeDirectory({ files: [file], directories: [], symlinks: [] }));
  const output = storePath(hashPartOf(digest), name);
  store.commit({ outputs: [{ path: output, tree: digest, size: file.size, references }] });
  return output;
}

test('images share the layers of the outputs that they share', { skip }, async () => {
  using place = temporaryStore();
  const { store } = place;
  const library = commitText(store, 'library');
  const [one, two] = ['one', 'two'].map((name) => commitText(store, name, [library])) as [
    StorePath,
    StorePath,
  ];
  const layers = await Promise.all(
    [one, two].map(async (each) => manifestOf(await imageOf(store, each)).layers),
  );
  assert.equal(layers[0]?.length, 2);
  assert.deepEqual(layers[0]?.[0], layers[1]?.[0]);
  assert.notDeepEqual(layers[0]?.[1], layers[1]?.[1]);
  assert.equal(manifestOf(await imageOf(store, one, two)).layers.length, 2);
});

test('a large closure stays below what file systems of containers stack', { skip }, async () => {
  using place = temporaryStore();
  const { store } = place;
  const popular = commitText(store, 'popular');
  const many = Array.from({ length: 150 }, (_, index) => commitText(store, `part-${index}`, [popular]));
  const all = commitText(store, 'all', many);
  const image = await imageOf(store, all);
  const { layers } = manifestOf(image);
  assert.equal(layers.length, 100);
  const contents = layers.map(({ digest }) =>
    listed(blobOf(image, digest)).filter((name) => name.endsWith('/text')),
  );
  assert.deepEqual(contents[0], [`${popular.slice(1)}/text`]);
  assert.deepEqual(contents[99], [`${all.slice(1)}/text`]);
  assert.equal(contents[98]?.length, 152 - 99);
  assert.deepEqual(contents[98], contents[98]?.toSorted());
  assert.equal(new Set(contents.flat()).size, 152);
});

test(
  'a layer has directories before what is in them, equal files once, and a time that says nothing',
  { skip },
  async () => {
    using place = temporaryStore();
    const source = path.join(place.work, 'source');
    mkdirSync(path.join(source, 'b', 'c'), { recursive: true });
    for (const name of ['b/same', 'b/c/same', 'a']) writeFileSync(path.join(source, name), 'same');
    writeFileSync(path.join(source, 'run'), 'same', { mode: 0o755 });
    writeFileSync(path.join(source, 'b-'), 'sorted before b/');
    symlinkSync('b/c', path.join(source, 'link'));
    const output = place.store.addLocal(source, 'source');
    const image = await imageOf(place.store, output);
    const layer = blobOf(image, manifestOf(image).layers[0]?.digest ?? '');
    const root = output.slice(1);
    const environment = { ...process.env, TZ: 'UTC' };
    const lines = execFileSync('tar', ['-tvf', '-', '--full-time'], {
      input: layer,
      env: environment,
    }).toString();
    const at = (entry: string): string => entry.replaceAll('ROOT', root);
    assert.deepEqual(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/\s+/g, ' ')),
      [
        'drwxr-xr-x 0/0 0 1970-01-01 00:00:01 cab/',
        'drwxr-xr-x 0/0 0 1970-01-01 00:00:01 cab/store/',
        at('dr-xr-xr-x 0/0 0 1970-01-01 00:00:01 ROOT/'),
        at('-r--r--r-- 0/0 4 1970-01-01 00:00:01 ROOT/a'),
        at('dr-xr-xr-x 0/0 0 1970-01-01 00:00:01 ROOT/b/'),
        at('dr-xr-xr-x 0/0 0 1970-01-01 00:00:01 ROOT/b/c/'),
        at('hr--r--r-- 0/0 0 1970-01-01 00:00:01 ROOT/b/c/same link to ROOT/a'),
        at('hr--r--r-- 0/0 0 1970-01-01 00:00:01 ROOT/b/same link to ROOT/a'),
        at('-r--r--r-- 0/0 16 1970-01-01 00:00:01 ROOT/b-'),
        at('lrwxrwxrwx 0/0 0 1970-01-01 00:00:01 ROOT/link -> b/c'),
        at('-r-xr-xr-x 0/0 4 1970-01-01 00:00:01 ROOT/run'),
      ],
    );
  },
);

test('an output that is one file, or one link, is that', { skip }, async () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'program');
  writeFileSync(source, '#!/bin/sh', { mode: 0o755 });
  const output = place.store.addLocal(source, 'Program+1.0..x');
  const image = await imageOf(place.store, output);
  const { config, layers } = manifestOf(image);
  assert.deepEqual(listed(blobOf(image, layers[0]?.digest ?? '')), ['cab/', 'cab/store/', output.slice(1)]);
  const configuration = JSON.parse(blobOf(image, config.digest).toString()) as { config: object };
  assert.deepEqual(configuration.config, { Entrypoint: [output] });
  const [named] = JSON.parse(fileOf(image, 'manifest.json').toString()) as { RepoTags: string[] }[];
  assert.deepEqual(named?.RepoTags, ['program-1.0-x:latest']);
});

test('of several programs none is the one that is run', { skip }, async () => {
  using place = temporaryStore();
  const source = path.join(place.work, 'source');
  mkdirSync(path.join(source, 'bin'), { recursive: true });
  for (const name of ['one', 'two']) writeFileSync(path.join(source, 'bin', name), name, { mode: 0o755 });
  const output = place.store.addLocal(source, 'tools');
  const image = await imageOf(place.store, output);
  const configuration = JSON.parse(blobOf(image, manifestOf(image).config.digest).toString()) as {
    config: object;
  };
  assert.deepEqual(configuration.config, { Env: [`PATH=${output}/bin`] });
});

test('a damaged blob is not written into an image', async () => {
  using place = temporaryStore();
  const output = commitText(place.store, 'text');
  decay(place.store.blobs.file(digestOf('text: ')), 'tixt: ');
  await assert.rejects(imageOf(place.store, output), diagnosed('CAB5003'));
});

test('headers hold names, targets and sizes of any length', { skip }, () => {
  const far = 'd/'.repeat(300);
  const entries = [
    { path: `${'p'.repeat(155)}/${'n'.repeat(100)}`, type: 'symlink', mode: 0o777, target: 't'.repeat(100) },
    { path: `${'p'.repeat(156)}/${'n'.repeat(100)}`, type: 'symlink', mode: 0o777, target: 't'.repeat(101) },
    { path: `${far}ü`, type: 'symlink', mode: 0o777, target: 'ü' },
    { path: `${'p'.repeat(99)}/`, type: 'directory', mode: 0o555 },
    { path: `${'p'.repeat(100)}/`, type: 'directory', mode: 0o555 },
    { path: 'large', type: 'file', mode: 0o444, size: 8 ** 11 },
  ] as const;
  const { stdout } = spawnSync('tar', ['-tvf', '-', '--quoting-style=literal'], {
    input: Buffer.concat(entries.map(tarHeader)),
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
  });
  const lines = stdout.trimEnd().split('\n');
  for (const [index, entry] of entries.entries()) {
    const target = 'target' in entry ? ` -> ${entry.target}` : '';
    assert.ok(lines[index]?.endsWith(` ${entry.path}${target}`), `${lines[index]}`);
  }
  assert.match(lines.at(-1) ?? '', / 8589934592 /);
});

test('the memory that an image takes does not grow with its files', async (context) => {
  const peaks: number[] = [];
  for (const megabytes of [4, 150]) {
    using place = temporaryStore();
    const source = path.join(place.work, 'large');
    writeFileSync(source, Buffer.alloc(megabytes << 20, 'large'));
    const output = place.store.addLocal(source, 'large');
    const child = startChild(
      `const fs = await import('node:fs');
       const store = door.Store.open(args[0]);
       let size = 0;
       for await (const piece of store.ociImage([args[1]], { os: 'linux', architecture: 'amd64' })) size += piece.length;
       fs.writeSync(1, (size > args[2] << 20 ? process.resourceUsage().maxRSS : NaN) + '\\n');`,
      [place.store.folder, output, String(megabytes)],
    );
    peaks.push(Number(await child.nextLine()) / 1024);
    assert.equal(await child.ended, 0);
  }
  const growth = (peaks[1] ?? Number.NaN) - (peaks[0] ?? 0);
  context.diagnostic(`${Math.round(growth)} MiB more for 150 MiB than for 4`);
  assert.ok(growth < 130, `${growth} MiB more`);
});
