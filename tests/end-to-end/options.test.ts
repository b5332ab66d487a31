import assert from 'node:assert/strict';
import { copyFile, lstat, mkdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { cabCommand, readTree, startCommand, withCab, type CabRig } from '../support/index.ts';
import {
  assertStoreIsWhole,
  build,
  hashOf,
  resultTree,
  storyOf,
  withScenario,
  type BuildReport,
} from './scenario.ts';

/** A derivation that needs no origin: its output is a file with the text. */
function textDerivation(name: string, text: string): string {
  return `derivation {
    name = "${name}",
    builder = <cab:programs>/text.wasm,
    arguments = ["write", "0"],
    environment = { text = ${text} },
    requiredRealizerFeatures = ["wasm"],
  }`;
}

test('--locked fails where the lock lacks an island, and builds where it has it', async (context) => {
  const { rig } = await withScenario(context);
  const refused = await rig.cab('build', '--locked');
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stderr, /error\[CAB3102\]/);
  assert.match(refused.stderr, /github:o\/r/);
  assert.deepEqual(storyOf(rig), []);
  const built = await build(rig);
  await rig.deleteStore();
  assert.deepEqual(await build(rig, '--locked'), built);
});

test('--offline builds what is there, and names what is missing', async (context) => {
  const { rig } = await withScenario(context);
  const refused = await rig.cab('build', '--offline');
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stderr, /error\[CAB3209\]/);
  assert.match(refused.stderr, /github:o\/r/);
  const built = await build(rig);
  rig.server.reset();
  assert.deepEqual(await build(rig, '--offline'), built);
  assert.deepEqual(storyOf(rig), []);
});

test('--offline names all that is missing at once', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': `{ default = ${textDerivation('both', '"\\(<github:o/a>) \\(<github:o/b>)"')} }`,
  });
  const { code, stderr } = await rig.cab('build', '--offline');
  assert.equal(code, 1);
  assert.match(stderr, /github:o\/a/);
  assert.match(stderr, /github:o\/b/);
});

test('--override puts a local tree in the place of an island, and leaves the lock alone', async (context) => {
  const { rig } = await withScenario(context);
  await build(rig);
  const lock = await rig.lock();
  await rig.write({ 'default.cab': await readFile(path.join(rig.project, 'default.cab'), 'utf8') });
  await rig.write({ '../local/greeting.txt': 'local @WHO@\n' });
  rig.server.reset();
  await build(rig, '--override', 'github:o/r=../local');
  assert.deepEqual(storyOf(rig), []);
  const link = path.join(rig.project, 'result');
  assert.equal(await readFile(path.join(link, 'greeting.txt'), 'utf8'), 'local world\n');
  assert.deepEqual(await rig.lock(), lock);
});

test('--argument is passed to the entry function by name', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': `{ greeting = "hello", who, } => { default = ${textDerivation('text', '"\\(greeting) \\(who)"')} }`,
  });
  await build(rig, '--argument', 'who=Ada');
  assert.equal(await readFile(path.join(rig.project, 'result'), 'utf8'), 'hello Ada');
  const missing = await rig.cab('build');
  assert.notEqual(missing.code, 0);
  assert.match(missing.stderr, /who/);
});

test('--json prints the derivations and their outputs, and nothing else, to the standard output', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': `{ one = ${textDerivation('one', '"1"')}, two = ${textDerivation('two', '"2"')} }`,
  });
  const result = await rig.succeed('build', '--json', '.#one', '.#two');
  const reports = result.json() as readonly BuildReport[];
  assert.deepEqual(
    reports.map(({ installable }) => installable),
    ['.#one', '.#two'],
  );
  for (const { derivation, outputs } of reports) {
    assert.match(derivation, /^[a-z2-7]{52}$/);
    assert.deepEqual(Object.keys(outputs), ['out']);
    assert.match(outputs['out']?.path ?? '', /\/[a-z2-7]{52}-(one|two)$/);
    assert.match(outputs['out']?.hash ?? '', /^cab:[a-z2-7]{52}$/);
  }
});

test('results are linked as asked: result, --out-link, --no-link, --print-path', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': `{ default = ${textDerivation('text', '"content"')} }` });
  const link = (name: string): string => path.join(rig.project, name);
  await rig.succeed('build', '--no-link');
  await assert.rejects(lstat(link('result')));
  await rig.succeed('build', '--out-link', 'elsewhere');
  assert.equal(await readFile(link('elsewhere'), 'utf8'), 'content');
  await assert.rejects(lstat(link('result')));
  const { stdout } = await rig.succeed('build', '--print-path');
  assert.equal(stdout.split('\n').length, 2, stdout);
  assert.equal(await readFile(stdout.trimEnd(), 'utf8'), 'content');
  assert.equal(await readFile(link('result'), 'utf8'), 'content');
  assert.match(await readlink(link('result')), /-text$/);
});

test('what happens is told on the standard error only', async (context) => {
  const { rig } = await withScenario(context);
  const { stdout, stderr } = await rig.succeed('build');
  assert.equal(stdout, '');
  assert.match(stderr, /greeting/);
  assert.match(stderr, /github:o\/r/);
  assert.ok(!stderr.includes('\u001b'), 'a terminal escape goes to what is no terminal');
});

test('cab store path-info, cab show-derivation and cab log tell of what was built', async (context) => {
  const { rig } = await withScenario(context);
  const report = await build(rig);
  const shown = (await rig.succeed('show-derivation', '.')).json();
  assert.ok(JSON.stringify(shown).includes('substitute'));
  const info = await rig.succeed('store', 'path-info', report.outputs['out']?.path ?? '');
  assert.ok(info.stdout.includes(hashOf(report).replace(/^cab:/, '')), info.stdout);
});

/** A project whose builder speaks, and has an input that has to be realized first. */
async function withTalkativeBuilder(context: TestContext): Promise<CabRig> {
  const rig = await withCab(context);
  const repository = await rig.repository('o/r');
  await repository.write({ 'file.txt': 'hello\n' }).commit();
  await rig.write({
    'default.cab': `{ default = derivation {
      name = "talkative",
      builder = "/bin/sh",
      arguments = ["-c", "echo one; echo two >&2; echo \\(<github:o/r>) > $out"],
      requiredRealizerFeatures = ["host-tools"],
    } }`,
  });
  return rig;
}

test('cab log prints what a builder said', async (context) => {
  const rig = await withTalkativeBuilder(context);
  await build(rig);
  assert.equal((await rig.succeed('log', '.')).stdout, 'one\ntwo\n');
});

test('cab log takes the derivation that --json names', async (context) => {
  const rig = await withTalkativeBuilder(context);
  const { derivation } = await build(rig);
  assert.equal((await rig.succeed('log', derivation)).stdout, 'one\ntwo\n');
});

test('a file of an island can be imported, and pins the island', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/library');
  const commit = await repository
    .write({ 'default.cab': '{ answer = import ./answer.cab }', 'answer.cab': '42' })
    .commit();
  await rig.write({ 'default.cab': '(import <github:o/library>).answer\n' });
  assert.equal((await rig.succeed('eval', '--json', '.')).json(), 42);
  assert.equal((await rig.lock())?.islands['github:o/library']?.['git'], commit);
  rig.server.reset();
  assert.equal((await rig.succeed('eval', '--json', '.')).json(), 42);
  assert.deepEqual(storyOf(rig), []);
});

test('an interrupted run says so and ends with 1', async (context) => {
  const { rig } = await withScenario(context);
  const hang = rig.server.fault({ kind: 'hang' });
  const running = rig.spawnCab('build');
  await hang.waitForStrike();
  running.process.kill('SIGINT');
  const { code, stderr } = await running.ended;
  assert.equal(code, 1, stderr);
  assert.match(stderr, /error\[CAB4009\]/);
  assert.equal(await rig.lock(), undefined);
  await assertStoreIsWhole(rig);
});

test('an installation that is not whole says what to do, and ends with 3', async (context) => {
  const rig = await withCab(context);
  const command = path.join(rig.folder, 'bin', 'cab');
  await mkdir(path.dirname(command));
  await copyFile(cabCommand, command);
  const result = await startCommand(command, ['build'], {
    folder: rig.project,
    environment: { PATH: process.env['PATH'] ?? '' },
  }).ended;
  assert.equal(result.code, 3);
  assert.match(result.stderr, /npm ci/);
});

test('cab eval prints a value as JSON', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'default.cab': '{ answer = 6 * 7, list = [1, "two", null, true], }' });
  assert.deepEqual((await rig.succeed('eval', '--json', '.')).json(), {
    answer: 42,
    list: [1, 'two', null, true],
  });
  assert.deepEqual((await rig.succeed('eval', '--json', '.#answer')).json(), 42);
});

test('a local tree is hashed where it stands, untracked files included and result links left out', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': `{ default = derivation {
      name = "copy",
      builder = <cab:programs>/text.wasm,
      arguments = ["substitute", ./source],
      requiredRealizerFeatures = ["wasm"],
    } }`,
    'source/a.txt': 'one',
    'source/b/c.txt': 'two',
  });
  const first = await build(rig);
  assert.deepEqual(await resultTree(rig), await readTree(path.join(rig.project, 'source')));
  assert.deepEqual(await build(rig), first);
  await rig.write({ 'source/a.txt': 'changed' });
  assert.notEqual(hashOf(await build(rig)), hashOf(first));
});

test('two commands that need the same do it once', async (context) => {
  const { rig } = await withScenario(context);
  const held = rig.server.fault({ kind: 'hold', times: 1 });
  const first = rig.spawnCab('build', '--json', '--log-format=plain');
  await held.waitForStrike();
  const second = rig.spawnCab('build', '--json', '--log-format=plain', '--out-link', 'second');
  await second.says(
    /warning\[CAB4010\]: another cab \(process \d+\) is at work on 'r', and this one waits for it/,
  );
  held.release();
  const results = await Promise.all([first.ended, second.ended]);
  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 0],
  );
  assert.equal(results[0]?.stdout, results[1]?.stdout);
  // Only who has waited may ask whether the ref has moved meanwhile; the tree is downloaded once.
  assert.deepEqual(
    storyOf(rig).filter((question) => question !== 'refs'),
    ['commit', 'pack'],
  );
});

test('the command explains itself', async (context) => {
  const rig = await withCab(context);
  const help = await rig.succeed('--help');
  for (const command of ['build', 'eval', 'update', 'store'])
    assert.match(help.stdout, new RegExp(`\\b${command}\\b`));
  assert.match((await rig.succeed('build', '--help')).stdout, /--locked/);
});

test('an update or an override of an island that nothing needs is an error, before anything is asked', async (context) => {
  const { rig } = await withScenario(context);
  const updated = await rig.cab('build', '--update', 'github:o/s');
  assert.equal(updated.code, 1);
  assert.match(
    updated.stderr,
    /error\[CAB3104\]: the island 'github:o\/s' is to be asked again, but nothing needs it/,
  );
  assert.match(updated.stderr, /did you mean 'github:o\/r'\?/);
  const overridden = await rig.cab('build', '--override', 'github:o/s=.');
  assert.equal(overridden.code, 1);
  assert.match(overridden.stderr, /error\[CAB3106\]/);
  assert.deepEqual(storyOf(rig), []);
  assert.equal(await rig.lock(), undefined);
});

test('an override of an island stands in for its sub-trees too', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': `{ default = ${textDerivation('page', 'readFile <github:o/r::/docs>/page.md')} }`,
    'working-copy/docs/page.md': 'from here',
  });
  await build(rig, '--override', 'github:o/r=working-copy');
  assert.equal(await readFile(path.join(rig.project, 'result'), 'utf8'), 'from here');
});
