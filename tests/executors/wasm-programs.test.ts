import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWasmExecutor } from '../../src/realizer/executors/index.ts';
import { Rig } from './support/rig.ts';
import { ShellRig } from './support/shell-rig.ts';
import { compile } from './support/shell.ts';

const self = { kind: 'self' } as const;
const commit = 'git:4b825dc642cb6eb9a060e54bf8d69288fbee4904';

describe('a WebAssembly program', () => {
  it('sees its derivation, its outputs and what the realizer adds', async () => {
    await using shell = await ShellRig.create({ cores: 3 });
    const { result, log } = await shell.run(
      [
        'variable greeting',
        'variable CAB_CORES',
        'variable SOURCE_DATE_EPOCH',
        'variable CAB_PINS',
        'variable HOME',
        'write $out x',
      ],
      { environment: { greeting: 'hello, wörld' } },
    );
    assert.equal(result.outcome, 'finished');
    const values = ['hello, wörld', '3', '315532800', '', ''];
    assert.deepEqual(
      log,
      values.map((value) => `variable: ${value}`),
    );
  });

  it('is passed pins only where it fixes itself', async () => {
    await using shell = await ShellRig.create();
    const pins = { git: 'abc', cab: 'xyz' };
    const [pinned] = await shell.logOf(['variable CAB_PINS'], { fix: self, pins });
    assert.equal(pinned, 'variable: cab:xyz');
    const [plain] = await shell.logOf(['variable CAB_PINS'], { pins });
    assert.equal(plain, 'variable: ');
  });

  it('has neither clock nor randomness, unless it may speak with servers', async () => {
    await using shell = await ShellRig.create();
    const ordinary = ['clock 0', 'clock 1', 'random', 'sleep 3600000'];
    const first = await shell.logOf(ordinary);
    assert.deepEqual(first.slice(0, 2), ['clock: 315532800000000000', 'clock: 315532800000000000']);
    assert.deepEqual(await shell.logOf(ordinary), first);
    const before = BigInt(Date.now() - 1) * 1_000_000n;
    const [clock = '', random] = await shell.logOf(['clock 0', 'random'], { fix: self });
    assert.ok(BigInt(clock.slice('clock: '.length)) >= before);
    assert.notEqual(random, (await shell.logOf(['clock 0', 'random'], { fix: self }))[1]);
  });

  it('fails with its exit code, its trap or the output that it did not make', async () => {
    await using shell = await ShellRig.create();
    const outcomes = await Promise.all(
      [['exit 7'], ['trap'], ['write $out x', 'exit 0'], []].map((commands) => shell.run(commands)),
    );
    const [exited, trapped, exitedWell, lacking] = outcomes.map(({ result }) => result);
    assert.deepEqual(exited, { outcome: 'failed', reason: 'exit code 7', exitCode: 7 });
    assert.deepEqual(trapped, { outcome: 'failed', reason: 'trap: unreachable' });
    assert.equal(exitedWell?.outcome, 'finished');
    assert.deepEqual(lacking, {
      outcome: 'failed',
      reason: "it did not make the output 'out'",
      missingOutput: 'out',
    });
  });

  it('may have several outputs', async () => {
    await using shell = await ShellRig.create();
    const outputs = ['dev', 'out'];
    const { result } = await shell.run(['write $out x'], { outputs });
    assert.deepEqual(result, {
      outcome: 'failed',
      reason: "it did not make the output 'dev'",
      missingOutput: 'dev',
    });
  });

  it('cannot have more memory than the limit', async () => {
    await using shell = await ShellRig.create();
    assert.deepEqual(await shell.logOf(['grow 8000', 'grow 8000', 'grow 16384']), [
      'grow: yes',
      'grow: yes',
      'grow: no',
    ]);
  });

  it('that is not one is refused with a reason', async () => {
    await using rig = await Rig.create();
    const executor = rig.open(createWasmExecutor);
    const lacking = await compile('@external("env", "launch") declare function launch(): void; launch();');
    const cases: [string, RegExp][] = [
      [rig.add('text.wasm', Buffer.from('plain text')), /cannot be run: it is not a WebAssembly module/],
      [
        rig.add('broken.wasm', Buffer.from('\0asm\x01\0\0\0\x7f')),
        /cannot be run: it is not a valid WebAssembly module/,
      ],
      [
        rig.add('greedy.wasm', Buffer.from('0061736d0100000005050100a09c01', 'hex')),
        /it needs 1310720000 bytes of memory/,
      ],
      [
        rig.add('lacking.wasm', lacking),
        /cannot be run: it imports what the realizer does not have: env\.launch/,
      ],
      [rig.add('folder', { 'a.txt': 'x' }), /cannot be run: it is a directory/],
      [`${rig.add('folder', { 'a.txt': 'x' })}/missing`, /cannot be run: there is no such file/],
      ['/bin/sh', /cannot be run: it is not a path in the store/],
    ];
    for (const [builder, reason] of cases) {
      const { result } = await rig.run(executor, rig.derivation({ builder }));
      assert.ok(result.outcome === 'failed');
      assert.match(result.reason, reason);
    }
  });

  it('may be a file inside of an output', async () => {
    await using shell = await ShellRig.create();
    const made = await shell.run([
      'mkdir $out',
      'mkdir $out/bin',
      `link ${shell.builder} $out/bin/shell.wasm`,
    ]);
    assert.ok(made.result.outcome === 'finished');
    const record = made.result.outputs['out'];
    assert.ok(record !== undefined);
    shell.rig.store.commit({ outputs: [record] });
    const derivation = shell.rig.derivation({
      builder: `${record.path}/bin/shell.wasm`,
      arguments: ['write $out nested'],
    });
    const { result } = await shell.rig.run(shell.executor, derivation);
    assert.deepEqual(shell.rig.contents(result), { '': 'file:nested' });
  });

  it('writes lines of both streams to the log as they come, and a last one without an end', async () => {
    await using shell = await ShellRig.create();
    const long = 'x'.repeat(70_000);
    const { log } = await shell.run(['say one', `say ${long}`, 'say tail', 'exit 1']);
    assert.deepEqual(
      log.map((line) => line.length),
      [3, 65_536, 70_000 - 65_536, 4],
    );
  });
});

describe('the claims of a WebAssembly program', () => {
  it('are made in order, and let it go on', async () => {
    await using shell = await ShellRig.create();
    const { result, claims } = await shell.run([`claim ${commit}`, 'claim etag:"ab"', 'write $out x'], {
      fix: self,
    });
    assert.deepEqual(claims, [commit, 'etag:"ab"']);
    assert.equal(result.outcome, 'finished');
  });

  it('can end it, though it would never end by itself', async () => {
    await using shell = await ShellRig.create();
    const { result } = await shell.run([`claim ${commit}`, 'spin'], { fix: self, onClaim: () => 'stop' });
    assert.deepEqual(result, { outcome: 'stopped' });
  });

  it('are awaited before its end counts', async () => {
    await using shell = await ShellRig.create();
    const { result } = await shell.run([`claim ${commit}`, 'write $out x'], {
      fix: self,
      onClaim: () => new Promise((resolve) => setImmediate(() => resolve('stop'))),
    });
    assert.deepEqual(result, { outcome: 'stopped' });
  });

  it('fail it where they are malformed', async () => {
    await using shell = await ShellRig.create();
    for (const line of ['no claim', 'Git:abc', 'git:']) {
      const { result, claims } = await shell.run([`claim ${commit}`, `claim ${line}`, 'write $out x'], {
        fix: self,
      });
      assert.deepEqual(result, {
        outcome: 'failed',
        reason: `malformed claim '${line}'`,
        malformedClaim: line,
      });
      assert.deepEqual(claims, [commit]);
    }
    const { result } = await shell.run(['claim-part git:', 'write $out x'], { fix: self });
    assert.ok(result.outcome === 'failed');
    assert.equal(result.malformedClaim, 'git:');
  });

  it('need no line feed behind the last one, unless it fails', async () => {
    await using shell = await ShellRig.create();
    const well = await shell.run([`claim ${commit}`, 'claim-part git:abc', 'write $out x'], { fix: self });
    assert.equal(well.result.outcome, 'finished');
    assert.deepEqual(well.claims, [commit, 'git:abc']);
    const badly = await shell.run(['claim-part git:abc', 'exit 4'], { fix: self });
    assert.equal(badly.result.outcome, 'failed');
    assert.deepEqual(badly.claims, []);
  });

  it('pass on what goes wrong with asking', async () => {
    await using shell = await ShellRig.create();
    const run = shell.run([`claim ${commit}`, 'spin'], {
      fix: self,
      onClaim: () => Promise.reject(new Error('asked in vain')),
    });
    await assert.rejects(run, /asked in vain/);
  });

  it('can be made by no other than a self-fixing one', async () => {
    await using shell = await ShellRig.create();
    assert.deepEqual(await shell.logOf([`claim ${commit}`]), ['claim: error 44']);
  });
});

describe('ending WebAssembly programs', () => {
  it(
    'that loop for ever takes their worker, and others in it run again unnoticed',
    { timeout: 60_000 },
    async () => {
      await using shell = await ShellRig.create({ cores: 1 });
      const abort = new AbortController();
      const started = Promise.withResolvers<void>();
      const neighbour = shell.run(
        ['say before', `claim ${commit}`, 'sleep 1500', 'say after', 'write $out x'],
        { fix: self },
      );
      const looping = shell.run(['say looping', 'claim git:loop', 'loop'], {
        fix: self,
        signal: abort.signal,
        onLog: () => started.resolve(),
      });
      await started.promise;
      abort.abort(new Error('cancelled'));
      await assert.rejects(looping, /cancelled/);
      const { result, log, claims } = await neighbour;
      assert.equal(result.outcome, 'finished');
      assert.deepEqual(log, ['before', 'after']);
      assert.deepEqual(claims, [commit]);
    },
  );

  it('that sleep, wait in line, or have not begun', async () => {
    await using shell = await ShellRig.create({ cores: 1 });
    const abort = new AbortController();
    const { signal } = abort;
    const started = Promise.withResolvers<void>();
    const sleeping = shell.run(['say x', 'sleep 1000000'], {
      fix: self,
      signal,
      onLog: () => started.resolve(),
    });
    const waiting = shell.run(['loop'], { signal });
    const results = Promise.allSettled([sleeping, waiting]);
    await started.promise;
    abort.abort(new Error('cancelled'));
    for (const settled of await results) assert.equal(settled.status, 'rejected');
    await assert.rejects(shell.run(['write $out x'], { signal }), /cancelled/);
    const { result } = await shell.run(['write $out x']);
    assert.equal(result.outcome, 'finished');
  });

  it('that only wait keeps no ordinary one from running', async () => {
    await using shell = await ShellRig.create({ cores: 1 });
    const abort = new AbortController();
    const started = Promise.withResolvers<void>();
    const waiting = shell.run(['say x', 'sleep 1000000'], {
      fix: self,
      signal: abort.signal,
      onLog: () => started.resolve(),
    });
    await started.promise;
    const { result } = await shell.run(['write $out x']);
    assert.equal(result.outcome, 'finished');
    abort.abort(new Error('cancelled'));
    await assert.rejects(waiting, /cancelled/);
  });

  it('that run for longer than they may, whether or not they call the host', async () => {
    await using shell = await ShellRig.create({ cores: 1, programLimitMs: 1000 });
    const reason = 'it ran for longer than 1 s, which is all that a program may take';
    for (const [command, fix] of [
      ['loop', { kind: 'none' }],
      ['spin', self],
    ] as const) {
      const { result } = await shell.run(['say x', command], { fix });
      assert.deepEqual(result, { outcome: 'failed', reason });
    }
    const [looping, neighbour] = await Promise.all([
      shell.run([`claim ${commit}`, 'loop'], { fix: self }),
      shell.run(['claim git:neighbour', 'sleep 2000', 'write $out x'], { fix: self }),
    ]);
    assert.deepEqual(looping.result, { outcome: 'failed', reason });
    assert.equal(neighbour.result.outcome, 'finished');
    assert.deepEqual(neighbour.claims, ['git:neighbour']);
  });

  it('that never wait still let those in their thread have their turn', async () => {
    await using shell = await ShellRig.create({ cores: 1 });
    const abort = new AbortController();
    const started = Promise.withResolvers<void>();
    const spinning = shell.run(['say x', 'spin'], {
      fix: self,
      signal: abort.signal,
      onLog: () => started.resolve(),
    });
    await started.promise;
    const neighbours = await Promise.all(
      ['a', 'b', 'c'].map((word) =>
        shell.run([`claim git:${word}`, 'sleep 5', `write $out ${word}`], { fix: self }),
      ),
    );
    for (const { result } of neighbours) assert.equal(result.outcome, 'finished');
    abort.abort(new Error('cancelled'));
    await assert.rejects(spinning, /cancelled/);
  });

  it('by closing the executor lets nobody wait', async () => {
    await using shell = await ShellRig.create({ cores: 1 });
    const started = Promise.withResolvers<void>();
    const waiting = shell.run(['say x', 'sleep 1000000'], { fix: self, onLog: () => started.resolve() });
    const rejected = assert.rejects(waiting, /the executor has been closed/);
    await started.promise;
    await shell.executor.close();
    await rejected;
  });
});
