import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { head, reasonToSkip, started, system, withProject } from './native-builds.ts';
import { build, hashOf, type BuildReport } from './scenario.ts';

/** A derivation that is fixed, by its own script unless said otherwise. */
function fixing(script: string, fix = '"self"'): string {
  return `derivation {
  name = "fixing",
  builder = "/bin/sh",
  arguments = ["-euc", "${script}"],
  requiredRealizerFeatures = ["${system}", "host-tools"],
  fix = ${fix},
}`;
}

/** Two builds, the second of which sees of the first only what comes out. */
function commented(comment: string): string {
  return `${head}let
  first = packages.run { name = "first", script = "# ${comment}\\necho same > $out", },
in packages.run { name = "second", environment = { first, }, script = "cat $first > $out", }`;
}

describe('native builds', { skip: reasonToSkip() }, () => {
  test('packages.run builds with the machine’s own tools, writeText and writeScript without any', async (context) => {
    const rig = await withProject(
      context,
      `${head}{
  text = packages.writeText "notes.txt" "one\\n",
  script = packages.writeScript "hello" "#!/bin/sh\\necho hello\\n",
  default = packages.run {
    name = "joined",
    environment = { text = self.text, script = self.script, },
    script = "mkdir $out; cat $text > $out/text; $script > $out/said; ln -s $script $out/script",
  },
}`.replace('{\n  text', 'self @ {\n  text'),
    );
    await build(rig);
    const result = path.join(rig.project, 'result');
    assert.equal(await readFile(path.join(result, 'text'), 'utf8'), 'one\n');
    assert.equal(await readFile(path.join(result, 'said'), 'utf8'), 'hello\n');
    assert.equal((await lstat(path.join(result, 'script'))).isSymbolicLink(), true);
    const closure = await rig.succeed('store', 'path-info', '--closure', '--json');
    const names = (closure.json() as { path: string }[]).map((entry) => entry.path.replace(/^.*?-/, ''));
    assert.deepEqual(names.toSorted(), ['hello', 'joined']);
  });

  test('a derivation that comes out as before stops the wave: what depends on it is not built again', async (context) => {
    const rig = await withProject(context, commented('one'));
    const before = await rig.succeed('build');
    assert.deepEqual(started(before.stderr), ['first', 'second']);
    await rig.write({ 'default.cab': commented('two') });
    const after = await rig.succeed('build');
    assert.deepEqual(started(after.stderr), ['first']);
  });

  test('several outputs are placed and linked each by its own', async (context) => {
    const rig = await withProject(
      context,
      `let made = derivation {
  name = "both",
  builder = "/bin/sh",
  arguments = ["-euc", "echo one > $out; echo two > $dev"],
  outputs = ["out", "dev"],
  requiredRealizerFeatures = ["${system}", "host-tools"],
}, in { default = made, dependent = derivation {
  name = "dependent",
  builder = "/bin/sh",
  arguments = ["-euc", "cat \\(made.dev) > $out"],
  requiredRealizerFeatures = ["${system}", "host-tools"],
} }`,
    );
    await build(rig);
    assert.equal(await readFile(path.join(rig.project, 'result'), 'utf8'), 'one\n');
    assert.equal(await readFile(path.join(rig.project, 'result-dev'), 'utf8'), 'two\n');
    await build(rig, '.#dependent');
    assert.equal(await readFile(path.join(rig.project, 'result'), 'utf8'), 'two\n');
  });

  test('a native program fixes itself through a FIFO, and is ended when what it claims is known', async (context) => {
    const rig = await withProject(
      context,
      fixing('test -p fix; echo revision:1 > fix; echo first step; echo made > $out; echo content:2 > fix'),
    );
    const first = await rig.succeed('build', '--json', '--log-format=plain');
    assert.match(first.stderr, /claim\s+fixing revision:1\n/);
    const lock = (await rig.lock()) as unknown as { derivations: Record<string, Record<string, string>> };
    const [[key, pins] = []] = Object.entries(lock.derivations);
    assert.match(key ?? '', /^fixing@[a-z2-7]{52}$/);
    assert.equal(pins?.['revision'], '1');
    assert.equal(pins?.['content'], '2');
    assert.equal(`cab:${pins?.['cab']}`, hashOf((first.json() as BuildReport[])[0] as BuildReport));

    const again = await rig.succeed('build');
    assert.deepEqual(started(again.stderr), []);

    const asked = await rig.succeed('build', '--update');
    assert.match(asked.stderr, /claim\s+fixing revision:1 \(known\)/);
    assert.doesNotMatch(asked.stderr, /content:2|failed/);
  });

  test('a pinned program finds its pins, and one that contradicts them is an error that names both', async (context) => {
    const script =
      'echo \\"pins: $(cat pins 2>/dev/null || echo $CAB_PINS)\\"; echo revision:1 > fix; echo made > $out';
    const rig = await withProject(context, fixing(script));
    await rig.succeed('build');
    const [[key] = []] = Object.entries(
      ((await rig.lock()) as unknown as { derivations: Record<string, object> }).derivations,
    );
    const pinned = { version: 1, islands: {}, derivations: { [key ?? '']: { revision: '7' } } };
    await rig.write({ 'cab.lock': JSON.stringify(pinned) });
    const refused = await rig.cab('build');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /pins: revision:7/);
    assert.match(
      refused.stderr,
      /error\[CAB3103\]: 'fixing' is pinned to revision:7, but its origin now has revision:1/,
    );
  });

  test('a program that makes claims without end is ended with an error, and nothing is recorded', async (context) => {
    const script = 'i=0; while true; do i=$((i + 1)); echo claim:$i; done > fix';
    const rig = await withProject(context, fixing(script));
    const { code, stderr } = await rig.cab('build', '--log-format', 'json');
    assert.equal(code, 1);
    assert.match(stderr, /CAB4011/);
    assert.equal(await rig.lock(), undefined);
  });

  test('what its author fixed by a format of his own is accepted when the program claims just that', async (context) => {
    const script = 'echo revision:1 > fix; echo made > $out';
    const rig = await withProject(context, fixing(script, '{ revision = "1", }'));
    await build(rig);
    assert.equal(await rig.lock(), undefined);
    await rig.write({ 'default.cab': fixing(script, '{ revision = "2", }') });
    const contradicted = await rig.cab('build');
    assert.match(
      contradicted.stderr,
      /error\[CAB4004\]: 'fixing' is fixed to revision:2, but its origin now has revision:1/,
    );
    await rig.write({ 'default.cab': fixing(script, '{ edition = "1", }') });
    const unclaimed = await rig.cab('build');
    assert.match(
      unclaimed.stderr,
      /error\[CAB4004\]: 'fixing' is fixed by its 'edition', but its builder made no claim/,
    );
  });

  test('what its author fixed by several formats has to be claimed in each of them', async (context) => {
    const script = 'echo revision:1 > fix; echo made > $out';
    const rig = await withProject(context, fixing(script, '{ revision = "1", }'));
    await build(rig);
    await rig.write({ 'default.cab': fixing(script, '{ revision = "1", edition = "2", }') });
    const { code, stderr } = await rig.cab('build');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /error\[CAB4004\]: 'fixing' is fixed by its 'edition', but its builder made no claim/,
    );
  });

  test('an output that its author fixed to another hash is an error that prints both, and the right one builds', async (context) => {
    const wrong = 'a'.repeat(52);
    const rig = await withProject(context, fixing('echo made > $out', `{ cab = "${wrong}", }`));
    const refused = await rig.cab('build');
    assert.equal(refused.code, 1);
    const actual = /came out as cab:([a-z2-7]{52})/.exec(refused.stderr)?.[1];
    assert.ok(actual !== undefined && refused.stderr.includes(`fixed to cab:${wrong}`), refused.stderr);
    await rig.write({ 'default.cab': fixing('echo made > $out', `{ cab = "${actual}", }`) });
    assert.equal(hashOf(await build(rig)), `cab:${actual}`);
  });

  test('the sentence of the mission builds against a git server', async (context) => {
    const toolchain = spawnSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' });
    if (toolchain.status !== 0) return context.skip('there is no Rust on this machine');
    if (spawnSync('cargo', ['--version']).status !== 0)
      return context.skip('there is Rust here, but no cargo');
    const rig = await withProject(
      context,
      `let packages = import <cab:packages> { system = "${system}", }, in
packages.cargoBuild { name = "cab", source = <github:cull-os/cab>, check = true, }`,
    );
    // The rig's person has a home of its own, and rustup looks for its toolchains in the home of whoever calls.
    rig.environment['RUSTUP_HOME'] =
      process.env['RUSTUP_HOME'] ?? path.join(process.env['HOME'] ?? '', '.rustup');
    const repository = await rig.repository('cull-os/cab');
    await repository
      .write({
        'Cargo.toml': '[package]\nname = "cab"\nversion = "0.1.0"\nedition = "2021"\n',
        'Cargo.lock': 'version = 3\n\n[[package]]\nname = "cab"\nversion = "0.1.0"\n',
        'src/main.rs':
          'fn main() { println!("built from an island"); }\n#[test]\nfn works() { assert_eq!(1 + 1, 2); }\n',
      })
      .commit('First');
    const first = await rig.succeed('build', '--json', '--log-format=plain');
    assert.match(first.stderr, /test works \.\.\. ok/);
    const program = path.join(rig.project, 'result', 'bin', 'cab');
    assert.equal(execFileSync(program, { encoding: 'utf8' }), 'built from an island\n');
    rig.server.reset();
    const again = await rig.succeed('build', '--json', '--log-format=plain');
    assert.deepEqual(again.json(), first.json());
    assert.deepEqual(rig.server.requests, []);
    assert.deepEqual(started(again.stderr), []);
  });
});

test('where there is no sandbox, the error says which features are missing and what to install', async (context) => {
  const rig = await withProject(context, `${head}packages.run { name = "x", script = "echo > $out", }`);
  rig.environment['PATH'] = '/nonexistent';
  const { code, stderr } = await rig.cab('build');
  assert.equal(code, 1, stderr);
  assert.match(stderr, /error\[CAB4001\]: no realizer offers what 'x' requires: 'host-tools'/);
  assert.match(stderr, /the realizer 'embedded' offers 'wasm', and lacks/);
  assert.match(stderr, /hint: .*bubblewrap/);
});
