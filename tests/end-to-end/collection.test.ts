import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { type CabRig, withCab } from '../support/index.ts';
import { assertStoreIsWhole, build, storyOf, withScenario } from './scenario.ts';

interface Plan {
  readonly outputs: readonly { readonly path: string; readonly bytes: number; readonly lastUsed: string }[];
  readonly loose: { readonly blobs: number };
  readonly bytes: number;
  readonly kept: number;
}

interface Outcome {
  readonly planned: Plan;
  readonly removed: { readonly outputs: readonly string[]; readonly bytes: number };
}

async function collect(rig: CabRig, ...options: string[]): Promise<Outcome> {
  return (await rig.succeed('store', 'gc', '--json', ...options)).json() as Outcome;
}

const namesOf = (paths: readonly string[]): string[] =>
  paths.map((each) => each.replace(/^.*?-/, '')).toSorted();

/** The lines of the standard error that say what was started. */
const started = (stderr: string): number => [...stderr.matchAll(/^realize\s+\S+$/gm)].length;

test('a result and what the lock pins stay; without its link a result goes, and a build brings it back', async (context) => {
  const { rig } = await withScenario(context);
  const report = await build(rig);
  const { removed } = await collect(rig);
  assert.deepEqual(namesOf(removed.outputs), ['fetch.wasm', 'text.wasm']);
  rig.server.reset();
  assert.deepEqual(await build(rig), report);
  assert.deepEqual(storyOf(rig), []);
  await rm(path.join(rig.project, 'result'));
  const second = await collect(rig);
  assert.deepEqual(namesOf(second.removed.outputs), ['fetch.wasm', 'greeting', 'text.wasm']);
  assert.equal(existsSync(report.outputs['out']?.path ?? ''), false);
  assert.deepEqual(await build(rig), report);
  assert.deepEqual(storyOf(rig), [], 'the island was kept by the lock');
  await rig.deleteLock();
  await rm(path.join(rig.project, 'result'));
  assert.deepEqual(namesOf((await collect(rig)).removed.outputs), [
    'fetch.wasm',
    'greeting',
    'r',
    'text.wasm',
  ]);
  await assertStoreIsWhole(rig);
});

const steps = `let
  first = derivation {
    name = "first",
    builder = <cab:programs>/text.wasm,
    arguments = ["substitute", ./source],
    environment = { WHO = "@WHAT@" },
    requiredRealizerFeatures = ["wasm"],
  },
in derivation {
  name = "second",
  builder = <cab:programs>/text.wasm,
  arguments = ["substitute", first],
  environment = { WHAT = "world" },
  requiredRealizerFeatures = ["wasm"],
}
`;

test('a build whose result is there asks for none of its steps once they were collected', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': steps, 'source/greeting.txt': 'hello @WHO@\n' });
  assert.equal(started((await rig.succeed('build')).stderr), 2);
  const { removed } = await collect(rig);
  assert.ok(namesOf(removed.outputs).includes('first'), removed.outputs.join());
  assert.ok(!namesOf(removed.outputs).includes('second'), removed.outputs.join());
  assert.equal(started((await rig.succeed('build')).stderr), 0);
  assert.equal(await readFile(path.join(rig.project, 'result', 'greeting.txt'), 'utf8'), 'hello world\n');
  // What is missing is made again where it is needed.
  await rig.write({ 'default.cab': steps.replace('"world"', '"all"') });
  assert.equal(started((await rig.succeed('build')).stderr), 2);
  assert.equal(await readFile(path.join(rig.project, 'result', 'greeting.txt'), 'utf8'), 'hello all\n');
  await assertStoreIsWhole(rig);
});

test('what would go is listed with sizes and dates, and stays; then as much comes free', async (context) => {
  const { rig } = await withScenario(context);
  await rig.succeed('build');
  await rm(path.join(rig.project, 'result'));
  const plan = (await rig.succeed('store', 'gc', '--dry-run', '--json')).json() as Plan;
  assert.ok(namesOf(plan.outputs.map((each) => each.path)).includes('greeting'));
  assert.ok(plan.bytes > 0);
  const day = new Date().toISOString().slice(0, 10);
  assert.ok(plan.outputs.every(({ lastUsed }) => lastUsed.startsWith(day)));
  const listed = await rig.succeed('store', 'gc', '--dry-run');
  const line = new RegExp(String.raw`^ +[0-9.]+ \w+  ${day}  /cab/store/\w+-greeting$`, 'm');
  assert.match(listed.stdout, line);
  assert.match(listed.stdout, /^3 outputs and [0-9]+ leftover files? would go, .*; 1 output stays$/m);
  const { stdout } = await rig.succeed('store', 'gc');
  assert.match(stdout, /^3 outputs and .* are to go, (.*); 1 output stays\n3 outputs removed, \1 freed\n/);
});

test('only what is old goes, or only so much', async (context) => {
  const { rig } = await withScenario(context);
  await rig.succeed('build', '--no-link');
  assert.deepEqual((await collect(rig, '--older-than', '1h')).removed.outputs, []);
  assert.deepEqual((await collect(rig, '--keep-size', '1.5GiB')).removed.outputs, []);
  assert.equal((await collect(rig, '--max-free', '1')).removed.outputs.length, 1);
  assert.equal((await collect(rig, '--keep-size', '0', '--older-than', '0s')).removed.outputs.length, 2);
});

test('roots are listed, added and removed', async (context) => {
  const { rig } = await withScenario(context);
  const report = await build(rig);
  const output = `/cab/store/${path.basename(report.outputs['out']?.path ?? '')}`;
  const [lock, link] = ['cab.lock', 'result'].map((name) => path.join(rig.project, name)) as [string, string];
  const listed = async (): Promise<string> => (await rig.succeed('store', 'roots')).stdout;
  assert.match(
    await listed(),
    new RegExp(`^lock    ${lock}  /cab/store/\\w+-r\nlink    ${link}  ${output}\n$`),
  );
  await rig.succeed('store', 'roots', 'remove', 'result', 'cab.lock');
  assert.equal(await listed(), '');
  await rig.succeed('store', 'roots', 'add', 'cab.lock', 'result', output);
  const json = (await rig.succeed('store', 'roots', '--json')).json() as readonly object[];
  assert.deepEqual(json[0], { kind: 'output', path: output, state: 'good', keeps: [output] });
  await rm(link);
  assert.match(await listed(), new RegExp(`^output  ${output}$`, 'm'));
  assert.match(await listed(), new RegExp(`^link    ${link}  gone$`, 'm'));
  assert.match((await rig.succeed('store', 'gc')).stdout, new RegExp(`^no root any more: ${link}$`, 'm'));
  assert.doesNotMatch(await listed(), /^link/m);
  await rig.succeed('store', 'roots', 'remove', output);
  assert.doesNotMatch(await listed(), /^output/m);
});

test('a lock with conflict marks stops the collection, and says what to do', async (context) => {
  const { rig } = await withScenario(context);
  await rig.succeed('build');
  const lock = path.join(rig.project, 'cab.lock');
  const text = await readFile(lock, 'utf8');
  await writeFile(lock, `<<<<<<< ours\n${text}`);
  const before = (await rig.succeed('store', 'path-info', '--closure', 'result')).stdout;
  const { code, stdout, stderr } = await rig.cab('store', 'gc');
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /CAB5020/);
  assert.ok(stderr.includes(`it cannot be told what '${lock}' keeps`), stderr);
  assert.ok(stderr.includes(`cab store roots remove ${lock}`), stderr);
  assert.match((await rig.succeed('store', 'roots')).stdout, /^lock .*unreadable: .*not JSON/m);
  assert.equal((await rig.succeed('store', 'path-info', '--closure', 'result')).stdout, before);
  await writeFile(lock, text);
  await rig.succeed('store', 'gc');
});

test('amounts that are none are refused with what to write', async (context) => {
  const rig = await withCab(context);
  const mistakes = [
    ['--older-than', '30', /takes a duration, and '30' is none[^]*'30d', '12h' or '2w'/],
    ['--older-than', 'yesterday', /'yesterday' is none/],
    ['--keep-size', '10X', /takes a size, and '10X' is none[^]*'500M' or '10G'/],
    ['--max-free', '-1', /max-free/],
  ] as const;
  for (const [option, value, message] of mistakes) {
    const { code, stderr } = await rig.cab('store', 'gc', `${option}=${value}`);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
  for (const words of [['forget', 'x'], ['add'], ['remove']]) {
    assert.equal((await rig.cab('store', 'roots', ...words)).code, 2);
  }
  for (const verb of ['add', 'remove']) {
    const { code, stderr } = await rig.cab('store', 'roots', verb, 'nothing');
    assert.equal(code, 1);
    assert.match(stderr, /CAB5025.*'nothing'/);
  }
});
