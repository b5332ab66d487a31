import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ShellRig } from './support/shell-rig.ts';

const errno = {
  exists: 20,
  isDirectory: 31,
  loop: 32,
  invalid: 28,
  noEntry: 44,
  notDirectory: 54,
  notEmpty: 55,
};
const { notPermitted, readOnly, notCapable } = { notPermitted: 63, readOnly: 69, notCapable: 76 };

describe('the files of a WebAssembly program', () => {
  it('become the output: files, directories, links and the executable bit', async () => {
    await using shell = await ShellRig.create();
    const { result, log } = await shell.run([
      'mkdir $out',
      'mkdir $out/bin',
      'mkdir $out/empty',
      'write $out/bin/tool first',
      'executable $out/bin/tool 1',
      'is-executable $out/bin/tool',
      'write scratch shared content',
      'link scratch $out/one',
      'rename scratch $out/two',
      'symlink bin/tool $out/link',
      'readlink $out/link',
      'list $out',
    ]);
    assert.deepEqual(log, [
      'is-executable: 1',
      'readlink: bin/tool',
      'list: bin:3 empty:3 link:7 one:4 two:4',
    ]);
    assert.deepEqual(shell.rig.contents(result), {
      bin: 'directory',
      'bin/tool': 'executable:first',
      empty: 'directory',
      link: 'symlink:bin/tool',
      one: 'file:shared content',
      two: 'file:shared content',
    });
  });

  it('may be one file, or one symbolic link', async () => {
    await using shell = await ShellRig.create();
    const file = await shell.run(['write $out text', 'executable $out 1']);
    assert.deepEqual(shell.rig.contents(file.result), { '': 'executable:text' });
    const link = await shell.run(['symlink elsewhere $out']);
    assert.deepEqual(shell.rig.contents(link.result), { '': 'symlink:elsewhere' });
  });

  it('are read from inputs, which cannot be changed', async () => {
    await using shell = await ShellRig.create();
    const input = shell.rig.add('input', { 'a.txt': 'alpha', 'run.sh': 'script' });
    const log = await shell.logOf(
      [
        `list ${input}`,
        `read ${input}/a.txt`,
        `is-executable ${input}/run.sh`,
        `write ${input}/a.txt no`,
        `write ${input}/b.txt no`,
        `unlink ${input}/a.txt`,
        `rename ${input} moved`,
        `executable ${input}/a.txt 1`,
        'write /cab/store/other no',
        'mkdir /cab/elsewhere',
        'rmdir /tmp',
        'rename /build moved',
        'mkdir /elsewhere',
        `link ${input}/a.txt own`,
        'append own  and more',
        'read own',
        `read ${input}/a.txt`,
      ],
      { inputs: [input] },
    );
    assert.deepEqual(log, [
      'list: a.txt:4 run.sh:4',
      'read: alpha',
      'is-executable: 1',
      `write: error ${readOnly}`,
      `write: error ${readOnly}`,
      `unlink: error ${readOnly}`,
      `rename: error ${readOnly}`,
      `executable: error ${readOnly}`,
      `write: error ${readOnly}`,
      `mkdir: error ${readOnly}`,
      `rmdir: error ${readOnly}`,
      `rename: error ${readOnly}`,
      'read: alpha and more',
      'read: alpha',
    ]);
  });

  it('can be written in any order, and read while they are open', async () => {
    await using shell = await ShellRig.create();
    const log = await shell.logOf([
      'write a 0123456789',
      'patch a 3 xyz',
      'slice a 2 5',
      'truncate a 4',
      'append a !',
      'read a',
      'hold b',
      'held-write one two',
      'held-seek 4 0',
      'held-read',
      'held-seek -3 2',
      'held-write six',
      'held-seek 0 0',
      'held-read',
      'unlink b',
      'stat b',
      'held-seek 0 0',
      'held-read',
      'held-close',
      'truncate a 8',
      'stat a',
    ]);
    assert.deepEqual(log, [
      'slice: 2xyz6',
      'read: 012x!',
      'held-read: two',
      'held-read: one six',
      `stat: error ${errno.noEntry}`,
      'held-read: one six',
      'stat: type 4 links 1 size 8 time 315532800000000000',
    ]);
  });

  it('may be far larger than what is held in memory, whichever way they are written', async () => {
    await using shell = await ShellRig.create();
    const { result, log } = await shell.run([
      'mkdir $out',
      'fill $out/appended 5000000',
      'slice $out/appended 4999998 10',
      'fill $out/patched 5000000',
      'patch $out/patched 2000000 PATCH',
      'slice $out/patched 1999999 7',
      'hold $out/held',
      'held-seek 3000000 0',
      'held-write end',
      'held-seek 2999999 0',
      'held-read',
      'held-seek 0 0',
      'held-write start',
      'held-close',
      'append $out/held more',
      'stat $out/held',
    ]);
    assert.equal(log[0], 'slice: aa');
    assert.match(log[1] ?? '', /^slice: (\w)PATCH\1$/);
    assert.equal(log[2], 'held-read: \0end');
    assert.equal(log[3], 'stat: type 4 links 1 size 3000007 time 315532800000000000');
    const contents = shell.rig.contents(result);
    assert.equal(contents['appended']?.length, 'file:'.length + 5_000_000);
    assert.equal(contents['held']?.slice(5, 11), 'start\0');
    assert.equal(contents['held']?.slice(-8), '\0endmore');
  });

  it('follow the rules of renaming and removing', async () => {
    await using shell = await ShellRig.create();
    const log = await shell.logOf([
      'mkdir d',
      'mkdir d/sub',
      'write f file',
      'rename f d',
      'rename d f',
      'rename d d/sub/d',
      'rmdir d',
      'unlink d',
      'rmdir f',
      'mkdir e',
      'rename d e',
      'list .',
      'rename e/sub ../tmp/sub',
      'rmdir e',
      'rmdir .',
      'rename f f',
      'link f g',
      'rename f g',
      'list .',
      'link f h',
      'link f g',
      'unlink missing',
      'mkdir f/x',
      'mkdir e',
      'mkdir e',
      'create f',
      'rename f .',
    ]);
    assert.deepEqual(log, [
      `rename: error ${errno.isDirectory}`,
      `rename: error ${errno.notDirectory}`,
      `rename: error ${errno.invalid}`,
      `rmdir: error ${errno.notEmpty}`,
      `unlink: error ${errno.isDirectory}`,
      `rmdir: error ${errno.notDirectory}`,
      'list: e:3 f:4',
      `rmdir: error ${errno.invalid}`,
      'list: f:4 g:4',
      `link: error ${errno.exists}`,
      `unlink: error ${errno.noEntry}`,
      `mkdir: error ${errno.notDirectory}`,
      `mkdir: error ${errno.exists}`,
      `create: error ${errno.exists}`,
      `rename: error ${errno.invalid}`,
    ]);
  });

  it('never lie beyond the root, whatever a symbolic link or path says', async () => {
    await using shell = await ShellRig.create();
    const log = await shell.logOf([
      'read ../../etc/passwd',
      'symlink ../../etc/passwd up',
      'read up',
      'symlink /etc/passwd absolute',
      'read absolute',
      'symlink /build/target inside',
      'write target reached',
      'read inside',
      'write inside changed',
      'read target',
      'symlink b a',
      'symlink a b',
      'read a',
      'lstat a',
      'symlink missing dangling',
      'create dangling',
      'read target/',
      'link fix renamed',
    ]);
    assert.deepEqual(log, [
      `read: error ${notCapable}`,
      `read: error ${notCapable}`,
      `read: error ${errno.noEntry}`,
      'read: reached',
      'read: changed',
      `read: error ${errno.loop}`,
      'lstat: type 7 links 1 size 1 time 315532800000000000',
      `create: error ${errno.exists}`,
      `read: error ${errno.notDirectory}`,
      `link: error ${errno.noEntry}`,
    ]);
  });

  it('list a directory through many cookies', async () => {
    await using shell = await ShellRig.create();
    const names = Array.from({ length: 50 }, (_, index) => `entry-${String(index).padStart(2, '0')}`);
    const log = await shell.logOf([...names.map((name) => `write ${name} x`), 'list .']);
    assert.deepEqual(log, [`list: ${names.map((name) => `${name}:4`).join(' ')}`]);
  });

  it('refer to the inputs that they mention, and to themselves', async () => {
    await using shell = await ShellRig.create();
    const mentioned = shell.rig.add('mentioned', { a: 'x' });
    const linked = shell.rig.add('linked', { a: 'y' });
    const quiet = shell.rig.add('quiet', { a: 'z' });
    const carrier = shell.rig.add('carrier', { note: `see ${quiet}/a` });
    const inputs = [mentioned, linked, quiet, carrier];
    const commands = ['mkdir $out', `write $out/note ${mentioned}/a`, `symlink ${linked}/a $out/link`];
    const plain = await shell.run(commands, { inputs });
    assert.deepEqual(referencesOf(plain.result), [mentioned, linked].toSorted());

    const copied = await shell.run([...commands, `link ${carrier}/note $out/copied`], { inputs });
    assert.deepEqual(referencesOf(copied.result), [mentioned, linked, quiet].toSorted());

    const self = [...commands, 'symlink $out/note $out/self'];
    const first = await shell.run(self, { inputs });
    const second = await shell.run(self, { inputs, environment: { other: 'derivation' } });
    assert.ok(first.result.outcome === 'finished' && second.result.outcome === 'finished');
    assert.equal(first.result.outputs['out']?.path, second.result.outputs['out']?.path);
    assert.ok(referencesOf(first.result).includes(first.result.outputs['out']?.path ?? ''));
    assert.equal(
      shell.rig.contents(first.result)['self'],
      `symlink:${first.result.outputs['out']?.path}/note`,
    );
  });

  it('of `fix` cannot be moved or removed', async () => {
    await using shell = await ShellRig.create();
    const log = await shell.logOf(
      ['stat fix', 'unlink fix', 'rename fix other', 'write fix git:abc', 'list .'],
      {
        fix: { kind: 'self' },
      },
    );
    assert.deepEqual(log, [
      'stat: type 2 links 1 size 0 time 315532800000000000',
      `unlink: error ${notPermitted}`,
      `rename: error ${notPermitted}`,
      'list: fix:2',
    ]);
  });
});

function referencesOf(result: Awaited<ReturnType<ShellRig['run']>>['result']): readonly string[] {
  assert.ok(result.outcome === 'finished', JSON.stringify(result));
  return result.outputs['out']?.references ?? [];
}
