import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { CabRig } from '../support/index.ts';
import { keptDamage } from './damage.ts';
import { head, reasonToSkip, started, withProject } from './native-builds.ts';
import { assertStoreIsWhole, withScenario } from './scenario.ts';

/** Writes to a file of a result as a user does who may, and makes nothing of its mode. */
function writeThrough(rig: CabRig, inner: string, text = 'mine\n'): void {
  const file = realpathSync(path.join(rig.project, 'result', inner));
  chmodSync(file, 0o644);
  appendFileSync(file, text);
}

test('a result that was written to is put right by the next build, and nobody is given what was written', async (context) => {
  const { rig } = await withScenario(context);
  await rig.succeed('build');
  writeThrough(rig, 'greeting.txt');
  const { stderr } = await rig.succeed('build');
  assert.match(stderr, /warning\[CAB5010\]: a file of the store was written to/);
  assert.match(stderr, /hint: it was put right/);
  assert.deepEqual(started(stderr), ['greeting']);
  assert.equal(readFileSync(path.join(rig.project, 'result', 'greeting.txt'), 'utf8'), 'hello world\n');
  await assertStoreIsWhole(rig);
  assert.equal(keptDamage(rig).length, 1, 'what was written is kept');
  assert.deepEqual(started((await rig.succeed('build')).stderr), []);
});

test('a file that was only touched is hashed once, and is as good as before', async (context) => {
  const { rig } = await withScenario(context);
  await rig.succeed('build');
  const file = realpathSync(path.join(rig.project, 'result', 'greeting.txt'));
  writeThrough(rig, 'greeting.txt', '');
  utimesSync(file, 5, 5);
  const { stderr } = await rig.succeed('build');
  assert.doesNotMatch(stderr, /error/);
  assert.equal(statSync(file).mtimeMs, 1000);
  assert.deepEqual(keptDamage(rig), []);
});

test('where nothing can be put right, the run ends with what happened, and the way out', async (context) => {
  const { rig } = await withScenario(context);
  await rig.succeed('build', '.#source');
  writeThrough(rig, 'greeting.txt');
  renameSync(rig.repositoryFolder('o/r'), path.join(rig.folder, 'away'));
  const { code, stderr } = await rig.cab('build', '.#source');
  assert.equal(code, 1);
  assert.match(stderr, /error\[CAB5010\]: a file of the store was written to/);
  assert.match(stderr, /hint: run 'cab store verify --repair'/);
  const repaired = await rig.cab('store', 'verify', '--repair');
  assert.equal(repaired.code, 1);
  assert.match(repaired.stdout, /^taken-out: /m);
  await assertStoreIsWhole(rig);
});

test('a WASM build whose input was written to gets what it should be', async (context) => {
  const { rig } = await withScenario(context);
  await rig.succeed('build', '.#source');
  writeThrough(rig, 'greeting.txt', 'and @WHO@ else\n');
  const { stderr } = await rig.succeed('build');
  assert.match(stderr, /warning\[CAB5010\]/);
  assert.equal(readFileSync(path.join(rig.project, 'result', 'greeting.txt'), 'utf8'), 'hello world\n');
  await assertStoreIsWhole(rig);
});

/** A build with an input that is a build too. */
function project(script: string): string {
  return `${head}let
  input = packages.run { name = "input", script = "mkdir -p $out/sub; echo pure > $out/sub/file; echo x > $out/more", },
in { input = input, default = packages.run { name = "user", environment = { input = input, }, script = "${script}", } }`;
}

describe('native builds beside somebody who writes', { skip: reasonToSkip() }, () => {
  test('an input that was written to is made again before it is used', async (context) => {
    const rig = await withProject(context, project('cat $input/sub/file > $out'));
    await rig.succeed('build', '.#input');
    writeThrough(rig, 'sub/file');
    const { stderr } = await rig.succeed('build');
    assert.match(stderr, /warning\[CAB5010\]/);
    assert.deepEqual(started(stderr), ['user', 'input', 'user']);
    assert.equal(readFileSync(path.join(rig.project, 'result'), 'utf8'), 'pure\n');
    await assertStoreIsWhole(rig);
  });

  test('a build cannot write to its inputs, whichever way it tries', async (context) => {
    const ways = [
      'echo bad > $input/sub/file',
      'echo bad >> $input/sub/file',
      ': > $input/sub/file',
      'truncate -s 1 $input/sub/file',
      'chmod 777 $input/sub/file',
      'chmod 777 $input',
      'touch $input/sub/file',
      'touch $input/new',
      'rm -f $input/sub/file',
      'mv $input/sub/file $input/sub/other',
      'mv $input /build/away',
      'ln $input/sub/file /build/hard && echo bad > /build/hard',
      'ln $input/sub/file $TMPDIR/hard && echo bad > $TMPDIR/hard',
      'ln -s $input/sub/file /build/soft && echo bad > /build/soft',
      'exec 7< $input/sub/file; echo bad > /proc/self/fd/7',
      'exec 8< $input/sub; echo bad > /proc/self/fd/8/file',
      'echo bad > /proc/self/root$input/sub/file',
      'dd if=/dev/zero of=$input/sub/file count=1 conv=notrunc',
      'mount -o remount,rw $input',
      'unshare -rm sh -c "mount -o remount,rw,bind $input"',
      'unshare -rm sh -c "mount -o remount,rw,bind $input && echo bad > $input/sub/file"',
      'unshare -rm sh -c "echo bad > $input/sub/file"',
      'unshare -rm sh -c "umount $input && echo bad > $input/sub/file"',
      'unshare -rm sh -c "mkdir /build/m && mount --bind $input /build/m && echo bad > /build/m/sub/file"',
      'unshare -rm sh -c "mount -o rw --bind $input $input && echo bad > $input/sub/file"',
      'unshare -r chmod 666 $input/sub/file',
      'unshare -r chown 0 $input/sub/file',
    ];
    const script = [
      ...ways.map((way, index) => `if (${way}) 2>/dev/null; then echo "way ${index} was open"; fi`),
      'grep -qx pure $input/sub/file',
      'unshare -r id -u > /dev/null 2>&1 && echo "root in a namespace of its own" || echo "no further namespace"',
      `echo "${ways.length} ways as $(id -u)"`,
      'echo done > $out',
    ].join('\n');
    const rig = await withProject(
      context,
      project('sh -eu ${tries}')
        .replace('environment = { input = input, }', 'environment = { input = input, tries = ./tries.sh, }')
        .replace('${tries}', '$tries'),
    );
    await rig.write({ 'tries.sh': script });
    const { stderr } = await rig.succeed('build');
    assert.doesNotMatch(stderr, /was open/);
    assert.match(stderr, new RegExp(`${ways.length} ways as`));
    context.diagnostic(`${ways.length} ways tried, ${/(root|no further) .*/.exec(stderr)?.[0]}`);
    await assertStoreIsWhole(rig);
  });
});
