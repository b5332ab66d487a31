import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import test from 'node:test';
import { chooseSeed, git, makeLarge, withCab, type CabRig, type Repository } from '../support/index.ts';
import { assertDiagnostic } from './diagnostics.ts';
import { assertStoreIsWhole, build, hashOf, isPackRequest, storyOf, withScenario } from './scenario.ts';

/** What one file of a large repository may cost: its way is a few trees of a few kilobytes. */
const oneFileLimitBytes = 64 * 1024;

async function evaluate(rig: CabRig, expression: string, ...args: string[]): Promise<unknown> {
  const result = await rig.succeed('eval', '--json', '--expression', expression, ...args);
  return result.json();
}

test('one file of a large repository costs kilobytes and four requests, the next one of its folder one, and no file twice', async (context) => {
  const rig = await withCab(context);
  const folder = rig.repositoryFolder('o/large');
  await makeLarge(folder, {
    files: 100_000,
    bytes: 4_000_000,
    seed: chooseSeed(),
    report: (line) => context.diagnostic(line),
  });
  const read = (name: string): Promise<unknown> =>
    evaluate(rig, `readFile <github:o/large>/part-1/section-1/${name}`);
  // Files of this folder: 1 modulo 23, 1 modulo 41, and not 0 modulo 7.
  const text = await read('file-1.txt');
  assert.ok(typeof text === 'string' && text.length > 0);
  assert.ok(rig.server.requests.length <= 4, storyOf(rig).join(' '));
  assert.ok(rig.server.bytes < oneFileLimitBytes, `${rig.server.bytes} bytes`);
  context.diagnostic(`first file: ${rig.server.requests.length} requests, ${rig.server.bytes} bytes`);
  assert.deepEqual(Object.keys((await rig.lock())?.islands['github:o/large'] ?? {}), ['git']);
  rig.server.reset();
  await read(`file-${1 + 23 * 41}.txt`);
  assert.equal(rig.server.requests.length, 1, storyOf(rig).join(' '));
  rig.server.reset();
  assert.equal(await read('file-1.txt'), text);
  assert.equal(await evaluate(rig, 'pathExists <github:o/large>/part-1/section-1/no-such-file'), false);
  assert.deepEqual(storyOf(rig), []);
});

test('a read pins the commit alone; a build completes the block, and is read from afterwards', async (context) => {
  const { rig, firstCommit } = await withScenario(context);
  assert.equal(await evaluate(rig, 'readFile <github:o/r>/greeting.txt'), 'hello @WHO@\n');
  assert.deepEqual((await rig.lock())?.islands['github:o/r'], { git: firstCommit });
  rig.server.reset();
  const whole = await build(rig, '.#source');
  assert.equal(rig.server.fetches.length, rig.server.requests.length, storyOf(rig).join(' '));
  const block = (await rig.lock())?.islands['github:o/r'] ?? {};
  assert.deepEqual(Object.keys(block), ['cab', 'git', 'git-tree']);
  assert.equal(`cab:${block['cab']}`, hashOf(whole));
  rig.server.reset();
  assert.equal(await evaluate(rig, 'readFile <github:o/r>/docs/page.md'), '# A page\n');
  assert.deepEqual(storyOf(rig), []);
  await rig.deleteLock();
  assert.equal(await evaluate(rig, 'readFile <github:o/r>/bin/run'), '#!/bin/sh\necho @WHO@\n');
  assert.deepEqual((await rig.lock())?.islands['github:o/r'], { git: firstCommit });
  assert.deepEqual(await build(rig, '.#source', '--offline'), whole);
  assert.deepEqual((await rig.lock())?.islands['github:o/r'], block);
  assert.deepEqual(storyOf(rig), ['refs']);
  await assertStoreIsWhole(rig);
});

test('an import costs three requests, and what it reads through links and folders comes with what is there', async (context) => {
  const { rig, repository } = await withScenario(context);
  const commit = await repository
    .write({
      'default.cab':
        '{ text = readFile ./docs/through/file, names = readDirectory ./docs, kind = pathExists ./latest/x }',
      'docs/through': { symlink: '../far/away' },
      'far/away/file': 'found\n',
    })
    .commit();
  assert.deepEqual(await evaluate(rig, '(import <github:o/r>).names'), {
    'page.md': 'file',
    through: 'symlink',
  });
  assert.deepEqual(storyOf(rig).length, 3, storyOf(rig).join(' '));
  assert.deepEqual(await evaluate(rig, 'let all = import <github:o/r>, in [all.text, all.kind]'), [
    'found\n',
    false,
  ]);
  const packs = rig.server.requests.filter(isPackRequest);
  assert.ok(!packs.some(({ wants = [] }) => wants.includes(commit)), 'the whole tree was asked for');
});

test('a hundred islands that one expression reads are asked for at the same time', async (context) => {
  const { rig } = await withScenario(context);
  const names = Array.from({ length: 100 }, (_, index) => `o/r${index}`);
  for (const name of names) await symlink(rig.repositoryFolder('o/r'), rig.repositoryFolder(name));
  // No one is answered before every one has asked.
  const holds = names.map((name) =>
    rig.server.fault({ kind: 'hold', match: (request) => request.path.startsWith(`/${name}.git/`) }),
  );
  const files = names.map((name) => `<github:${name}>/greeting.txt`);
  const evaluation = evaluate(
    rig,
    `join "" (map readFile [${files.slice(0, 40).join(', ')}])
      + foldLeft (text => file => text + readFile file) "" [${files.slice(40, 70).join(', ')}]
      + join "" (map readFile (filter (file => readFile file != "") [${files.slice(70).join(', ')}]))`,
  );
  await Promise.all(holds.map((hold) => hold.waitForStrike()));
  for (const hold of holds) hold.release();
  assert.equal(await evaluation, 'hello @WHO@\n'.repeat(100));
  assert.equal(Object.keys((await rig.lock())?.islands ?? {}).length, 100);
});

const readingProject = `let text = readFile <github:o/r>/greeting.txt, in {
  default = derivation {
    name = "read",
    builder = <cab:programs>/text.wasm,
    arguments = ["write", "0"],
    environment = { text = "\\(text) \\(<github:o/r>)" },
    requiredRealizerFeatures = ["wasm"],
  },
}
`;

test('a read and a build of the same island ask for its ref once, and tell of it once', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  await rig.write({ 'default.cab': readingProject });
  const first = await rig.succeed('build');
  assert.equal(storyOf(rig).filter((each) => each === 'refs').length, 1, storyOf(rig).join(' '));
  assert.equal(linesOf(first.stderr, 'pinned').length, 1, first.stderr);
  rig.server.reset();
  const second = await rig.succeed('build', '--update');
  assert.deepEqual(storyOf(rig), ['refs']);
  assert.equal(linesOf(second.stderr, 'same').length, 1, second.stderr);
  const commit = await repository.write({ 'greeting.txt': 'good morning\n' }).commit();
  rig.server.reset();
  const third = await rig.succeed('build', '--update');
  assert.equal(storyOf(rig).filter((each) => each === 'refs').length, 1, storyOf(rig).join(' '));
  const [moved = '', ...more] = linesOf(third.stderr, 'moved');
  assert.deepEqual(more, []);
  assert.ok(moved.includes(firstCommit.slice(0, 12)) && moved.includes(commit.slice(0, 12)), moved);
  assert.deepEqual(Object.keys((await rig.lock())?.islands['github:o/r'] ?? {}), ['cab', 'git', 'git-tree']);
});

function linesOf(text: string, word: string): readonly string[] {
  return text.split('\n').filter((line) => line.startsWith(`${word} `));
}

test('an update of what is only read asks for the ref, and for what moved', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  await rig.write({ 'default.cab': '{ text = readFile <github:o/r>/greeting.txt }' });
  await rig.succeed('update');
  rig.server.reset();
  await rig.succeed('update');
  assert.deepEqual(storyOf(rig), ['refs']);
  assert.deepEqual((await rig.lock())?.islands['github:o/r'], { git: firstCommit });
  const commit = await repository.write({ 'greeting.txt': 'good morning\n' }).commit();
  rig.server.reset();
  await rig.succeed('update');
  assert.deepEqual((await rig.lock())?.islands['github:o/r'], { git: commit });
  assert.equal((await rig.succeed('eval', '.#text', '--offline')).stdout, '"good morning\\n"\n');
});

test('an origin that gives no parts is read as a whole, and a word is said of it', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/plain', { allowFilter: false });
  await repository.write({ file: 'text\n' }).commit();
  const result = await rig.succeed('eval', '--expression', 'readFile <github:o/plain>/file');
  assert.equal(result.stdout, '"text\\n"\n');
  assert.match(result.stderr, /^whole {4}github:o\/plain: its origin gives no parts of it$/m);
  await rig.write({ 'other/file': 'text\n', 'other/more': '' });
  const other = await rig.succeed('diff', 'github:o/plain', './other');
  assert.equal(other.stdout, 'added    more\n');
  await rig.deleteStore();
  await rig.deleteLock();
  assert.equal((await rig.succeed('diff', 'github:o/plain', './other')).stdout, 'added    more\n');
  assert.equal(await evaluate(rig, 'readFile <github:o/plain>/file'), 'text\n');
  rig.server.reset();
  assert.equal(await evaluate(rig, 'readFile <github:o/plain>/file'), 'text\n');
  assert.deepEqual(storyOf(rig), []);
});

test('what a tree’s own lock pins is read as pinned, though its origin has moved', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  const lock = JSON.stringify({ version: 1, islands: { 'github:o/r': { git: firstCommit } } });
  const tool = await rig.repository('o/tool');
  await tool.write({ 'default.cab': 'readFile <github:o/r>/greeting.txt', 'cab.lock': lock }).commit();
  await repository.write({ 'greeting.txt': 'moved on\n' }).commit();
  assert.equal(await evaluate(rig, 'import <github:o/tool>'), 'hello @WHO@\n');
  assert.deepEqual(Object.keys((await rig.lock())?.islands ?? {}), ['github:o/tool']);
  const refs = rig.server.requests.filter(
    ({ path, command }) => command === 'ls-refs' && path.includes('o/r.git'),
  );
  assert.deepEqual(refs, []);
});

test('a sub-tree is read from where it is', async (context) => {
  const { rig } = await withScenario(context);
  assert.equal(await evaluate(rig, 'readFile <github:o/r::/docs>/page.md'), '# A page\n');
  assert.equal(
    await evaluate(rig, 'pathExists <github:o/r::/docs>/../greeting.txt').catch(() => 'refused'),
    'refused',
  );
  assert.deepEqual(Object.keys((await rig.lock())?.islands ?? {}), ['github:o/r::/docs']);
});

const mistakes: readonly {
  readonly title: string;
  readonly code: string;
  readonly expression: string;
  readonly args?: readonly string[];
}[] = [
  {
    title: 'an unpinned island to read with locked',
    code: 'CAB3102',
    expression: 'readFile <github:o/r>/x',
    args: ['--locked'],
  },
  {
    title: 'an unpinned island to read offline',
    code: 'CAB3209',
    expression: '[readFile <github:o/r>/x, readFile <github:o/r>/y]',
    args: ['--offline'],
  },
  { title: 'a missing file of an island', code: 'CAB6101', expression: 'readFile <github:o/r>/docs/missing' },
  {
    title: 'a path through a file of an island',
    code: 'CAB6101',
    expression: 'readFile <github:o/r>/greeting.txt/x',
  },
  {
    title: 'a folder of an island read as a file',
    code: 'CAB6102',
    expression: 'readFile <github:o/r>/docs',
  },
  {
    title: 'a file of an island read as a folder',
    code: 'CAB6102',
    expression: 'readDirectory <github:o/r>/greeting.txt',
  },
  {
    title: 'a submodule of an island read as a file',
    code: 'CAB6102',
    expression: 'readFile <github:o/r>/module',
  },
  { title: 'a path into a submodule', code: 'CAB6101', expression: 'readFile <github:o/r>/module/x' },
  {
    title: 'a sub-tree to read that is not there',
    code: 'CAB3207',
    expression: 'readFile <github:o/r::/nowhere>/x',
  },
  { title: 'an unknown ref to read', code: 'CAB3204', expression: 'readFile <github:o/r/develop>/x' },
  {
    title: 'a part that is not there offline',
    code: 'CAB3209',
    expression: 'readFile <github:o/r>/docs/page.md',
    args: ['--offline'],
  },
];

test('mistakes in reading islands are told as those in reading other trees', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/r');
  await repository.write({ 'greeting.txt': 'hello\n', 'docs/page.md': '# A page\n' }).commit();
  await addSubmodule(repository);
  for (const { expression, args = [], ...expected } of mistakes) {
    const result = await rig.cab('eval', '--expression', expression, ...args);
    await assertDiagnostic(rig, result, expected);
  }
  assert.deepEqual(await evaluate(rig, 'readDirectory <github:o/r>/module'), {});
});

/** Puts a commit of another repository at `module`. */
async function addSubmodule({ folder }: Repository): Promise<void> {
  const lines = [
    'commit refs/heads/main',
    'committer Ada <ada@example.org> 1700003600 +0000',
    'data 0',
    'from refs/heads/main^0',
    `M 160000 ${'1'.repeat(40)} module`,
    '',
  ];
  await git(['fast-import', '--quiet'], { folder, input: [lines.join('\n')] });
}
