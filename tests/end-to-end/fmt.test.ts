import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, lstat, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { cabCommand, type CabRig, withCab } from '../support/index.ts';

const untidy = '{a=1}\n';
const tidy = '{ a = 1, }\n';

test('files are laid out in place, and those that are already stay as they are', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'a.cab': untidy, 'b.cab': tidy, 'in/c.cab': untidy, 'in/d.txt': untidy });
  await chmod(path.join(rig.project, 'a.cab'), 0o754);
  const before = await stat(path.join(rig.project, 'b.cab'), { bigint: true });
  const { stdout } = await rig.succeed('fmt');
  assert.equal(stdout, 'a.cab\nin/c.cab\n2 of 3 files laid out anew\n');
  assert.deepEqual(await contents(rig, 'a.cab', 'b.cab', 'in/c.cab', 'in/d.txt'), [tidy, tidy, tidy, untidy]);
  assert.equal((await stat(path.join(rig.project, 'a.cab'))).mode & 0o777, 0o754);
  const after = await stat(path.join(rig.project, 'b.cab'), { bigint: true });
  assert.deepEqual([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
  assert.equal((await rig.succeed('fmt')).stdout, '0 of 3 files laid out anew\n');
});

test('--check writes nothing, names what is not laid out, and fails', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'a.cab': untidy, 'b.cab': tidy });
  const refused = await rig.cab('fmt', '--check');
  assert.equal(refused.code, 1);
  assert.equal(refused.stdout, 'a.cab\n');
  assert.match(refused.stderr, /^error\[CAB6041\]: 1 of 2 files is not laid out/);
  const shown = await rig.cab('fmt', '--check', '--diff', 'a.cab');
  assert.equal(
    shown.stdout,
    `diff --git a/a.cab b/a.cab\n--- a/a.cab\n+++ b/a.cab\n@@ -1 +1 @@\n-${untidy}+${tidy}`,
  );
  assert.deepEqual(await contents(rig, 'a.cab'), [untidy]);
  assert.equal((await rig.succeed('fmt', '--check', 'b.cab')).stdout, '1 file laid out\n');
  assert.equal((await rig.cab('fmt', '--diff')).code, 2);
});

test('a folder is looked through without what git ignores, what is hidden, and node_modules', async (context) => {
  const rig = await withCab(context);
  const names = [
    'kept.cab',
    'ignored.cab',
    'in/ignored-here.cab',
    '.hidden/a.cab',
    'node_modules/a.cab',
    'out/a.cab',
  ];
  await rig.write({
    ...Object.fromEntries(names.map((name) => [name, untidy])),
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.gitignore': 'ignored.cab\nout/\n',
    'in/.gitignore': '*-here.cab\n',
  });
  assert.equal((await rig.succeed('fmt', '.')).stdout, 'kept.cab\n1 of 1 file laid out anew\n');
  // What is named is meant.
  const named = await rig.succeed('fmt', 'ignored.cab', 'node_modules', './kept.cab');
  assert.equal(named.stdout, 'ignored.cab\nnode_modules/a.cab\n2 of 3 files laid out anew\n');
});

test('a symbolic link is not replaced, but what it leads to', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'in/a.cab': untidy });
  await symlink('in/a.cab', path.join(rig.project, 'link.cab'));
  assert.equal((await rig.succeed('fmt', 'link.cab', 'in')).stdout, 'link.cab\n1 of 1 file laid out anew\n');
  assert.ok((await lstat(path.join(rig.project, 'link.cab'))).isSymbolicLink());
  assert.deepEqual(await contents(rig, 'in/a.cab'), [tidy]);
});

test('a file with syntax errors is left alone, and the others are laid out', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'a.cab': '{ a = ; }\n', 'b.cab': untidy, 'c.cab': Uint8Array.of(0x31, 0xff) });
  const { code, stdout, stderr } = await rig.cab('fmt');
  assert.equal(code, 1);
  assert.equal(stdout, 'b.cab\n1 of 3 files laid out anew\n');
  assert.match(stderr, /error\[CAB1101\][^]* a\.cab:1:7/);
  assert.match(stderr, /'c\.cab' is not UTF-8/);
  assert.deepEqual(await contents(rig, 'a.cab', 'b.cab'), ['{ a = ; }\n', tidy]);
});

test('the standard input is laid out to the standard output', async (context) => {
  const rig = await withCab(context);
  const filter = (input: string, ...words: readonly string[]) => {
    const options = {
      cwd: rig.project,
      env: { ...process.env, HOME: rig.home },
      input,
      encoding: 'utf8',
    } as const;
    const { status, stdout, stderr } = spawnSync(cabCommand, ['fmt', ...words], options);
    return { status, stdout, stderr };
  };
  assert.deepEqual(filter(untidy, '-'), { status: 0, stdout: tidy, stderr: '' });
  assert.deepEqual(filter(untidy, '--stdin').stdout, tidy);
  const wrong = filter('{a=', '-', '--stdin-name', 'editor.cab');
  assert.equal(wrong.status, 1);
  assert.equal(wrong.stdout, '');
  assert.match(wrong.stderr, /editor\.cab:1:/);
  assert.equal(filter(tidy, '-', '--check').status, 0);
  const checked = filter(untidy, '-', '--check');
  assert.deepEqual([checked.status, checked.stdout], [1, '']);
  assert.equal(filter('', '-', 'a.cab').status, 2);
  assert.equal(filter('', '--stdin-name', 'a.cab').status, 2);
});

test('what is not there, and what cannot be written, is told', async (context) => {
  const rig = await withCab(context);
  await mkdir(path.join(rig.project, 'in'));
  const missing = await rig.cab('fmt', 'nowhere.cab');
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /error\[CAB6101\]: there is no file or folder 'nowhere\.cab'/);
  await writeFile(path.join(rig.project, 'in', 'a.cab'), untidy);
  await chmod(path.join(rig.project, 'in'), 0o555);
  const refused = await rig.cab('fmt', 'in');
  await chmod(path.join(rig.project, 'in'), 0o755);
  // Root may write everywhere.
  if (process.getuid?.() === 0) return assert.equal(refused.code, 0);
  assert.match(refused.stderr, /error\[CAB6021\]: the file 'in\/a\.cab' cannot be written/);
});

function contents(rig: CabRig, ...names: readonly string[]): Promise<readonly string[]> {
  return Promise.all(names.map((name) => readFile(path.join(rig.project, name), 'utf8')));
}
