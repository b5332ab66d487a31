import assert from 'node:assert/strict';
import { lstat, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { after, before, describe } from 'node:test';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  base32Of,
  chooseSeed,
  type CabRig,
  makeCabRig,
  makeOddTree,
  otherBlake3,
  randomFrom,
  recompute,
  withCab,
} from '../support/index.ts';
import { assertDiagnostic } from './diagnostics.ts';
import { withScenario } from './scenario.ts';

/** Two versions of a library, and of a tool and an application that are built upon one of them. */
const projectText = `let
  packages = import <cab:packages> { system = "x86_64-linux", },
  lib = version => packages.writeText "lib-\\(version)" "library \\(version)\\n",
  tool = version => packages.substitute {
    name = "tool", source = <path:./tool>, values = { LIB = lib version, },
  },
  app = version => packages.substitute {
    name = "app-\\(version)", source = <path:./app>,
    values = { LIB = lib version, TOOL = tool version, VERSION = version, },
  },
in { default = app "1.0", next = app "1.1", data = toDerivation <path:./data>, }
`;

/** What is built is only looked at, so that one rig serves every test that does. */
async function buildApplications(rig: CabRig): Promise<void> {
  await rig.write({
    'default.cab': projectText,
    'tool/bin/run': '#!/bin/sh\nexec @LIB@\n',
    'app/bin/start': '#!/bin/sh\n# of app\nexec @TOOL@/bin/run\n',
    'app/lib': 'also @LIB@\n',
    'app/version': 'this is @VERSION@\n',
    'app/same': 'same\n',
  });
  await rig.succeed('build');
  await rig.succeed('build', '.#next', '--out-link', 'next');
}

async function output(rig: CabRig, ...args: string[]): Promise<string> {
  return (await rig.succeed('store', ...args)).stdout;
}

/** The hash parts of a text made short, as they differ from one version of the library's programs to the next. */
function withoutHashes(text: string): string {
  return text.replaceAll(/\b[a-z2-7]{52}\b/g, 'HASH');
}

interface Info {
  readonly path: string;
  readonly hash: string;
  readonly tree: string;
  readonly size: number;
  readonly references: readonly string[];
}

test('what a build left has the hashes that others compute', async (context) => {
  const { rig } = await withScenario(context);
  await rig.succeed('build');
  const result = await realpath(path.join(rig.project, 'result'));
  const [info] = (await rig.succeed('store', 'path-info', '--sha256', '--json')).json() as [
    Info & { readonly sha256: { readonly tree: object } },
  ];
  const expected = await recompute(result, otherBlake3);
  assert.equal(info.tree, expected.hash);
  assert.equal(info.hash, `cab:${base32Of(expected.hash)}`);
  const other = await recompute(result, (content) => Buffer.from(sha256(content)).toString('hex'));
  assert.deepEqual(info.sha256.tree, { sha256: other.hash, size: other.size });
  const text = await output(rig, 'path-info', '--sha256');
  assert.ok(text.includes(`\nsha256 tree ${other.hash}/${other.size}\n`), text);
});

test('cab store add gives random trees the hash that others compute', async (context) => {
  const rig = await withCab(context);
  const seed = chooseSeed();
  context.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  for (const count of [0, 2, 150]) {
    const folder = path.join(rig.folder, `tree-${count}`);
    await makeOddTree(folder, count, random);
    const added = (await rig.succeed('store', 'add', '--json', folder)).json() as { readonly hash: string };
    assert.equal(added.hash, `cab:${base32Of((await recompute(folder, otherBlake3)).hash)}`);
  }
});

test('cab store names its commands', async (context) => {
  const rig = await withCab(context);
  const listed = await output(rig);
  for (const name of ['path-info', 'ls', 'cat', 'why', 'diff', 'verify']) {
    assert.match(listed, new RegExp(`^  cab store ${name} +\\w`, 'm'));
  }
  assert.equal(await output(rig, '--help'), listed);
  assert.equal((await rig.succeed('help', 'store')).stdout, listed);
  await assertDiagnostic(rig, await rig.cab('store', 'path-inof'), {
    title: 'a command of the store that there is not',
    code: 'CAB6001',
    exitCode: 2,
  });
});

test('cab store cat prints bytes as they are, and says what is no file', async (context) => {
  const rig = await withCab(context);
  const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) % 256);
  await rig.write({
    'default.cab': '{ default = toDerivation <path:./data>, }',
    'data/inner/bytes': bytes,
    'data/text': 'text\n',
  });
  await rig.succeed('build');
  const running = rig.spawnCab('store', 'cat', 'result/inner/bytes', 'result/text');
  const printed: Buffer[] = [];
  running.process.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
  assert.equal((await running.ended).code, 0);
  assert.ok(Buffer.concat(printed).equals(Buffer.concat([bytes, Buffer.from('text\n')])));
  await assertDiagnostic(rig, await rig.cab('store', 'cat', 'result/text', 'result/inner'), {
    title: 'a path of the store that is no file',
    code: 'CAB6102',
  });
  await assertDiagnostic(rig, await rig.cab('store', 'cat', 'result/tex'), {
    title: 'a path that is not in an output',
    code: 'CAB6101',
  });
});

test('a reader that goes away ends cab store cat, which does not read on', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': '{ default = toDerivation <path:./data>, }',
    'data/first': Buffer.alloc(4 << 20, 'x'),
    'data/second': 'second',
  });
  await rig.succeed('build');
  const [entry] = (await rig.succeed('store', 'ls', '--json', 'result/second')).json() as [
    { digest: string },
  ];
  await rm(path.join(rig.store, 'blobs', entry.digest.slice(0, 2), entry.digest));
  const words = ['store', 'cat', 'result/first', 'result/second'];
  // Who reads to the end learns that the second is lost; who goes away does not.
  assert.match((await rig.cab(...words)).stderr, /CAB5004/);
  const running = rig.spawnCab(...words);
  running.process.stdout?.once('data', () => running.process.stdout?.destroy());
  const { code, stderr } = await running.ended;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
});

test('cab store diff tells modes, links, what came and what went', async (context) => {
  const rig = await withCab(context);
  await rig.write({
    'default.cab': '{ one = toDerivation <path:./one>, two = toDerivation <path:./two>, }',
    'one/gone/file': 'x'.repeat(3000),
    'one/grown': 'a',
    'one/mode': 'mode',
    'two/come': 'new',
    'two/grown': 'a'.repeat(2000),
  });
  await writeFile(path.join(rig.project, 'two/mode'), 'mode', { mode: 0o755 });
  assert.equal((await lstat(path.join(rig.project, 'two/mode'))).mode & 0o100, 0o100);
  await rig.succeed('build', '.#one', '--out-link', 'before');
  await rig.succeed('build', '.#two', '--out-link', 'after');
  assert.equal(
    await output(rig, 'diff', 'before', 'after'),
    `added    3 B                       come
removed  2.9 KiB                   gone/file
changed  1 B → 2.0 KiB (+2.0 KiB)  grown
changed  now executable            mode
1 added, 1 removed, 2 changed: -998 B
`,
  );
});

describe('two versions of an application', () => {
  let rig: CabRig;
  before(async () => {
    rig = await makeCabRig();
    await buildApplications(rig);
  });
  after(() => rig.dispose());

  test('a single file is told by the SHA-256 that sha256sum prints, too', async () => {
    const text = await output(rig, 'path-info', '--sha256', 'lib-1.0');
    const expected = Buffer.from(sha256(Buffer.from('library 1.0\n'))).toString('hex');
    assert.ok(text.includes(`\nsha256 file ${expected}/12\n`), text);
  });

  test('path-info tells sizes of outputs, of closures and on disk', async () => {
    const infos = (
      await rig.succeed('store', 'path-info', '--size', '--closure', '--json')
    ).json() as readonly (Info & {
      readonly closureSize: number;
      readonly closureOutputs: number;
      readonly onDisk: number;
    })[];
    assert.deepEqual(
      infos.map((info) => info.path),
      infos.map((info) => info.path).toSorted(),
    );
    const app = infos.find((info) => info.path.endsWith('-app-1.0')) ?? assert.fail();
    const sum = infos.reduce((bytes, { size }) => bytes + size, 0);
    assert.deepEqual([app.closureSize, app.closureOutputs, app.onDisk], [sum, 3, sum]);
    const table = withoutHashes(await output(rig, 'path-info', '--size', '--closure', 'result', 'next'));
    const lines = table.trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^ *size +closure +on disk +path$/);
    assert.match(lines[1] ?? '', /^ *\d+ B +\d+ B +\d+ B {2}HASH-app-1\.\d$/);
    // What both applications have alike is on disk once.
    const [, closure, onDisk] = /(\d+) B +(\d+) B +all together: 6 outputs$/.exec(lines.at(-1) ?? '') ?? [];
    assert.equal(Number(closure) - Number(onDisk), 'same\n'.length, table);
  });

  test('a path is named by link, by place, by the beginning of its hash, by name', async () => {
    const [info] = (await rig.succeed('store', 'path-info', '--json')).json() as [Info];
    const entry = info.path.slice('/cab/store/'.length);
    const hash = info.hash.slice('cab:'.length);
    const onDisk = path.join(rig.store, 'store', entry);
    for (const word of [
      'result',
      './result',
      info.path,
      entry,
      onDisk,
      info.hash,
      hash,
      hash.slice(0, 6),
      'app-1.0',
    ]) {
      assert.equal(await output(rig, 'cat', `${word}/version`), 'this is 1.0\n', word);
    }
    await assertDiagnostic(rig, await rig.cab('store', 'ls', 'lib'), {
      title: 'a word that several paths of the store fit',
      code: 'CAB5030',
    });
    await assertDiagnostic(rig, await rig.cab('store', 'path-info', 'ap-1.0', 'result', './nothing'), {
      title: 'a path that the store has not',
      code: 'CAB5004',
    });
    const other = `${hash.slice(1)}a-app-1.0`.replace(/^./, 'a');
    await assertDiagnostic(rig, await rig.cab('store', 'path-info', `/cab/store/${other}`), {
      title: 'a path that the store has with another hash',
      code: 'CAB5004',
    });
  });

  test('cab store ls lists outputs, whether or not they are on disk', async () => {
    assert.equal(await output(rig, 'ls'), 'bin/\nlib\nsame\nversion\n');
    assert.equal(await output(rig, 'ls', 'result/bin'), 'start\n');
    const [start, lib] = await Promise.all(
      ['bin/start', 'lib'].map(
        async (name) => (await readFile(path.join(rig.project, 'result', name))).length,
      ),
    );
    const long = [
      `directory     -  bin/`,
      `file       ${String(start).padStart(4)}  bin/start`,
      `file       ${String(lib).padStart(4)}  lib`,
      `file          5  same`,
      `file         12  version`,
    ];
    assert.equal(await output(rig, 'ls', '-lr'), `${long.join('\n')}\n`);
    assert.equal(await output(rig, 'ls', 'lib-1.0'), 'lib-1.0\n');
    const [entry] = (await rig.succeed('store', 'ls', '--json', 'result/same')).json() as [object];
    const digest = otherBlake3(Buffer.from('same\n'));
    assert.deepEqual(entry, { path: 'same', kind: 'file', digest, executable: false, size: 5 });
  });

  test('cab store why shows the shortest chain, or all, and what mentions what', async () => {
    const shortest = withoutHashes(await output(rig, 'why', 'result', 'lib'));
    assert.equal(
      shortest,
      `/cab/store/HASH-app-1.0
    /lib, line 1: also /cab/store/HASH-lib-1.0
  → /cab/store/HASH-lib-1.0
`,
    );
    const all = withoutHashes(await output(rig, 'why', '--all', 'result', 'lib'));
    assert.ok(
      all.includes(`    /bin/start, line 3: exec /cab/store/HASH-tool/bin/run
  → /cab/store/HASH-tool
      /bin/run, line 2: exec /cab/store/HASH-lib-1.0
    → /cab/store/HASH-lib-1.0
`),
      all,
    );
    const json = (await rig.succeed('store', 'why', '--json', 'result', 'tool')).json() as {
      readonly length: number;
      readonly steps: readonly {
        readonly mentions: readonly { readonly path: string; readonly offset: number }[];
      }[];
    };
    assert.equal(json.length, 1);
    assert.deepEqual(
      json.steps.map(({ mentions }) => mentions.map((mention) => [mention.path, mention.offset])),
      [[['/bin/start', '#!/bin/sh\n# of app\nexec /cab/store/'.length]]],
    );
    await assertDiagnostic(rig, await rig.cab('store', 'why', 'result', 'lib-1.1'), {
      title: 'an output that does not depend on another',
      code: 'CAB5031',
    });
    await assertDiagnostic(rig, await rig.cab('store', 'why', 'result', 'libb'), {
      title: 'a dependency that the store has not',
      code: 'CAB5004',
    });
  });

  test('cab store diff shows files, sizes and packages, and what differs only in store paths', async () => {
    const text = withoutHashes(await output(rig, 'diff', 'result', 'next'));
    assert.equal(
      text,
      `files
changed  only in store paths  bin/start
changed  only in store paths  lib
changed  12 B, as before      version
1 changed, 2 only in store paths: 0 B

closure
changed  app   1.0 → 1.1            0 B
changed  lib   1.0 → 1.1            0 B
changed  tool  only in store paths  0 B
3 outputs of 294 B → 3 outputs of 294 B: 0 B
`,
    );
    assert.equal(
      await output(rig, 'diff', 'result', 'result'),
      'files\nno file is different\n\nclosure\n3 outputs of 294 B → 3 outputs of 294 B: 0 B\n',
    );
    assert.equal(await output(rig, 'diff', '--tree', 'result/same', 'next/same'), 'no file is different\n');
    const patch = await output(rig, 'diff', '--patch', 'result/version', 'next/version');
    assert.ok(patch.endsWith('@@ -1 +1 @@\n-this is 1.0\n+this is 1.1\n'), patch);
    const json = (await rig.succeed('store', 'diff', '--json', '--closure', 'result', 'next')).json() as {
      readonly files?: object;
      readonly closure: { readonly packages: readonly { readonly name: string; readonly growth: number }[] };
    };
    assert.equal(json.files, undefined);
    assert.deepEqual(
      json.closure.packages.map(({ name }) => name),
      ['app', 'lib', 'tool'],
    );
    const both = await rig.cab('store', 'diff', '--tree', '--closure', 'result', 'next');
    assert.equal(both.code, 2);
  });
});
