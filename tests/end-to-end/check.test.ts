import assert from 'node:assert/strict';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { CabRig } from '../support/index.ts';
import { head, reasonToSkip, started, withProject } from './native-builds.ts';
import { assertStoreIsWhole, storyOf, withScenario } from './scenario.ts';

interface Checked {
  readonly outputs: Readonly<Record<string, { readonly path: string }>>;
  readonly check: readonly {
    readonly output: string;
    readonly recorded: string;
    readonly again?: string;
    readonly changes: readonly {
      readonly path: string;
      readonly change: string;
      readonly onlyStorePaths: boolean;
      readonly firstDifference?: number;
    }[];
    readonly patch: string;
  }[];
}

/** Each build has another one. */
const uuid = '/proc/sys/kernel/random/uuid';

async function outputsIn(rig: CabRig): Promise<number> {
  const { counts } = (await rig.succeed('store', 'verify', '--json')).json() as {
    counts: { outputs: number };
  };
  return counts.outputs;
}

test('a WASM build and a fetch come out the same, and nothing becomes known by that', async (context) => {
  const { rig } = await withScenario(context);
  const first = await rig.succeed('build', '--check', '.', '.#source');
  assert.deepEqual(started(first.stderr).toSorted(), ['greeting', 'greeting', 'r', 'r']);
  assert.match(first.stdout, /^same {5}greeting\nsame {5}r\n$/);
  const before = await outputsIn(rig);
  rig.server.reset();
  const again = await rig.succeed('build', '--check', '--json', '--log-format=plain', '.', '.#source');
  assert.deepEqual(started(again.stderr).toSorted(), ['greeting', 'r']);
  assert.ok(storyOf(rig).includes('pack'), `fetched again: ${storyOf(rig).join()}`);
  for (const { check } of again.json() as readonly Checked[]) {
    assert.equal(check.length, 1);
    assert.equal(check[0]?.again, undefined);
  }
  assert.equal(await outputsIn(rig), before);
  await assertStoreIsWhole(rig);
});

test('an origin that has something else for a pin is an error, and the lock stays', async (context) => {
  const { rig } = await withScenario(context);
  await rig.serveFiles({ 'words.txt': 'first\n' });
  await rig.write({ 'default.cab': `{ default = toDerivation <${rig.server.url}/files/words.txt> }\n` });
  await rig.succeed('build', '--check');
  const lock = await rig.lock();
  await rig.serveFiles({ 'words.txt': 'other words\n' });
  const { code, stderr } = await rig.cab('build', '--check');
  assert.equal(code, 1);
  assert.match(stderr, /error\[CAB3\d+\]/);
  assert.deepEqual(await rig.lock(), lock);
  assert.deepEqual(started((await rig.succeed('build')).stderr), []);
});

describe('native builds that are checked', { skip: reasonToSkip() }, () => {
  test('each difference is told, and what is recorded stays what it was', async (context) => {
    const rig = await withProject(
      context,
      `${head}packages.run { name = "odd", script = "
  mkdir -p $out/sub; cd $out
  echo same > same
  echo first; printf 'line one\\nline two\\n' > text; cat ${uuid} >> text
  touch sub/$(cat ${uuid}); ln -s $(cat ${uuid}) link
  head -c 70000 /dev/zero > large; cat ${uuid} >> large
  echo $out > mentions
", }`,
    );
    const first = await rig.succeed('build', '--json', '--log-format=plain');
    const [before] = first.json() as readonly Checked[];
    const recorded = before?.outputs['out']?.path ?? '';
    const checked = await rig.cab('build', '--check', '--json', '--log-format=plain');
    assert.equal(checked.code, 1);
    assert.match(
      checked.stderr,
      /error\[CAB4013\]: 'odd' came out otherwise when it was built again: \d files differ\n/,
    );
    const [report] = checked.json() as readonly Checked[];
    const [check] = report?.check ?? [];
    assert.ok(check?.again !== undefined);
    const told = check.changes.map((change) => {
      const name = change.path.replace(/^sub\/.*/, 'sub/…');
      return `${change.change} ${name} ${change.firstDifference ?? ''}${change.onlyStorePaths ? 'only paths' : ''}`.trim();
    });
    const mentions = readFileSync(path.join(recorded, 'mentions'), 'utf8');
    assert.deepEqual(
      told
        .map((line) => line.replace(/(large|text) \d+$/, '$1 N').replace(/mentions \d+/, 'mentions N '))
        .toSorted(),
      [
        'added sub/…',
        'changed large N',
        'changed link',
        'changed mentions N only paths',
        'changed text N',
        'removed sub/…',
      ],
    );
    const large = check.changes.find((change) => change.path === 'large')?.firstDifference ?? 0;
    assert.ok(large >= 70_000 && large < 70_036, `${large}`);
    assert.match(check.patch, /^diff --git a\/text b\/text\n/);
    assert.match(check.patch, /^ line two\n-[0-9a-f-]{36}\n\+[0-9a-f-]{36}\n/m);
    assert.doesNotMatch(check.patch, /a\/mentions/);

    const second = /built again: (\/\S+)/.exec(checked.stderr)?.[1] ?? '';
    assert.notEqual(second, recorded);
    assert.equal(readdirSync(path.join(second, 'sub')).length, 1);
    assert.notEqual(readlinkSync(path.join(second, 'link')), readlinkSync(path.join(recorded, 'link')));
    assert.equal(readFileSync(path.join(recorded, 'mentions'), 'utf8'), mentions);

    const after = await rig.succeed('build', '--json', '--log-format=plain');
    assert.deepEqual(started(after.stderr), []);
    assert.equal((after.json() as readonly Checked[])[0]?.outputs['out']?.path, recorded);
    await assertStoreIsWhole(rig);
  });

  test('a build that refers to itself comes out the same, and so does each of several outputs', async (context) => {
    const rig = await withProject(
      context,
      `derivation {
  name = "own", builder = "/bin/sh",
  arguments = ["-euc", "mkdir $out $dev; echo $out > $out/path; ln -s $dev/x $dev/link; echo $dev > $dev/x"],
  outputs = ["out", "dev"], requiredRealizerFeatures = ["host-tools"],
}`,
    );
    const { stdout } = await rig.succeed('build', '--check');
    assert.equal(stdout, 'same     own, output dev\nsame     own\n');
    assert.match(readlinkSync(path.join(rig.project, 'result-dev', 'link')), /-own-dev\/x$/);
  });

  test('a build that fails the second time is an error, and what is recorded stays', async (context) => {
    const rig = await withProject(
      context,
      `${head}packages.run { name = "moody", script = "test ! -e /proc/self/fd/77 && echo > $out", }`,
    );
    await rig.succeed('build');
    // The machine's tools are not what they were: the program is the same, and finds no command to run.
    rig.environment['PATH'] = '/nonexistent';
    const { code, stderr } = await rig.cab('build', '--check');
    assert.equal(code, 1);
    assert.match(stderr, /error\[CAB4001\]/);
    delete rig.environment['PATH'];
    assert.deepEqual(started((await rig.succeed('build')).stderr), []);
  });
});
