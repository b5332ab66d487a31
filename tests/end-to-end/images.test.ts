import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, readlink, stat } from 'node:fs/promises';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { cabCommand, readTree, withCab, type CabRig } from '../support/index.ts';
import { runTool, startOciRegistry } from '../support/registries/index.ts';
import { assertDiagnostic } from './diagnostics.ts';
import { assertStoreIsWhole } from './scenario.ts';

const needed = ['skopeo', 'umoci', 'docker-registry', 'tar'];
const lacking = needed.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
const skip = lacking.length > 0 ? `${lacking.join(', ')} not installed` : false;

const longName = 'n'.repeat(200);

/** A tool with odd names, made of a tree of the project, that refers to a library. */
const project = `let
  library = derivation {
    name = "library",
    builder = <cab:programs>/text.wasm,
    arguments = ["write", "0"],
    environment = { text = "a library" },
    requiredRealizerFeatures = ["wasm"],
  },
  tool = derivation {
    name = "Tool++",
    builder = <cab:programs>/text.wasm,
    arguments = ["substitute", ./tool],
    environment = { LIBRARY = library },
    requiredRealizerFeatures = ["wasm"],
  },
in { default = tool, library = library, }
`;

async function writeProject(rig: CabRig): Promise<void> {
  await rig.write({
    'default.cab': project,
    'tool/bin/tool': '#!/bin/sh\ncat @LIBRARY@\n',
    'tool/share/same': 'the same',
    'tool/share/again': 'the same',
    'tool/share/empty': '',
    [`tool/share/${longName}/${longName}`]: 'far down',
    'tool/share/ümläut/größe': 'not ASCII',
  });
  await runTool('chmod', ['+x', 'tool/bin/tool'], rig.project);
  await runTool('ln', ['-s', `../share/${longName}/${longName}`, 'tool/share/link'], rig.project);
}

async function withProject(context: TestContext): Promise<CabRig> {
  const rig = await withCab(context);
  await writeProject(rig);
  return rig;
}

interface Inspected {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly config: { readonly Entrypoint?: readonly string[]; readonly Env?: readonly string[] };
}

async function inspect(rig: CabRig, image: string): Promise<Inspected> {
  const output = await runTool('skopeo', ['inspect', '--config', image], rig.project);
  return JSON.parse(output) as Inspected;
}

async function copyImage(rig: CabRig, from: string, to: string, ...options: string[]): Promise<void> {
  await runTool('skopeo', ['copy', '--quiet', '--insecure-policy', ...options, from, to], rig.project);
}

/** Asserts that what was unpacked of an image is the materialised closure, file by file, and nothing else. */
async function assertUnpacked(rig: CabRig, layout: string): Promise<void> {
  const bundle = `${layout}-bundle`;
  await runTool('umoci', ['unpack', '--rootless', '--image', `${layout}:latest`, bundle], rig.project);
  const unpacked = path.join(bundle, 'rootfs', 'cab', 'store');
  const closure = await rig.succeed('store', 'path-info', '--closure', '--json');
  const names = (closure.json() as { path: string }[]).map((entry) => path.basename(entry.path));
  assert.deepEqual((await readdir(unpacked)).toSorted(), names.toSorted());
  for (const name of names) {
    const expected = await readTree(path.join(rig.store, 'store', name));
    assert.ok(expected.size > 0);
    assert.deepEqual(await readTree(path.join(unpacked, name)), expected);
  }
}

test('a result is an image that tools of others read, copy and unpack', { skip }, async (context) => {
  const rig = await withProject(context);
  const { stdout } = await rig.succeed('build', '--oci', 'image.tar');
  assert.equal(stdout, '');
  await rig.succeed('build', '.#library', '--out-link', 'library');
  const [file, result] = [path.join(rig.project, 'image.tar'), path.join(rig.project, 'result')];

  for (const format of ['oci-archive', 'docker-archive']) {
    const image = await inspect(rig, `${format}:${file}`);
    const tool = JSON.parse((await rig.succeed('store', 'path-info', '--json', result)).stdout) as {
      path: string;
    }[];
    assert.deepEqual(image.config.Entrypoint, [`${tool[0]?.path}/bin/tool`]);
    assert.deepEqual(image.config.Env, [`PATH=${tool[0]?.path}/bin`]);
    assert.deepEqual([image.os, image.architecture], ['linux', 'amd64']);
  }

  const layout = path.join(rig.folder, 'layout');
  await copyImage(rig, `oci-archive:${file}`, `oci:${layout}:latest`);
  await assertUnpacked(rig, layout);
  const shared = path.join(
    `${layout}-bundle`,
    'rootfs',
    'cab',
    'store',
    path.basename(await readlink(result)),
    'share',
  );
  const [same, again, empty] = await Promise.all(
    ['same', 'again', 'empty'].map((name) => stat(path.join(shared, name))),
  );
  assert.equal(same?.ino, again?.ino, 'equal files are one');
  assert.equal(empty?.nlink, 1);

  const registry = await startOciRegistry(path.join(rig.folder, 'registry'));
  try {
    const remote = `${registry.url.replace('http://', 'docker://')}/tools/tool:1`;
    await copyImage(rig, `oci-archive:${file}`, remote, '--dest-tls-verify=false');
    const back = path.join(rig.folder, 'back');
    await copyImage(rig, remote, `oci:${back}:latest`, '--src-tls-verify=false');
    await assertUnpacked(rig, back);
    await copyImage(rig, `docker-archive:${file}`, `${remote}-docker`, '--dest-tls-verify=false');
  } finally {
    await registry.close();
  }
});

test('the same closure gives the same image, whatever the store, the folder and the time', async (context) => {
  const rigs = [await withProject(context), await withProject(context)] as const;
  const images: Buffer[] = [];
  for (const rig of rigs) {
    await rig.succeed('build', '--no-link', '--oci', 'image.tar');
    images.push(await readFile(path.join(rig.project, 'image.tar')));
  }
  assert.ok(images[0]?.equals(images[1] as Buffer));
  const [rig] = rigs;
  await rig.succeed('build', '--oci', 'image.tar');
  await rig.succeed('store', 'export', '--output', 'archive');
  await rig.deleteStore();
  await rig.succeed('store', 'import', 'archive');
  await rig.succeed('build', '--oci', 'again.tar', '--no-link');
  assert.deepEqual(await readFile(path.join(rig.project, 'again.tar')), images[0]);
  await assertStoreIsWhole(rig);
});

test(
  'an image goes to the standard output, and is for the platform that was asked for',
  { skip },
  async (context) => {
    const rig = await withProject(context);
    const script = `"$0" build --no-link --oci - .#library --oci-platform linux/arm/v7 > image.tar`;
    await runTool('bash', ['-c', script, cabCommand], rig.project, {
      HOME: rig.home,
      CAB_STORE: rig.store,
      CAB_CONFIG: rig.configurationFile,
    });
    const { architecture, variant, config } = await inspect(rig, 'oci-archive:image.tar');
    assert.deepEqual([architecture, variant, config], ['arm', 'v7', {}]);
  },
);

test('what a build requires tells what its image runs on', { skip }, async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': `let inner = derivation {
  name = "inner",
  builder = <cab:programs>/text.wasm,
  arguments = ["write", "0"],
  environment = { text = "inner" },
  requiredRealizerFeatures = ["aarch64-linux", "wasm"],
}, in derivation {
  name = "outer",
  builder = <cab:programs>/text.wasm,
  arguments = ["write", "0"],
  environment = { text = inner },
  requiredRealizerFeatures = ["wasm"],
}`,
  });
  await rig.configure('[realizer]\nfeatures = ["aarch64-linux"]\n');
  await rig.succeed('build', '--oci', 'image.tar');
  const { os, architecture } = await inspect(rig, 'oci-archive:image.tar');
  assert.deepEqual([os, architecture], ['linux', 'arm64']);
});

test('options for images that do not fit are told before anything is built', async (context) => {
  const rig = await withProject(context);
  const misfits: readonly (readonly [title: string, args: readonly string[]])[] = [
    ['an image that is no tar archive', ['--oci', 'image.zip']],
    ['a platform that is none', ['--oci', 'image.tar', '--oci-platform', 'x86_64-linux']],
    ['a platform without an image', ['--oci-platform', 'linux/amd64']],
    ['an image and JSON on one standard output', ['--oci', '-', '--json', '--log-format=plain']],
  ];
  for (const [title, args] of misfits) {
    await assertDiagnostic(rig, await rig.cab('build', ...args), { title, code: 'CAB6001', exitCode: 2 });
  }
  await mkdir(path.join(rig.project, 'folder.tar'));
  const refused = await rig.cab('build', '--oci', 'folder.tar');
  assert.match(refused.stderr, /error\[CAB6021\]: the file '.*folder.tar' cannot be written \(EISDIR\)/);
});
