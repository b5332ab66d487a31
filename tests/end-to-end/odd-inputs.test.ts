import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstat, mkdir, open, symlink } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { cabCommand, startCommand, withCab, type CabRig, type CommandResult } from '../support/index.ts';

/** A loop of some minutes, which says on standard error when it begins. */
const longLoop = `trace "at work"
  (foldLeft (sum => _ => sum + length (generateList (x => x) 1000)) 0 (generateList (x => x) 9000000))`;

/** Runs the command, says what it printed where it fails in another way, and nothing of Cab's own inside. */
async function assertRefused(running: Promise<CommandResult>, code: string, says?: RegExp): Promise<void> {
  const { code: exitCode, stdout, stderr } = await running;
  assert.equal(exitCode, 1, stderr);
  assert.equal(stdout, '');
  assert.match(stderr, new RegExp(`^error\\[${code}\\]`, 'm'));
  assert.doesNotMatch(stderr, /CAB9001|node:internal|\.ts:\d/);
  if (says !== undefined) assert.match(stderr, says);
}

async function valueOf(rig: CabRig, expression: string): Promise<unknown> {
  return (await rig.succeed('eval', '--json', '--expression', expression)).json();
}

function refuses(rig: CabRig, expression: string, code: string, says?: RegExp): Promise<void> {
  return assertRefused(rig.cab('eval', '--expression', expression), code, says);
}

/** Runs a line of the shell with the command as its `$0`. */
function inShell(
  rig: CabRig,
  line: string,
  environment: Record<string, string> = {},
): Promise<CommandResult> {
  return startCommand('/bin/sh', ['-c', line, cabCommand], {
    folder: rig.project,
    environment: { PATH: process.env['PATH'] ?? '', CAB_CONFIG: rig.configurationFile, ...environment },
  }).ended;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends an evaluation at once`, async (context) => {
    const rig = await withCab(context);
    const running = rig.spawnCab('eval', '--expression', longLoop);
    await running.says(/at work/);
    running.process.kill(signal);
    assert.equal((await running.ended).signal, signal);
  });
}

test('an evaluation that goes on after something was fetched can be interrupted too', async (context) => {
  const rig = await withCab(context);
  const repository = await rig.repository('o/r');
  await repository.write({ 'file.txt': 'hello\n' }).commit();
  const running = rig.spawnCab(
    'eval',
    '--expression',
    `if readFile <github:o/r>/file.txt == "hello\\n" then ${longLoop} else 0`,
  );
  await running.says(/at work/);
  running.process.kill('SIGINT');
  assert.equal((await running.ended).signal, 'SIGINT');
});

test('only regular files are read', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'inner/file.txt': 'x' });
  execFileSync('mkfifo', [path.join(rig.project, 'fifo')]);
  await refuses(rig, 'readFile ./fifo', 'CAB6102', /'\.\/fifo' is not a file, but a FIFO/);
  await refuses(rig, 'import ./fifo', 'CAB6102');
  await refuses(rig, 'readFile ./inner', 'CAB6102', /is not a file, but a folder/);
  await refuses(rig, 'readDirectory ./inner/file.txt', 'CAB6102', /is not a folder, but a file/);
  await assertRefused(rig.cab('eval', './fifo'), 'CAB6003', /neither a folder nor a file/);
  await assertRefused(rig.cab('eval', '/dev/zero'), 'CAB6003');
});

test('a file that is too large for evaluation is refused before it is read', async (context) => {
  const rig = await withCab(context);
  await using file = await open(path.join(rig.project, 'large'), 'w');
  await file.truncate(2 ** 28 + 1);
  await refuses(rig, 'readFile ./large', 'CAB6104', /256 MiB/);
});

test('an expression is read through a symbolic link inside of its tree', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'one.cab': '{ here = import ./two.cab, }', 'two.cab': '2', 'folder/default.cab': '3' });
  await symlink('one.cab', path.join(rig.project, 'link.cab'));
  await symlink('folder', path.join(rig.project, 'linked'));
  assert.equal((await rig.succeed('eval', '--json', './link.cab#here')).json(), 2);
  assert.deepEqual(await valueOf(rig, '[ (import ./link.cab).here, import ./linked ]'), [2, 3]);
});

test('a path where nothing can be does not exist', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'file.txt': '' });
  await symlink('loop', path.join(rig.project, 'loop'));
  const long = 'n'.repeat(300);
  assert.deepEqual(
    await valueOf(
      rig,
      String.raw`map pathExists [ ./loop, ./loop/x, ./. + "/a\u{0}b", ./${long}, ./file.txt/x, ./file.txt ]`,
    ),
    [true, false, false, false, false, true],
  );
  await refuses(rig, String.raw`readFile (./. + "/a\u{0}b")`, 'CAB6101');
  await refuses(rig, `readFile ./${long}`, 'CAB6101');
  await refuses(rig, 'readFile ./loop/x', 'CAB6102', /leads back to itself/);
  await assertRefused(rig.cab('eval', './loop'), 'CAB6003', /leads back to itself/);
  await assertRefused(rig.cab('eval', `./${long}`), 'CAB6003');
});

test('what lies outside of the tree is not seen through a symbolic link', async (context) => {
  const rig = await withCab(context);
  await rig.write({ '../outside/secret': 'x', '../outside/default.cab': '1', 'inside/file.txt': 'y' });
  await symlink('../outside', path.join(rig.project, 'out'));
  await symlink('inside', path.join(rig.project, 'in'));
  assert.deepEqual(
    await valueOf(rig, 'map pathExists [ ./out, ./out/secret, ./out/missing, ./in/file.txt ]'),
    [true, false, false, true],
  );
  await refuses(rig, 'readFile ./out/secret', 'CAB6103');
  await refuses(rig, 'import ./out', 'CAB6103');
});

test('a working folder that was deleted is named', async (context) => {
  const rig = await withCab(context);
  const gone = path.join(rig.folder, 'gone');
  await mkdir(gone);
  await assertRefused(inShell(rig, `cd '${gone}' && rmdir '${gone}' && "$0" eval --expression 1`), 'CAB6006');
});

test('a user without a home is asked for a store, and nothing lands in the project', async (context) => {
  const rig = await withCab(context);
  const expression = 'eval --expression \'getContext "\\(./file.txt)" |> length\'';
  await rig.write({ 'file.txt': 'x' });
  for (const HOME of ['', 'relative']) {
    await assertRefused(
      inShell(rig, `"$0" ${expression}`, { HOME, XDG_DATA_HOME: HOME, XDG_CACHE_HOME: HOME }),
      'CAB6008',
      /CAB_STORE/,
    );
    const stored = await inShell(rig, `unset CAB_CONFIG; "$0" ${expression}`, { HOME, CAB_STORE: rig.store });
    assert.equal(stored.stdout, '1\n', stored.stderr);
  }
  for (const name of ['relative', 'cab', '.local', '.cache'])
    await assert.rejects(lstat(path.join(rig.project, name)), name);
});

test('a standard output that cannot be written is a failure, and a standard error is not', async (context) => {
  const rig = await withCab(context);
  await assertRefused(inShell(rig, '"$0" eval --expression 1 > /dev/full'), 'CAB6007', /ENOSPC/);
  await assertRefused(inShell(rig, '"$0" --help > /dev/full'), 'CAB6007');
  const unheard = await inShell(rig, `"$0" eval --expression 'trace "x" 1' 2> /dev/full`);
  assert.deepEqual([unheard.code, unheard.stdout], [0, '1\n']);
});

test('a store where no folder can be made is refused', async (context) => {
  const rig = await withCab(context);
  await rig.write({ 'file.txt': 'x' });
  rig.environment['CAB_STORE'] = '/proc/x';
  await refuses(rig, '"\\(./file.txt)"', 'CAB5001', /'\/proc\/x'/);
});
