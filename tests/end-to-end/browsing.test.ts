import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { git, readTree, withCab, type CabRig } from '../support/index.ts';
import { assertDiagnostic } from './diagnostics.ts';
import { build, isPackRequest, storyOf, withScenario } from './scenario.ts';

async function output(rig: CabRig, ...args: string[]): Promise<string> {
  return (await rig.succeed(...args)).stdout;
}

/** That nobody asked for a whole tree. */
function assertInParts(rig: CabRig, commits: readonly string[]): void {
  const wants = rig.server.requests.filter(isPackRequest).flatMap((request) => request.wants ?? []);
  assert.deepEqual(
    commits.filter((commit) => wants.includes(commit)),
    [],
  );
}

test('cab ls lists an island, a folder of it, a sub-tree and all below', async (context) => {
  const { rig, firstCommit } = await withScenario(context);
  assert.equal(await output(rig, 'ls', 'github:o/r'), 'bin/\ndocs/\ngreeting.txt\nlatest\n');
  assert.equal(await output(rig, 'ls', '<github:o/r>/docs'), 'page.md\n');
  assert.equal(await output(rig, 'ls', 'github:o/r::/docs'), 'page.md\n');
  assert.equal(await output(rig, 'ls', '<github:o/r>/latest'), 'page.md\n');
  const all = 'bin/\nbin/run\ndocs/\ndocs/page.md\ngreeting.txt\nlatest\n';
  assert.equal(await output(rig, 'ls', '-r', 'github:o/r'), all);
  assertInParts(rig, [firstCommit]);
  assert.equal(await rig.lock(), undefined);
});

test('cab ls -l tells ids as git does, and of sizes those that are known; of a whole tree all', async (context) => {
  const { rig, repository } = await withScenario(context);
  const listed = execFileSync('git', ['ls-tree', '-r', '-t', 'main'], {
    cwd: repository.folder,
    encoding: 'utf8',
  });
  const ids = new Map(
    listed
      .trim()
      .split('\n')
      .map((line) => [line.split('\t')[1], line.split(/[ \t]/)[2]] as const),
  );
  const long = await output(rig, 'ls', '-l', '-r', 'github:o/r');
  for (const [name, id] of ids) assert.ok(long.includes(`  ${id}  -  ${name}`), `${name} ${id}\n${long}`);
  await output(rig, 'cat', '<github:o/r>/greeting.txt');
  assert.match(await output(rig, 'ls', '-l', 'github:o/r'), /^file {8}[0-9a-f]{40} {2}12 {2}greeting\.txt$/m);
  await build(rig, '.#source');
  const entries = (await rig.succeed('ls', '--json', '-r', 'github:o/r')).json() as readonly {
    readonly path: string;
    readonly id: string;
    readonly size?: number;
  }[];
  assert.deepEqual(new Map(entries.map(({ path: name, id }) => [name, id])), ids);
  assert.equal(entries.find(({ path: name }) => name === 'bin/run')?.size, 21);
});

test('cab cat prints bytes as they are, through links', async (context) => {
  const { rig, repository } = await withScenario(context);
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
  const commit = await repository.write({ 'bin/data': bytes }).commit();
  const result = await rig.succeed('cat', '<github:o/r>/latest', 'github:o/r::/greeting.txt');
  assert.equal(result.stdout, '# A page\nhello @WHO@\n');
  const running = rig.spawnCab('cat', '<github:o/r>/bin/data');
  const printed: Buffer[] = [];
  running.process.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
  assert.equal((await running.ended).code, 0);
  assert.ok(Buffer.concat(printed).equals(bytes));
  assertInParts(rig, [commit]);
});

test('commands take what the lock has pinned, and ask again with --update, without a trace', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  await build(rig, '.#source');
  const lock = await rig.lock();
  await repository.write({ 'greeting.txt': 'moved\n', more: '' }).commit();
  rig.server.reset();
  assert.equal(await output(rig, 'cat', '<github:o/r>/greeting.txt'), 'hello @WHO@\n');
  assert.deepEqual(storyOf(rig), []);
  assert.equal(await output(rig, 'cat', '--update', '<github:o/r>/greeting.txt'), 'moved\n');
  assert.deepEqual(await rig.lock(), lock);
  assert.equal(
    await output(rig, 'cat', '--override', 'github:o/r=.', '<github:o/r>/cab.lock'),
    await lockText(rig),
  );
  assert.equal(lock?.islands['github:o/r']?.['git'], firstCommit);
});

function lockText(rig: CabRig): Promise<string> {
  return output(rig, 'cat', '<path:.>/cab.lock');
}

test('cab island tells what an island stands for, and what of it is there', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  const asked = await output(rig, 'island', 'github:o/r');
  assert.match(
    asked,
    /^origin {6}https:\/\/github\.com\/o\/r\.git\nref {9}HEAD\npins {8}what its origin has now$/m,
  );
  assert.match(asked, new RegExp(`^ {12}git:${firstCommit}$`, 'm'));
  assert.match(asked, /^tree {8}in parts: \d directories, and 0 files of 0 bytes$/m);
  await output(rig, 'cat', '<github:o/r>/docs/page.md');
  assert.match(await output(rig, 'island', 'github:o/r'), /in parts: 3 directories, and 1 file of 9 bytes/);
  const built = await build(rig, '.#source');
  rig.server.reset();
  const report = (await rig.succeed('island', '--json', 'github:o/r')).json() as Record<string, unknown>;
  assert.deepEqual(storyOf(rig), []);
  assert.equal(report['standing'], 'pinned');
  assert.equal(report['derivation'], built.derivation);
  assert.deepEqual(report['pins'], (await rig.lock())?.islands['github:o/r']);
  assert.equal((report['tree'] as { readonly size: number }).size, 42);
  const commit = await repository.write({ more: '' }).commit();
  assert.match(await output(rig, 'island', '--update', 'github:o/r'), new RegExp(`git:${commit}`));
  assert.match(await output(rig, 'island', 'path:./x/..'), /^folder {6}\/.*\/project$/m);
});

test('cab diff of two commits fetches directories that differ, and files only for their lines', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  await repository.tag('v1');
  const second = await repository
    .write({
      'greeting.txt': 'good morning @WHO@\n',
      'docs/page.md': null,
      'docs/new/page.md': '# New\n',
      'bin/run': { content: '#!/bin/sh\necho @WHO@\n', executable: false },
      latest: { symlink: 'docs/new/page.md' },
    })
    .commit();
  const [one, other] = ['github:o/r/v1', 'github:o/r'];
  const names = [
    'changed  bin/run',
    'added    docs/new/page.md',
    'removed  docs/page.md',
    'changed  greeting.txt',
    'changed  latest',
  ];
  assert.equal(await output(rig, 'diff', one, other), `${names.join('\n')}\n`);
  assert.deepEqual(rig.server.requests.filter(isPackRequest), []);
  assert.match(await output(rig, 'diff', '--stat', one, other), /^\+1 -1 {9}greeting\.txt$/m);
  const patch = await output(rig, 'diff', '--patch', one, other);
  assertInParts(rig, [firstCommit, second]);
  await assertPatchLeads(rig, { patch, from: firstCommit, to: second });
  rig.server.reset();
  assert.equal(await output(rig, 'diff', other, other), '');
  assert.equal(rig.server.requests.length, 1, storyOf(rig).join(' '));
});

/** That git makes of one commit the other with the patch. */
async function assertPatchLeads(
  rig: CabRig,
  { patch, from, to }: { readonly patch: string; readonly from: string; readonly to: string },
): Promise<void> {
  const folder = path.join(rig.folder, 'patched');
  await mkdir(folder);
  await git(['clone', '--quiet', rig.repositoryFolder('o/r'), folder]);
  await git(['checkout', '--quiet', from], { folder });
  await git(['apply', '--index'], { folder, input: [patch] });
  assert.equal(await git(['diff', '--cached', '--name-only', to], { folder }), '', patch);
}

test('cab diff of an island and a local folder, a result, an archive or a whole tree fetches no file', async (context) => {
  const { rig, repository, firstCommit } = await withScenario(context);
  const local = path.join(rig.folder, 'local');
  await git(['clone', '--quiet', repository.folder, local]);
  assert.equal(await output(rig, 'diff', 'github:o/r', '../local'), '');
  await rig.write({ '../local/docs/page.md': '# A changed page\n', '../local/untracked': '' });
  const names = 'changed  docs/page.md\nadded    untracked\n';
  assert.equal(await output(rig, 'diff', 'github:o/r', '../local'), names);
  assertInParts(rig, [firstCommit]);
  assert.deepEqual(rig.server.requests.filter(isPackRequest), []);
  const archive = execFileSync('tar', ['-cz', '-C', rig.folder, '--exclude=.git', 'local']);
  await rig.serveFiles({ 'x.tar.gz': archive });
  assert.equal(await output(rig, 'diff', `${rig.server.url}/files/x.tar.gz`, '../local'), '');
  await rig.succeed('build', '.#source');
  assert.equal(await output(rig, 'diff', '../local', 'github:o/r'), names.replace('added  ', 'removed'));
  assert.equal(await output(rig, 'diff', 'result', 'github:o/r'), '');
  assert.equal(await output(rig, 'diff', 'result/docs', '<path:../local>/docs'), 'changed  page.md\n');
  const tree = await readTree(local);
  assert.ok(tree.has('untracked'));
  await cp(path.join(local, 'docs'), path.join(rig.project, 'docs'), { recursive: true });
  assert.equal(await output(rig, 'diff', './docs', '<path:../local>/docs'), '');
});

interface Mistake {
  readonly title: string;
  readonly code: string;
  readonly args: readonly string[];
  readonly exitCode?: number;
}

const mistakes: readonly Mistake[] = [
  { title: 'a list without an island', code: 'CAB6001', args: ['ls'], exitCode: 2 },
  { title: 'a list of a malformed island', code: 'CAB3002', args: ['ls', 'github:o'] },
  { title: 'a list of what is no island', code: 'CAB3002', args: ['ls', './docs'] },
  { title: 'a list of an island of no type', code: 'CAB3001', args: ['ls', 'githup:o/r'] },
  {
    title: 'a list with locked of what is not pinned',
    code: 'CAB3102',
    args: ['ls', '--locked', 'github:o/r'],
  },
  { title: 'a list offline of what is not there', code: 'CAB3209', args: ['ls', '--offline', 'github:o/r'] },
  { title: 'a list of a path that an island has not', code: 'CAB6101', args: ['ls', '<github:o/r>/nothing'] },
  { title: 'a path in an island that climbs', code: 'CAB6001', args: ['ls', '<github:o/r>/docs/../..'] },
  { title: 'a folder to print', code: 'CAB6102', args: ['cat', '<github:o/r>/docs'] },
  {
    title: 'an island and a path in it',
    code: 'CAB6001',
    args: ['island', '<github:o/r>/docs'],
    exitCode: 2,
  },
  { title: 'a diff of one tree', code: 'CAB6001', args: ['diff', 'github:o/r'], exitCode: 2 },
  {
    title: 'a diff in two forms',
    code: 'CAB6001',
    args: ['diff', '--patch', '--json', '--log-format=plain', 'github:o/r', '.'],
    exitCode: 2,
  },
  {
    title: 'a diff with a folder that is not there',
    code: 'CAB6101',
    args: ['diff', 'github:o/r', './nowhere'],
  },
];

test('mistakes in looking into islands are told', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/r');
  await repository.write({ 'docs/page.md': '# A page\n' }).commit();
  for (const { args, ...expected } of mistakes) await assertDiagnostic(rig, await rig.cab(...args), expected);
});
