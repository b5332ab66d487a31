import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, readdir, readlink, stat, watch, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { cabCommand, withCab, type CabRig } from '../support/index.ts';
import { assertDiagnostic } from './diagnostics.ts';
import { assertStoreIsWhole, build } from './scenario.ts';

const run = promisify(execFile);

const project = `let
  text = { name, text, } => derivation {
    name = name,
    builder = <cab:programs>/text.wasm,
    arguments = ["write", "0"],
    environment = { text = text },
    requiredRealizerFeatures = ["wasm"],
  },
  library = text { name = "library", text = "a library", },
in { default = text { name = "tool", text = "uses \\(library)", }, library = library, }
`;

/** A project whose result is a copy of a folder. */
function copyOf(folder: string): string {
  return `{ default = derivation {
    name = "copy",
    builder = <cab:programs>/text.wasm,
    arguments = ["substitute", ${folder}],
    requiredRealizerFeatures = ["wasm"],
  } }`;
}

/** A project whose result refers to another output. */
async function withTool(context: TestContext): Promise<CabRig> {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': project });
  await build(rig);
  return rig;
}

/** The same person with a store that holds nothing. */
async function withEmptyStore(rig: CabRig): Promise<CabRig> {
  await rig.deleteStore();
  return rig;
}

test('a result goes to another store with all that it needs, and its paths are printed', async (context) => {
  const rig = await withTool(context);
  const closure = await rig.succeed('store', 'path-info', '--closure', '--json');
  const paths = (closure.json() as { path: string }[]).map((entry) => entry.path);
  const library = paths.find((each) => each.endsWith('-library'));
  const archive = path.join(rig.folder, 'tool.cabs');
  const exported = await rig.succeed('store', 'export', './result', '--output', archive);
  assert.equal(exported.stdout, '');
  const second = path.join(rig.folder, 'again.cabs');
  await rig.succeed('store', 'export', '--output', second);
  assert.deepEqual(await readFile(second), await readFile(archive));
  await rig.succeed('store', 'export', '--level', '19', '--output', second);

  await withEmptyStore(rig);
  const imported = await rig.succeed('store', 'import', archive, '--out-link', 'imported');
  assert.deepEqual(imported.stdout.trimEnd().split('\n'), paths);
  assert.equal(await readFile(path.join(rig.project, 'imported'), 'utf8'), `uses ${library}`);
  await assert.rejects(readlink(path.join(rig.project, 'imported-1')));
  await assertStoreIsWhole(rig);
  await rig.succeed('store', 'import', second);
});

test('two commands hand an archive on through a pipe', async (context) => {
  const rig = await withTool(context);
  const other = path.join(rig.folder, 'other');
  const script = '"$0" store export ./result | CAB_STORE="$1" "$0" store import';
  const { stdout } = await run('bash', ['-c', `set -o pipefail; ${script}`, cabCommand, other], {
    cwd: rig.project,
    env: {
      PATH: process.env['PATH'],
      HOME: rig.home,
      CAB_STORE: rig.store,
      CAB_CONFIG: rig.configurationFile,
    },
  });
  assert.equal(stdout.trimEnd().split('\n').length, 2);
});

test('a reader that goes away ends an export with a diagnostic', async (context) => {
  const rig = await withTool(context);
  await rig.write({ 'large/file': randomBytes(8_000_000), 'default.cab': copyOf('./large') });
  await build(rig);
  const { stderr, stdout } = await run(
    'bash',
    ['-c', '"$0" store export ./result | true; echo "${PIPESTATUS[0]}"', cabCommand],
    {
      cwd: rig.project,
      env: {
        PATH: process.env['PATH'],
        HOME: rig.home,
        CAB_STORE: rig.store,
        CAB_CONFIG: rig.configurationFile,
      },
    },
  );
  assert.equal(stdout, '1\n');
  assert.match(stderr, /error\[CAB6007\]: the standard output cannot be written \(EPIPE\)/);
});

test('an archive that is cut off, or none, is told apart, and a file that fails is not left half-written', async (context) => {
  const rig = await withTool(context);
  const archive = path.join(rig.folder, 'tool.cabs');
  await rig.succeed('store', 'export', '--output', archive);
  const content = await readFile(archive);
  await withEmptyStore(rig);
  await writeFile(archive, content.subarray(0, content.length - 20));
  await assertDiagnostic(rig, await rig.cab('store', 'import', archive), {
    title: 'an archive that is cut off',
    code: 'CAB5021',
  });
  await writeFile(archive, 'something else');
  await assertDiagnostic(rig, await rig.cab('store', 'import', archive), {
    title: 'a file that is no archive',
    code: 'CAB5022',
  });
  await assertDiagnostic(rig, await rig.cab('store', 'import', 'nothing-here'), {
    title: 'an archive that is not there',
    code: 'CAB6022',
  });
  await writeFile(archive, content);
  await rig.succeed('store', 'import', archive, '--out-link', 'result');
  await assertDiagnostic(rig, await rig.cab('store', 'export', '--output', '/nowhere/archive'), {
    title: 'an archive that cannot be written',
    code: 'CAB6021',
  });
  await assertDiagnostic(rig, await rig.cab('store', 'export', '--level', '20'), {
    title: 'a level that zstd does not have',
    code: 'CAB6001',
    exitCode: 2,
  });
  assert.deepEqual(
    (await readdir(rig.folder)).filter((name) => name.endsWith('-new')),
    [],
  );
  assert.ok((await stat(archive)).isFile());
});

test('an export that is interrupted leaves no half of a file', async (context) => {
  const rig = await withTool(context);
  await rig.write({ 'large/file': randomBytes(30_000_000), 'default.cab': copyOf('./large') });
  await build(rig);
  const made = watch(rig.folder);
  const running = rig.spawnCab('store', 'export', './result', '--level', '19', '--output', '../large.cabs');
  for await (const { filename } of made) if (filename?.startsWith('large.cabs') === true) break;
  running.process.kill('SIGINT');
  const { code, stderr } = await running.ended;
  assert.equal(code, 1);
  assert.match(stderr, /error\[CAB4009\]: the run was cancelled/);
  assert.deepEqual(
    (await readdir(rig.folder)).filter((name) => name.startsWith('large.cabs')),
    [],
  );
});
