import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { DerivationParts, ResolvedDerivation } from '../../src/derivations/index.ts';
import { DiagnosticError } from '../../src/diagnostics/index.ts';
import { createLinuxSandboxExecutor, hostToolsIdentity } from '../../src/realizer/executors/index.ts';
import { type NativeLimits, personalLimits } from '../../src/realizer/program-limits.ts';
import { Store } from '../../src/store/index.ts';
import { Rig, type Run, type RunOptions, defaultConfiguration } from './support/rig.ts';

const lacking = await whatIsLacking();
const skip = lacking === undefined ? false : `there is no sandbox here: ${lacking}`;
const self = { kind: 'self' } as const;

/** Builds with a script of the machine's own shell. */
class ScriptRig implements AsyncDisposable {
  readonly rig: Rig;
  readonly executor: ReturnType<typeof createLinuxSandboxExecutor>;

  private constructor(rig: Rig, native: Partial<NativeLimits>) {
    this.rig = rig;
    const limits = { ...personalLimits, native: { ...personalLimits.native, ...native } };
    this.executor = rig.open(createLinuxSandboxExecutor, { limits });
  }

  static async create(native: Partial<NativeLimits> = {}): Promise<ScriptRig> {
    return new ScriptRig(await Rig.create(), native);
  }

  run(script: string, parts: Partial<DerivationParts> = {}, options: RunOptions = {}): Promise<Run> {
    return this.rig.run(this.executor, this.derivation(script, parts), options);
  }

  derivation(script: string, parts: Partial<DerivationParts> = {}): ResolvedDerivation {
    return this.rig.derivation({
      builder: '/bin/sh',
      arguments: ['-eu', '-c', script],
      requiredRealizerFeatures: ['host-tools'],
      ...parts,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rig[Symbol.asyncDispose]();
  }
}

function toldWhereItWorks(script: string): string {
  return `if (${script}) 2> /dev/null; then echo "did ${script}"; fi`;
}

describe('a program in the Linux sandbox of which something is bounded', { skip }, () => {
  const mebibyte = 2 ** 20;
  const excesses: readonly (readonly [string, Partial<NativeLimits>, string, RegExp])[] = [
    [
      'processes',
      { processes: 30 },
      'for i in $(seq 60); do sleep 100 & done; wait',
      /^it had more than 30 processes and threads$/,
    ],
    [
      'memory',
      { memory: 64 * mebibyte },
      '{ head -c 200000000 /dev/zero; sleep 100; } | tail > $out',
      /^it used more than 67108864 bytes of memory$/,
    ],
    [
      'disk by many files',
      { disk: 8 * mebibyte },
      'mkdir a; for i in $(seq 20); do head -c 1000000 /dev/zero > a/$i; done; sleep 100',
      /^its files took more than 8388608 bytes$/,
    ],
  ];
  for (const [what, limits, script, reason] of excesses) {
    it(`is ended where it uses too much of ${what}`, async () => {
      await using build = await ScriptRig.create(limits);
      const { result } = await build.run(script);
      assert.ok(result.outcome === 'failed', result.outcome);
      assert.match(result.reason, reason);
    });
  }

  it('can make no file longer than that, and fill no folder that lies in memory', async () => {
    await using build = await ScriptRig.create({ disk: 8 * mebibyte, temporary: mebibyte });
    const scripts = [
      'head -c 9000000 /dev/zero > long',
      'truncate -s 1T sparse',
      'head -c 2000000 /dev/zero > /tmp/large',
      'head -c 2000000 /dev/zero > /dev/shm/large',
      'echo > /dev/file',
    ];
    const { result, log } = await build.run(
      [
        ...scripts.map(toldWhereItWorks),
        'echo > /dev/null; rm /tmp/large; head -c 1000 /dev/zero > /tmp/small; echo made > $out',
      ].join('\n'),
    );
    assert.deepEqual(
      log.filter((line) => line.startsWith('did ')),
      [],
    );
    assert.equal(result.outcome, 'finished', JSON.stringify(result));
  });

  it('counts what its processes share once, and is let be within its bounds', async () => {
    const limits = { memory: 128 * mebibyte, processes: 1000, disk: 64 * mebibyte, temporary: mebibyte };
    await using build = await ScriptRig.create(limits);
    // Copies of the shell that hold its text wait, together more than the bound if each counted by itself.
    const script = [
      "x=$(head -c 16000000 /dev/zero | tr '\\0' x)",
      'for i in 1 2 3 4 5 6 7 8; do (sleep 1; echo "${#x}" > /dev/null) & done; wait; echo made > $out',
    ].join('\n');
    const { result } = await build.run(script);
    assert.equal(result.outcome, 'finished', JSON.stringify(result));
  });
});

describe('a program in the Linux sandbox', { skip }, () => {
  it('makes files, directories and links, and mentions itself', async () => {
    await using build = await ScriptRig.create();
    const script =
      'mkdir -p $out/bin; echo "#!$out" > $out/bin/tool; chmod 755 $out/bin/tool; ln -s bin/tool $out/link';
    const first = await build.run(script);
    const second = await build.run(script, { environment: { other: 'derivation' } });
    assert.ok(first.result.outcome === 'finished' && second.result.outcome === 'finished');
    const path = first.result.outputs['out']?.path ?? '';
    assert.equal(second.result.outputs['out']?.path, path);
    assert.deepEqual(first.result.outputs['out']?.references, [path]);
    assert.deepEqual(build.rig.contents(first.result), {
      bin: 'directory',
      'bin/tool': `executable:#!${path}\n`,
      link: 'symlink:bin/tool',
    });
  });

  it("compiles with the machine's compiler, where it may use the machine's tools", async (t) => {
    await using build = await ScriptRig.create();
    const { result, log } = await build.run(
      `command -v cc > /dev/null || { echo no compiler; exit 9; }
       echo 'int puts(const char *); int main(void) { puts("hello"); return 0; }' > hello.c
       cc hello.c -o hello; ./hello | tee $out`,
    );
    if (log.includes('no compiler')) t.skip('the machine has no C compiler');
    else assert.deepEqual(build.rig.contents(result), { '': 'file:hello\n' });
  });

  it('has a fixed environment, name and folder', async () => {
    await using build = await ScriptRig.create();
    const { log } = await build.run(
      'unset PATH PWD OLDPWD; out=; while read -r line; do echo "$line"; done < /proc/self/environ; pwd; read -r name < /proc/sys/kernel/hostname; echo $name; echo "$TZ $LC_ALL $HOME $TMPDIR $SOURCE_DATE_EPOCH $CAB_CORES $greeting"',
      { environment: { greeting: 'hello' } },
    );
    assert.deepEqual(log.slice(-3), ['/build', 'cab', 'UTC C /no-home /tmp 315532800 2 hello']);
  });

  it('sees nothing of the machine but its inputs, and cannot change them', async () => {
    await using build = await ScriptRig.create();
    const input = build.rig.add('input', { 'a.txt': 'alpha' });
    const hidden = build.rig.add('hidden', { 'b.txt': 'beta' });
    const { result, log } = await build.run(
      `cat ${input}/a.txt; echo
       for path in ${hidden} /home /root /var /etc/hostname /etc/resolv.conf; do test ! -e $path || echo "there is $path"; done
       (echo no > ${input}/a.txt) 2> /dev/null || echo input is read-only
       (echo no > ${input}/b.txt) 2> /dev/null || echo input cannot grow
       rm -rf ${input} 2> /dev/null || echo input stays
       (echo no > /usr/cab) 2> /dev/null || echo usr is read-only
       (echo no > /cab.txt) 2> /dev/null || echo root is read-only
       id -u; test $(ls /proc | grep -c '^[0-9]') -lt 10 && echo few processes
       echo yes > $out`,
      { inputs: { derivations: [], trees: [input] } },
    );
    const answers = [
      'input is read-only',
      'input cannot grow',
      'input stays',
      'usr is read-only',
      'root is read-only',
    ];
    assert.deepEqual(log, ['alpha', ...answers, '1000', 'few processes']);
    assert.deepEqual(build.rig.contents(result), { '': 'file:yes\n' });
  });

  it('has no tools of the machine unless it requires them', async () => {
    await using build = await ScriptRig.create();
    const { result } = await build.run('true', { requiredRealizerFeatures: [] });
    assert.ok(result.outcome === 'failed');
  });

  it('has a network only where it is fixed or fixes itself', async (t) => {
    const server = createServer((_, response) => response.end('x'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    t.after(() => server.close());
    await using build = await ScriptRig.create();
    const script = `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}' 2> /dev/null && echo reached || echo refused; echo x > $out`;
    assert.deepEqual((await build.run(script)).log, ['refused']);
    assert.deepEqual((await build.run(script, { fix: self })).log, ['reached']);
    assert.deepEqual((await build.run(script, { fix: { kind: 'fixed', pins: { cab: 'x' } } })).log, [
      'reached',
    ]);
  });

  it('fails with its exit code, its signal or the output that it did not make', async () => {
    await using build = await ScriptRig.create();
    const { result: exited } = await build.run('exit 3');
    assert.deepEqual(exited, { outcome: 'failed', reason: 'exit code 3', exitCode: 3 });
    const { result: killed } = await build.run('kill -KILL $$');
    assert.deepEqual(killed, { outcome: 'failed', reason: 'killed by SIGKILL', exitCode: 137 });
    const { result: lacking } = await build.run('true');
    assert.deepEqual(lacking, {
      outcome: 'failed',
      reason: "it did not make the output 'out'",
      missingOutput: 'out',
    });
  });

  it('leaves nothing behind, even where it made folders read-only', async () => {
    await using build = await ScriptRig.create();
    await build.run('mkdir -p deep/er; touch deep/er/x; chmod 000 deep/er; chmod 555 deep; exit 1');
    assert.deepEqual(foldersOfBuilds(build.rig), []);
  });

  it('refers to the inputs that it mentions', async () => {
    await using build = await ScriptRig.create();
    const mentioned = build.rig.add('mentioned', { a: 'x' });
    const quiet = build.rig.add('quiet', { a: 'y' });
    const { result } = await build.run(`echo ${mentioned}/a > $out`, {
      inputs: { derivations: [], trees: [mentioned, quiet] },
    });
    assert.ok(result.outcome === 'finished');
    assert.deepEqual(result.outputs['out']?.references, [mentioned]);
  });
});

describe('the output of a program in the Linux sandbox', { skip }, () => {
  const fixes = [self, { kind: 'fixed', pins: { a: '1' } }] as const;

  for (const fix of fixes) {
    it(`refers to nothing where its fix is '${fix.kind}'`, async () => {
      await using build = await ScriptRig.create();
      const input = build.rig.add('input', { a: 'x' });
      const inputs = { derivations: [], trees: [input] };
      const { result: other } = await build.run(`mkdir $out; echo ${input}/a > $out/x`, { fix, inputs });
      assert.deepEqual(other, {
        outcome: 'failed',
        reason: `its output mentions the store path ${input}, and what is fixed may not refer to other outputs`,
      });
      const { result: link } = await build.run(`ln -s ${input} $out`, { fix, inputs });
      assert.equal(link.outcome, 'failed');
      const { result: own } = await build.run('mkdir $out; echo $out > $out/x', { fix, inputs });
      assert.ok(own.outcome === 'failed');
      assert.match(own.reason, /^its output mentions its own store path .*may not refer to itself$/);
      const { result: quiet } = await build.run(`cat ${input}/a > $out`, { fix, inputs });
      assert.equal(quiet.outcome, 'finished');
    });
  }

  it('is called by its path within it where the store cannot hold it', async () => {
    await using build = await ScriptRig.create();
    await assert.rejects(
      build.run('mkdir -p $out/bin; : > "$out/bin/$(printf "a\\377")"'),
      /cannot hold 'example\/bin\/a\u00ff': its name is not UTF-8/,
    );
    await assert.rejects(
      build.run('mkdir -p $out; ln -s "$(printf "a\\377")" $out/link'),
      /cannot hold 'example\/link': its target is not UTF-8/,
    );
  });

  it('is blamed on the disk where that is full', async (t) => {
    await using build = await ScriptRig.create();
    const disk = `${build.rig.folder}/disk`;
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      t.skip('this machine does not let a disk be mounted');
      return;
    }
    const store = Store.open(disk);
    try {
      const executor = createLinuxSandboxExecutor(store, defaultConfiguration);
      const derivation = build.derivation('head -c 20000000 /dev/zero > $out');
      await assert.rejects(build.rig.run(executor, derivation), isFullDisk);
      const { result } = await build.rig.run(executor, build.derivation('exit 5'));
      assert.deepEqual(result, { outcome: 'failed', reason: 'exit code 5', exitCode: 5 });
    } finally {
      store.close();
      execFileSync('umount', [disk]);
    }
  });
});

describe('what starts a program in the Linux sandbox', { skip }, () => {
  it('gives it the same stack whatever the stack of this process', async (t) => {
    await using build = await ScriptRig.create();
    using stack = setStack(64);
    if (!stack.isSet) t.skip('the limit of this process cannot be set');
    else assert.deepEqual((await build.run('ulimit -s; : > $out')).log, ['8192']);
  });

  it('passes on arguments whatever the stack of this process', async (t) => {
    await using build = await ScriptRig.create();
    const texts = Array.from({ length: 5 }, () => 'x'.repeat(100_000));
    using stack = setStack(1);
    if (!stack.isSet) t.skip('the limit of this process cannot be set');
    else
      assert.deepEqual(
        (await build.run('', { arguments: ['-c', 'echo $#; : > $out', 'sh', ...texts] })).log,
        ['5'],
      );
  });

  it('takes what Linux can pass, and says what is too long', async () => {
    await using build = await ScriptRig.create();
    const shell = ['-euc', 'echo $# ${#1} ${#big}; : > $out', 'sh'];
    const runWith = (texts: readonly string[], big = ''): Promise<Run> =>
      build.run('', { arguments: [...shell, ...texts], environment: { big } });
    const longest = 'x'.repeat(128 * 1024 - 1);
    const most = longest.slice('big='.length);
    assert.deepEqual((await runWith([longest, 'y'], most)).log, [`2 ${longest.length} ${most.length}`]);
    const many = Array.from({ length: 15 }, () => longest);
    assert.deepEqual((await runWith(many)).log, [`15 ${longest.length} 0`]);

    await assertRefused(runWith([`${longest}x`]), /^its argument 4 is 131072 bytes long, .* at most 131071/);
    await assertRefused(runWith([], `${most}x`), /^its environment variable 'big' is 131072 bytes long/);
    await assertRefused(
      runWith([...many, longest]),
      /^its arguments and environment take 2\d{6} bytes together/,
    );
    const small = Array.from({ length: 9000 }, () => 'x');
    await assertRefused(runWith(small), /^its 9003 arguments, .* of bubblewrap, which takes 9000$/);
    assert.deepEqual((await runWith(small.slice(300))).log, ['8700 1 0']);
  });
});

describe('the process of a program in the Linux sandbox', { skip }, () => {
  it('is one of many at a time, each with its own log and end', async () => {
    await using build = await ScriptRig.create();
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    const runs = await Promise.all(
      numbers.map((number) => build.run(`echo ${number}; echo e${number} >&2; : > $out; exit ${number % 3}`)),
    );
    for (const [number, { result, log }] of runs.entries()) {
      assert.deepEqual(log.toSorted(), [`${number}`, `e${number}`]);
      if (number % 3 === 0) assert.equal(result.outcome, 'finished');
      else assert.ok(result.outcome === 'failed' && result.exitCode === number % 3);
    }
  });

  it('is not kept once it has ended', async () => {
    await using build = await ScriptRig.create();
    for (let count = 0; count < 20; count++) await build.run(': > $out');
    const started = childrenOf(process.pid).flatMap(childrenOf);
    // The shell forgets the last ones when it starts the next.
    assert.ok(started.length <= 5, `there are ${started.length}`);
  });

  it('may be killed from outside, and so may the shell that waits for it', async () => {
    await using build = await ScriptRig.create();
    const killed = build.run('echo started; sleep 1000', {}, { onLog: () => killShells(build.rig) });
    assert.deepEqual((await killed).result, { outcome: 'failed', reason: 'killed by SIGKILL' });
    assert.equal((await build.run(': > $out')).result.outcome, 'finished');
  });

  it('ends where Cab is killed', async () => {
    await using build = await ScriptRig.create();
    const script = `
      import { Rig } from ${JSON.stringify(new URL('support/rig.ts', import.meta.url).href)};
      import { createLinuxSandboxExecutor } from ${JSON.stringify(new URL('../../src/realizer/executors/index.ts', import.meta.url).href)};
      const rig = await Rig.create();
      const features = ['host-tools'];
      const derivation = rig.derivation({ builder: '/bin/sh', arguments: ['-c', 'echo started; sleep 1000'], requiredRealizerFeatures: features });
      void rig.run(rig.open(createLinuxSandboxExecutor), derivation, { onLog: () => console.log(rig.folder) });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: build.rig.folder },
    });
    let folder = '';
    for await (const piece of child.stdout) {
      folder = String(piece).trim();
      assert.ok(holdersOf(folder, '/output').length > 0);
      child.kill('SIGKILL');
    }
    while (holdersOf(folder, '/output').length > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('the claims of a program in the Linux sandbox', { skip }, () => {
  it('go through a FIFO, in order, and none is lost at the end', async () => {
    await using build = await ScriptRig.create();
    const numbers = Array.from({ length: 300 }, (_, index) => `number:${index}`);
    const script = `test -p fix; echo x > $out; echo git:abc > fix; for i in $(seq 0 299); do echo number:$i; done > fix`;
    const { result, claims } = await build.run(script, { fix: self });
    assert.equal(result.outcome, 'finished');
    assert.deepEqual(claims, ['git:abc', ...numbers]);
  });

  it('can end it, with all that it started', async () => {
    await using build = await ScriptRig.create();
    const { result } = await build.run(
      'sleep 1000 & echo git:abc > fix; wait',
      { fix: self },
      { onClaim: () => 'stop' },
    );
    assert.deepEqual(result, { outcome: 'stopped' });
  });

  it('fail it where they are malformed', async () => {
    await using build = await ScriptRig.create();
    const { result } = await build.run('echo no claim > fix; sleep 1000', { fix: self });
    assert.deepEqual(result, {
      outcome: 'failed',
      reason: "malformed claim 'no claim'",
      malformedClaim: 'no claim',
    });
    const { result: last } = await build.run('printf "no claim" > fix; echo x > $out', { fix: self });
    assert.ok(last.outcome === 'failed');
    assert.equal(last.malformedClaim, 'no claim');
  });

  it('need no line feed behind the last one, unless it fails', async () => {
    await using build = await ScriptRig.create();
    const well = await build.run('printf "a:1\nb:2" > fix; echo x > $out', { fix: self });
    assert.equal(well.result.outcome, 'finished');
    assert.deepEqual(well.claims, ['a:1', 'b:2']);
    const badly = await build.run('printf "a:1\nb:2" > fix; exit 4', { fix: self });
    assert.ok(badly.result.outcome === 'failed');
    assert.equal(badly.result.exitCode, 4);
    assert.deepEqual(badly.claims, ['a:1']);
  });

  it('are judged in their order: what comes behind one that ends it is not looked at', async () => {
    await using build = await ScriptRig.create();
    const script = 'printf "git:abc\nno claim\n" > fix; sleep 1000';
    const { result } = await build.run(script, { fix: self }, { onClaim: () => 'stop' });
    assert.deepEqual(result, { outcome: 'stopped' });
  });

  it('pass on what goes wrong with asking', async () => {
    await using build = await ScriptRig.create();
    await assert.rejects(
      build.run('echo git:abc > fix; sleep 1000', { fix: self }, { onClaim: failToAnswer }),
      /asked in vain/,
    );
  });
});

describe('cancelling a program in the Linux sandbox', { skip }, () => {
  it('ends it and all that it started', async () => {
    await using build = await ScriptRig.create();
    const abort = new AbortController();
    const run = build.run(
      'echo started; sleep 1000 & sleep 1000',
      {},
      {
        signal: abort.signal,
        onLog: () => abort.abort(new Error('cancelled')),
      },
    );
    await assert.rejects(run, /cancelled/);
    assert.deepEqual(foldersOfBuilds(build.rig), []);
  });

  it('ends it at whatever moment of its beginning that happens', async () => {
    await using build = await ScriptRig.create();
    await build.run(': > $out');
    // A program that goes on holds the streams that its end is waited for by.
    const runs = Array.from({ length: 40 }, async (_, moment) => {
      const signal = AbortSignal.timeout(moment);
      const environment = { moment: String(moment) };
      await assert.rejects(build.run('sleep 1000', { environment }, { signal }));
    });
    await Promise.all(runs);
    assert.deepEqual(foldersOfBuilds(build.rig), []);
  });
});

describe("the identity of the machine's tools", () => {
  it('is the same each time, and part only of what uses them', async () => {
    await using rig = await Rig.create();
    const executor = rig.open(createLinuxSandboxExecutor);
    const identity = await hostToolsIdentity();
    assert.match(identity, /^[0-9a-f]{64}$/);
    const using = rig.derivation({ builder: '/bin/sh', requiredRealizerFeatures: ['host-tools'] });
    assert.equal(await executor.identity(using), identity);
    assert.equal(await executor.identity(rig.derivation({ builder: '/bin/sh' })), undefined);
  });
});

function childrenOf(parent: number): readonly number[] {
  return readdirSync(`/proc/${parent}/task`).flatMap((thread) => {
    const children = readFileSync(`/proc/${parent}/task/${thread}/children`, 'utf8').trim();
    return children === '' ? [] : children.split(' ').map(Number);
  });
}

/** Kills the shells that wait for programs: they hold the FIFO for the exit code. */
function killShells({ folder }: Rig): void {
  for (const shell of holdersOf(folder, '/status')) process.kill(shell, 'SIGKILL');
}

/** The other processes that have a file of the folder open whose path ends so. */
function holdersOf(folder: string, end: string): readonly number[] {
  const processes = readdirSync('/proc').map(Number);
  return processes.filter((each) => {
    if (each === process.pid || !(each > 0)) return false;
    return filesOf(each).some((file) => file.startsWith(folder) && file.endsWith(end));
  });
}

function filesOf(holder: number): readonly string[] {
  try {
    const folder = `/proc/${holder}/fd`;
    return readdirSync(folder).map((descriptor) => readlinkSync(`${folder}/${descriptor}`));
  } catch {
    // It has just ended, or closed one of them.
    return [];
  }
}

/** What is there of builds that are under way. */
function foldersOfBuilds(rig: Rig): readonly string[] {
  return readdirSync(`${rig.store.folder}/temporary`).filter((name) => name.endsWith('-build'));
}

/** Sets the stack that this process gives to those it starts, in MiB, until it is disposed of. */
function setStack(size: number): Disposable & { readonly isSet: boolean } {
  return { isSet: limitStack(size), [Symbol.dispose]: () => void limitStack(8) };
}

function limitStack(size: number): boolean {
  const limit = `--stack=${size * 1024 * 1024}:`;
  return spawnSync('prlimit', ['--pid', String(process.pid), limit]).status === 0;
}

async function assertRefused(run: Promise<Run>, reason: RegExp): Promise<void> {
  const { result } = await run;
  assert.ok(result.outcome === 'failed');
  assert.match(result.reason, reason);
}

function isFullDisk(error: unknown): boolean {
  return error instanceof DiagnosticError && error.diagnostics[0]?.code === 'CAB5002';
}

function failToAnswer(): Promise<never> {
  return Promise.reject(new Error('asked in vain'));
}

async function whatIsLacking(): Promise<string | undefined> {
  await using rig = await Rig.create();
  const executor = rig.open(createLinuxSandboxExecutor);
  if ((await executor.features()).size > 0) return undefined;
  return [...(await executor.missing()).values()][0] ?? 'this is not Linux';
}
