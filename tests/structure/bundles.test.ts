import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildBundles, lateDoors } from '../../scripts/bundles.ts';
import { makeTemporaryFolder, removeFolder } from '../support/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const bundled = await buildBundles({ write: false });
const doors = Object.entries(lateDoors);

test('what evaluation can do without is not in the bundle of the command', () => {
  const unwanted = bundled
    .get('cab')
    ?.filter((file) => file.startsWith('node_modules/') || doors.some(([, door]) => file === door));
  assert.deepEqual(unwanted, []);
});

test('no file is in two bundles that are loaded together', () => {
  const seen = new Map<string, string>();
  for (const name of ['cab', ...Object.keys(lateDoors)]) {
    for (const file of bundled.get(name) ?? []) {
      if (!file.startsWith('src/')) continue;
      assert.equal(seen.get(file), undefined, `${file} is in ${name} and in ${seen.get(file) ?? ''}`);
      seen.set(file, name);
    }
  }
});

test('to evaluate a number loads one bundle, and of Node nothing that takes its time', async () => {
  const { scripts, modules } = await loadedBy('eval', '--expression', '1');
  assert.deepEqual(scripts, ['cab.cjs']);
  assert.deepEqual(
    modules.filter((name) => heavy.includes(name)),
    [],
  );
});

test('a build loads the other bundles, and V8 accepts the code that was made of each', async () => {
  const { scripts, rejected } = await loadedBy('build', '--no-link', path.join(root, 'examples', 'hello'));
  for (const name of ['cab.cjs', 'commands.cjs', 'realizer.cjs', 'store.cjs']) {
    assert.ok(scripts.includes(name), `${name} is not loaded, but ${scripts.join(', ')}`);
  }
  assert.deepEqual(rejected, []);
});

test('a build without realizers elsewhere loads nothing of what speaks to them', async () => {
  const { scripts } = await loadedBy('build', '--no-link', path.join(root, 'examples', 'hello'));
  assert.deepEqual(
    scripts.filter((name) => name.startsWith('realizer-')),
    [],
  );
});

/** What of Node takes milliseconds to load. */
const heavy = [
  'child_process',
  'crypto',
  'fs/promises',
  'net',
  'os',
  'sqlite',
  'stream',
  'worker_threads',
  'zlib',
];

/** The options that the launcher gives to Node: V8 takes its code back only under the flags under which it was made. */
function launcherOptions(): readonly string[] {
  const launcher = readFileSync(path.join(root, 'bin', 'cab'), 'utf8');
  return /exec "\$node" (--.+) "\$root/.exec(launcher)?.[1]?.split(' ') ?? [];
}

/** Tells at the end which scripts were made, of which of them V8 did not take the code, and which of Node's modules loaded. */
const recorder = `
const vm = require('node:vm');
const scripts = [];
const rejected = [];
const { Script } = vm;
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options);
    const name = require('node:path').basename(options.filename);
    scripts.push(name);
    if (this.cachedDataRejected !== false) rejected.push(name);
  }
};
const before = new Set(process.moduleLoadList);
process.on('exit', () => {
  const added = process.moduleLoadList.filter((name) => !before.has(name));
  const modules = added.map((name) => name.replace('NativeModule ', ''));
  require('node:fs').writeSync(2, JSON.stringify({ scripts, rejected, modules }));
});`;

type Loaded = Readonly<Record<'scripts' | 'rejected' | 'modules', readonly string[]>>;

/** Which bundles a command loads, and which of Node's own modules. */
async function loadedBy(...words: readonly string[]): Promise<Loaded> {
  const folder = await makeTemporaryFolder();
  try {
    const file = path.join(folder, 'recorder.cjs');
    writeFileSync(file, recorder);
    const environment = {
      HOME: folder,
      CAB_STORE: path.join(folder, 'store'),
      CAB_CONFIG: path.join(folder, 'none'),
    };
    const { stderr, status } = spawnSync(
      process.execPath,
      [...launcherOptions(), '--require', file, path.join(root, 'dist', 'start.cjs'), ...words],
      { cwd: folder, env: environment, encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    return JSON.parse(stderr.slice(stderr.lastIndexOf('{"scripts"'))) as Loaded;
  } finally {
    await removeFolder(folder);
  }
}
