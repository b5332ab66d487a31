import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { CabRig } from '../support/index.ts';
import { head, reasonToSkip, started, withProject } from './native-builds.ts';
import { assertStoreIsWhole, storyOf, withScenario } from './scenario.ts';

interface Info {
  readonly path: string;
  readonly references: readonly string[];
}

interface Built {
  readonly outputs: Readonly<Record<string, { readonly path: string }>>;
}

/** A chain in which each build sees only what comes out of the one before; the first has a word that leaves no trace. */
function chain(word: string, length: number): string {
  const links = Array.from({ length }, (_, index) => {
    const before = index === 0 ? '' : ` environment = { before = link${index - 1}, },`;
    const script = index === 0 ? `# ${word}\\necho same > $out` : `cat $before > $out; echo ${index} >> $out`;
    return `  link${index} = packages.run { name = "link${index}",${before} script = "${script}", },`;
  });
  return `${head}let\n${links.join('\n')}\nin link${length - 1}\n`;
}

test('a commit that changes no file fetches the tree at most, and rebuilds nothing', async (context) => {
  const { rig, firstCommit } = await withScenario(context);
  const before = await rig.succeed('build', '--json', '--log-format=plain');
  const git = (...words: readonly string[]): string =>
    execFileSync(
      'git',
      ['-C', rig.repositoryFolder('o/r'), '-c', 'user.name=t', '-c', 'user.email=t@t', ...words],
      {
        encoding: 'utf8',
      },
    ).trim();
  const commit = git('commit-tree', `${firstCommit}^{tree}`, '-p', firstCommit, '-m', 'Nothing');
  git('update-ref', 'refs/heads/main', commit);
  rig.server.reset();
  const after = await rig.succeed('build', '--json', '--log-format=plain', '--update');
  assert.match(after.stderr, /^moved\s+github:o\/r git:/m);
  assert.deepEqual(started(after.stderr), ['r'], 'only the fetch asks, and the build does not run');
  assert.ok(!storyOf(rig).includes('pack'), storyOf(rig).join());
  assert.deepEqual(after.json(), before.json());
});

/** A step that comes out otherwise each time, and two that build upon it. */
function unsteady(word: string): string {
  return `${head}let
  step = packages.run { name = "step", script = "cat /proc/sys/kernel/random/uuid > $out", },
  next = packages.run { name = "next", environment = { step, }, script = "cat $step > $out", },
in packages.run { name = "last", environment = { step, next, }, script = "cat $step $next > $out; echo ${word} >> $out", }`;
}

describe('what is built natively', { skip: reasonToSkip() }, () => {
  test('a dependency that comes out the same stops the wave, however long the chain behind it', async (context) => {
    const rig = await withProject(context, chain('one', 8));
    assert.equal(started((await rig.succeed('build')).stderr).length, 8);
    await rig.write({ 'default.cab': chain('two', 8) });
    const after = await rig.succeed('build');
    assert.deepEqual(started(after.stderr), ['link0']);
    await rig.write({ 'default.cab': chain('two', 8).replace('echo 4 >>', 'echo four >>') });
    const further = await rig.succeed('build');
    assert.deepEqual(started(further.stderr), ['link4', 'link5', 'link6', 'link7']);
  });

  const several = `let made = derivation {
  name = "made", builder = "/bin/sh",
  arguments = ["-euc", "mkdir $out $dev; echo lib > $out/lib; echo $out > $out/own; echo $out/lib > $dev/config; ln -s $out $dev/link; echo $doc > $dev/$(basename $doc); echo words > $doc"],
  outputs = ["out", "dev", "doc"], requiredRealizerFeatures = ["host-tools"],
}, in {
  default = made,
  user = derivation {
    name = "user", builder = "/bin/sh", arguments = ["-euc", "cat $(cat \\(made.dev)/config) > $out"],
    requiredRealizerFeatures = ["host-tools"],
  },
}`;

  test('an output may mention others of its build, which are where they are in the end', async (context) => {
    const rig = await withProject(context, several);
    const [built] = (await rig.succeed('build', '--json', '--log-format=plain')).json() as readonly Built[];
    const { out, dev, doc } = built?.outputs ?? {};
    assert.ok(out !== undefined && dev !== undefined && doc !== undefined);
    assert.equal(readFileSync(path.join(dev.path, 'config'), 'utf8'), `${seen(out)}/lib\n`);
    assert.equal(readlinkSync(path.join(dev.path, 'link')), seen(out));
    assert.equal(readFileSync(path.join(dev.path, path.basename(doc.path)), 'utf8'), `${seen(doc)}\n`);
    assert.equal(readFileSync(path.join(out.path, 'own'), 'utf8'), `${seen(out)}\n`);
    const infos = (
      await rig.succeed('store', 'path-info', '--json', 'result', 'result-dev', 'result-doc')
    ).json();
    assert.deepEqual(
      (infos as readonly Info[]).map(({ references }) => references),
      [[seen(out)], [seen(doc), seen(out)].toSorted(), []],
    );
    assert.deepEqual(started((await rig.succeed('build', '.#user')).stderr), ['user']);
    assert.equal(readFileSync(path.join(rig.project, 'result'), 'utf8'), 'lib\n');
    const checked = await rig.succeed('build', '--check');
    assert.equal(checked.stdout.match(/^same /gm)?.length, 3);
    await assertStoreIsWhole(rig);
  });

  test('of several outputs one that is lost comes back alone, as it was', async (context) => {
    const rig = await withProject(context, several);
    const first = await rig.succeed('build', '--json', '--log-format=plain');
    const [built] = first.json() as readonly Built[];
    const dev = built?.outputs['dev']?.path ?? '';
    rmSync(path.join(rig.project, 'result-dev'));
    await rig.succeed('store', 'gc');
    assert.equal(lstatSync(dev, { throwIfNoEntry: false }), undefined, 'it was collected');
    assert.ok(lstatSync(built?.outputs['out']?.path ?? '').isDirectory());
    const again = await rig.succeed('build', '--json', '--log-format=plain');
    assert.deepEqual(started(again.stderr), ['made']);
    assert.deepEqual(again.json(), first.json());
    assert.equal(readFileSync(path.join(dev, 'config'), 'utf8').endsWith('/lib\n'), true);
    await assertStoreIsWhole(rig);
  });

  test('outputs that mention each other in a circle are refused', async (context) => {
    const rig = await withProject(
      context,
      `derivation {
  name = "round", builder = "/bin/sh", arguments = ["-euc", "echo $dev > $out; echo $out > $dev"],
  outputs = ["out", "dev"], requiredRealizerFeatures = ["host-tools"],
}`,
    );
    const { code, stderr } = await rig.cab('build');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /error\[CAB4002\]: .*its outputs mention each other in a circle: 'dev' → 'out' → 'dev'/,
    );
  });

  test('a step that was collected, and comes out otherwise when it is made again, is used as it comes out', async (context) => {
    const rig = await withProject(context, unsteady('one'));
    await rig.succeed('build');
    await rig.succeed('store', 'gc');
    await rig.write({ 'default.cab': unsteady('two') });
    const { stderr } = await rig.succeed('build');
    assert.deepEqual(started(stderr).toSorted(), ['last', 'next', 'step']);
    const [first, second, word] = readFileSync(path.join(rig.project, 'result'), 'utf8').split('\n');
    assert.equal(first, second);
    assert.equal(word, 'two');
    assert.deepEqual(started((await rig.succeed('build')).stderr), []);
    await assertStoreIsWhole(rig);
  });

  test('closures hold what a search of all files for hash parts finds, and nothing else', async (context) => {
    const nodes = Array.from({ length: 12 }, (_, index) => {
      const inputs = [...new Set([index - 1, index - 3, index - 5, ...(index % 4 === 1 ? [0] : [])])];
      const there = inputs.filter((input) => input >= 0);
      // Of its inputs each mentions all but the first, one in four links to the very first node, and each mentions itself.
      const mentions = there.slice(1, 3).map((input) => `echo x$n${input}.y >> $out/deep/mentions; `);
      const link = index % 4 === 1 ? 'ln -s $n0 $out/deep/link; ' : '';
      const script = `mkdir -p $out/deep; ${link}${mentions.join('')}echo $out >> $out/deep/mentions`;
      const environment = there.map((input) => `n${input} = node${input},`).join(' ');
      return `  node${index} = packages.run { name = "node${index}", environment = { ${environment} }, script = "${script}", },`;
    });
    const rig = await withProject(context, `${head}let\n${nodes.join('\n')}\nin node11\n`);
    await rig.succeed('build');
    const closure = (
      await rig.succeed('store', 'path-info', '--closure', '--json')
    ).json() as readonly Info[];
    assert.ok(closure.length > 4, `${closure.length}`);
    const all = allOutputs(rig);
    for (const { path: output, references } of closure) {
      const real = path.join(rig.store, 'store', path.basename(output));
      const found = all.filter((name) => mentionsIn(real, name.slice(0, 52)));
      assert.deepEqual(references, found.map((name) => `/cab/store/${name}`).toSorted(), output);
    }
    const named = new Set(closure.map(({ path: output }) => output));
    for (const { references } of closure) for (const reference of references) assert.ok(named.has(reference));
    assert.ok(all.length > closure.length, 'some inputs are mentioned by nothing that is kept');
  });
});

/** The path at which builds see an output. */
function seen(output: { readonly path: string }): string {
  return `/cab/store/${path.basename(output.path)}`;
}

/** The names of all outputs that lie on disk. */
function allOutputs(rig: CabRig): readonly string[] {
  return readdirSync(path.join(rig.store, 'store'));
}

/** Whether a text is in any file, link or name of a tree: read as a whole, and searched byte by byte. */
function mentionsIn(place: string, text: string): boolean {
  const status = lstatSync(place);
  if (status.isSymbolicLink()) return readlinkSync(place).includes(text);
  if (!status.isDirectory()) return readFileSync(place, 'latin1').includes(text);
  return readdirSync(place).some((name) => name.includes(text) || mentionsIn(path.join(place, name), text));
}
