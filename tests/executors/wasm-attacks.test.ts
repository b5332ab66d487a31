import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWasmExecutor } from '../../src/realizer/executors/index.ts';
import { type ProgramLimits, serverLimits } from '../../src/realizer/program-limits.ts';
import { unsigned, wasmModule } from '../support/wasm-module.ts';
import { Rig, type Run } from './support/rig.ts';
import { compile } from './support/shell.ts';
import { ShellRig, failureOf } from './support/shell-rig.ts';
import { TestServer } from './support/test-server.ts';

const self = { kind: 'self' } as const;
const mebibyte = 2 ** 20;

/** A server's, but for what would take a test too long. */
const limits: ProgramLimits = {
  ...serverLimits,
  files: 16 * mebibyte,
  written: 64 * mebibyte,
  nodes: 20_000,
  received: 4 * mebibyte,
  logLines: 10_000,
  heldUpMs: 400,
  durationMs: 60_000,
};
const overdue = 'it went on for longer than 0.5 s, which is all that a program may take with its waiting';

const opcode = {
  loop: 0x03,
  branch: 0x0c,
  end: 0x0b,
  call: 0x10,
  i32: 0x41,
  drop: 0x1a,
  tryTable: 0x1f,
} as const;
const empty = 0x40;
const forEver = [opcode.loop, empty, opcode.branch, 0, opcode.end];
/** Calls the host, and goes on whatever comes of it. */
const callAndCatch = (...call: readonly number[]): number[] => [
  0x02,
  empty,
  opcode.tryTable,
  empty,
  ...unsigned(1),
  0x02 /* catch_all */,
  0,
  ...call,
  opcode.end,
  opcode.end,
];

async function runModule(
  binary: Uint8Array,
  options: Partial<Record<'fix', typeof self>> & { limits?: Partial<ProgramLimits> } = {},
): Promise<Run> {
  await using rig = await Rig.create();
  const executor = rig.open(createWasmExecutor, { limits: { ...limits, ...options.limits } });
  const builder = rig.add('module.wasm', binary);
  return await rig.run(executor, rig.derivation({ builder, fix: options.fix ?? { kind: 'none' } }));
}

/** Answers how long this thread was kept from its work at most, in milliseconds, while something went on. */
async function longestHold<T>(
  operation: () => Promise<T>,
): Promise<{ readonly value: T; readonly heldMs: number }> {
  let heldMs = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    heldMs = Math.max(heldMs, now - last - 5);
    last = now;
  }, 5);
  try {
    return { value: await operation(), heldMs };
  } finally {
    clearInterval(timer);
  }
}

function reasonOf({ result }: Run): string {
  assert.ok(result.outcome === 'failed', JSON.stringify(result));
  return result.reason;
}

describe('a program that never ends', () => {
  const attacks: readonly (() => Uint8Array)[] = [
    () => wasmModule({ functions: [{ code: forEver }] }),
    // While it is being made.
    () => wasmModule({ functions: [{ code: [] }, { code: forEver }], start: 1 }),
    // Although it has ended itself, which it catches.
    () =>
      wasmModule({
        imports: [{ module: 'wasi_snapshot_preview1', name: 'proc_exit', parameters: 1 }],
        functions: [{ code: [...callAndCatch(opcode.i32, 0, opcode.call, 0), ...forEver] }],
      }),
  ];

  it('does not keep those that share its thread from theirs', { timeout: 60_000 }, async (t) => {
    await using server = await TestServer.start((_, response) => response.end('x'));
    const cores = attacks.length + 1;
    await using shell = await ShellRig.create({ cores, limits: { ...limits, durationMs: 60_000 } });
    const abort = new AbortController();
    const startedMs = performance.now();
    const { heldMs } = await longestHold(async () => {
      const attackers = attacks.map((module) => {
        const builder = shell.rig.add('module.wasm', module());
        const { signal } = abort;
        return assert.rejects(
          shell.rig.run(shell.executor, shell.rig.derivation({ builder, fix: self }), { signal }),
        );
      });
      const others = [1, 2, 3, 4, 5, 6].map((number) =>
        shell.run([`get ${server.url}/${number}`, 'sleep 50', 'write $out x'], { fix: self }),
      );
      for (const { result } of await Promise.all(others)) assert.equal(result.outcome, 'finished');
      abort.abort(new Error('cancelled'));
      await Promise.all(attackers);
    });
    const tookMs = performance.now() - startedMs;
    t.diagnostic(
      `the others took ${Math.round(tookMs)} ms, this thread was held for ${Math.round(heldMs)} ms at most`,
    );
  });

  it('is ended', async () => {
    const runs = attacks.map((module) => runModule(module(), { fix: self, limits: { durationMs: 500 } }));
    for (const run of await Promise.all(runs)) assert.equal(reasonOf(run), overdue);
  });

  it('and calls the host all the time, catching what comes of it, comes no further than to its next call', async () => {
    const module = wasmModule({
      imports: [{ module: 'wasi_snapshot_preview1', name: 'proc_exit', parameters: 1 }],
      functions: [{ code: callAndCatch(opcode.i32, 7, opcode.call, 0) }],
    });
    assert.equal(reasonOf(await runModule(module)), 'exit code 7');
  });

  it('and only waits is ended', async () => {
    await using shell = await ShellRig.create({ limits: { ...limits, durationMs: 300 } });
    assert.match(
      reasonOf(await shell.run(['sleep 1000000000'], { fix: self })),
      /^it went on for longer than 0.3 s/,
    );
    // Where the clock stands still it does not even wait.
    await using patient = await ShellRig.create({ limits });
    const { result } = await patient.run(['sleep 1000000000', 'write $out x']);
    assert.equal(result.outcome, 'finished');
  });
});

describe('a server that never ends', () => {
  it('one byte after another, costs no more than the time of one program', async () => {
    await using server = await TestServer.start((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(timer));
    });
    await using shell = await ShellRig.create({
      limits: { ...limits, durationMs: 700 },
      requestTimeoutMs: 500,
    });
    assert.match(
      reasonOf(await shell.run([`get ${server.url}/`], { fix: self })),
      /^it went on for longer than 0.7 s/,
    );
  });

  it('in its header, is given up', async () => {
    await using server = await TestServer.start((_, response) => {
      const timer = setInterval(() => response.socket?.write('x: y\r\n'), 20);
      response.socket?.write('HTTP/1.1 200 OK\r\n');
      response.socket?.once('close', () => clearInterval(timer));
    });
    await using shell = await ShellRig.create({ limits, requestTimeoutMs: 300 });
    const { result } = await shell.run([`post ${server.url}/ text/plain x`, 'exit 1'], { fix: self });
    assert.ok(['timeout', 'cut', 'unreachable'].includes(failureOf(result).kind), JSON.stringify(result));
  });

  it('with all its might, is cut at what a program may receive', async () => {
    const piece = Buffer.alloc(65_536, 'x');
    await using server = await TestServer.start((_, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(piece));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    });
    await using shell = await ShellRig.create({ limits });
    const { result, log } = await shell.run([`get ${server.url}/`, `get ${server.url}/more`, 'exit 1'], {
      fix: self,
    });
    assert.match(log[0] ?? '', /^fetch: 200 none error -3$/);
    assert.match(failureOf(result).detail, /^more than 4194304 bytes came/);
  });
});

describe('a bomb of memory', () => {
  it('in memories, tables or what the engine collects is refused before it is set off', async () => {
    const functions = [{ code: forEver }];
    const cases: readonly (readonly [Uint8Array, RegExp])[] = [
      [
        wasmModule({ functions, memories: [[0, ...unsigned(20_000)]] }),
        /needs 1310720000 bytes of memory, and may have/,
      ],
      [
        wasmModule({
          functions,
          memories: [
            [0, 1],
            [0, 1],
          ],
        }),
        /more than one memory/,
      ],
      [wasmModule({ functions, memories: [[3, 1, 1]] }), /shared/],
      [
        wasmModule({
          functions,
          tables: Array.from({ length: 100 }, () => [0x70, 0, ...unsigned(10_000_000)]),
        }),
        /tables need 1000000000 entries/,
      ],
      [
        wasmModule({ functions, tables: Array.from({ length: 101 }, () => [0x70, 0, 0]) }),
        /it has 101 tables/,
      ],
      [wasmModule({ functions, types: [[0x5e, 0x7e, 1]] }), /memory that the engine collects/],
      [wasmModule({ functions, types: [[0x4e, 1, 0x5f, 1, 0x6f, 1]] }), /memory that the engine collects/],
    ];
    for (const [module, reason] of cases) assert.match(reasonOf(await runModule(module)), reason);
  });

  it('comes no further than to the limit while it grows', async () => {
    // Until a table of references grows no more, which then is the exit code's worth: 3 where it was stopped as it should be.
    const grow = [
      0xd0,
      0x6f,
      opcode.i32,
      ...unsigned(50_000),
      0xfc,
      0x0f,
      0,
      opcode.i32,
      0x7f,
      0x46,
      0x04,
      empty,
      opcode.i32,
      3,
      opcode.call,
      0,
      opcode.end,
    ];
    const module = wasmModule({
      imports: [{ module: 'wasi_snapshot_preview1', name: 'proc_exit', parameters: 1 }],
      tables: [[0x6f, 0, 0]],
      functions: [{ code: [opcode.loop, empty, ...grow, opcode.branch, 0, opcode.end] }],
    });
    assert.equal(reasonOf(await runModule(module)), 'exit code 3');
    await using shell = await ShellRig.create({ limits: { ...limits, memory: 32 * mebibyte } });
    assert.deepEqual(await shell.logOf(['grow 400', 'grow 600']), ['grow: yes', 'grow: no']);
  });

  it('in what the realizer keeps about it takes down nobody else', { timeout: 60_000 }, async () => {
    await using shell = await ShellRig.create({
      cores: 1,
      limits: { ...limits, nodes: 4_000_000, threadHeap: 64 * mebibyte, durationMs: 60_000 },
    });
    const builder = shell.rig.add('files.wasm', await compile(manyFiles('proc_exit(9);')));
    const others = [1, 2].map(() => shell.run(['sleep 600', 'write $out x'], { fix: self }));
    const attacker = await shell.rig.run(shell.executor, shell.rig.derivation({ builder, fix: self }));
    assert.match(reasonOf(attacker), /memory limit/);
    for (const { result } of await Promise.all(others)) assert.equal(result.outcome, 'finished');
  });
});

describe('a bomb of code', () => {
  it('is refused where it is too large, and else holds nobody up', async (t) => {
    const functions = Array.from({ length: 60_000 }, () => ({
      code: [opcode.i32, 1, opcode.drop, opcode.i32, 1, opcode.drop],
    }));
    const bomb = wasmModule({ functions });
    assert.match(
      reasonOf(await runModule(bomb, { limits: { module: 100_000 } })),
      /bytes, and may have 100000$/,
    );
    const { value, heldMs } = await longestHold(() => runModule(bomb));
    assert.equal(reasonOf(value), "it did not make the output 'out'");
    t.diagnostic(`this thread was held for at most ${Math.round(heldMs)} ms`);
  });

  it('names no more of its imports than anyone would read', async () => {
    const imports = Array.from({ length: 50_000 }, (_, index) => ({
      module: 'env',
      name: `f${index}`,
      parameters: 0 as const,
    }));
    const reason = reasonOf(await runModule(wasmModule({ imports, functions: [{ code: [] }] })));
    assert.match(reason, /env\.f9 and 49990 others$/);
  });
});

/** Makes empty files until that is refused, and then does what follows. */
function manyFiles(then: string): string {
  return `
@external("wasi_snapshot_preview1", "path_open") declare function path_open(fd: i32, lookup: i32, path: usize, length: i32, flags: i32, rights: i64, inheriting: i64, fdflags: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_close") declare function fd_close(fd: i32): i32;
@external("wasi_snapshot_preview1", "proc_exit") declare function proc_exit(code: i32): void;
const NAME = memory.data(8, 8);
const ANSWER = memory.data(8, 8);
let count: u32 = 0;
let fault = 0;
do {
  for (let i = 0; i < 8; i++) store<u8>(NAME + i, (97 + ((count >> (4 * i)) & 15)) as u8);
  fault = path_open(3, 0, NAME, 8, 1, -1, 0, 0, ANSWER);
  if (fault == 0) fd_close(load<i32>(ANSWER));
  count++;
} while (fault == 0);
${then}`;
}

describe('a bomb of files', () => {
  it('is a number of files that is bounded', async () => {
    const binary = await compile(
      manyFiles(`proc_exit(fault == 51 && count == ${limits.nodes} + 1 ? 42 : 1);`),
    );
    assert.equal(reasonOf(await runModule(binary)), 'exit code 42');
  });

  it('is a number of files in one directory that is bounded', async () => {
    const binary = await compile(manyFiles('proc_exit(fault == 51 && count == 100 + 1 ? 42 : 1);'));
    const run = await runModule(binary, { limits: { directoryEntries: 100 } });
    assert.equal(reasonOf(run), 'exit code 42');
    await using shell = await ShellRig.create({ limits: { ...limits, directoryEntries: 3 } });
    const log = await shell.logOf([
      'mkdir d',
      'create d/a',
      'create d/b',
      'create d/c',
      'create x',
      'rename x d/x',
      'link d/a d/y',
    ]);
    assert.deepEqual(log, ['rename: error 51', 'link: error 51']);
  });

  it('is bounded in bytes, be they of holes', async () => {
    await using shell = await ShellRig.create({ limits });
    const log = await shell.logOf([
      'create a',
      'truncate a 1000000000000',
      'patch a 999999999999 x',
      'hold b',
      'held-seek 1000000000000 0',
      'held-write x',
      'held-close',
      'fill c 17000000',
    ]);
    // At last there is no room for the output either.
    const commands = ['truncate', 'patch', 'held-write', 'fill', 'write'];
    assert.deepEqual(
      log,
      commands.map((command) => `${command}: error 51`),
    );
  });

  it('does not fill the disk by content that it gives up again', async () => {
    await using shell = await ShellRig.create({ limits });
    const rounds = Array.from({ length: 8 }, () => ['fill a 10000000', 'unlink a']).flat();
    const log = await shell.logOf(rounds);
    assert.deepEqual(log, ['fill: error 51', 'fill: error 51']);
  });

  it('does not fill the disk by copies of what it may not change', async () => {
    await using shell = await ShellRig.create({ limits });
    const input = shell.rig.add('input', Buffer.alloc(10_000_000, 'x'));
    const log = await shell.logOf([`link ${input} a`, `link ${input} b`, 'patch a 0 y', 'patch b 0 y'], {
      inputs: [input],
    });
    assert.deepEqual(log, ['patch: error 51']);
  });
});

describe('a flood', () => {
  it('of lines of the log is cut', async () => {
    await using shell = await ShellRig.create({ limits: { ...limits, logLines: 10 } });
    const log = await shell.logOf(Array.from({ length: 20 }, (_, index) => `say ${index}`));
    assert.deepEqual(log, [
      ...Array.from({ length: 10 }, (_, index) => String(index)),
      '(the log is cut here: it may hold 10 lines)',
    ]);
  });

  it('of claims is passed on as far as anyone listens', async () => {
    await using shell = await ShellRig.create({ limits });
    const words = Array.from({ length: 1500 }, (_, index) => `claim a:${index}`);
    const { claims } = await shell.run([...words, 'claim a:1', 'claim a:1'], { fix: self });
    assert.equal(claims.length, 1001);
    assert.equal(new Set(claims).size, 1001);
  });
});

describe('a program that looks beyond what it is given', () => {
  it('finds no file of the machine', async () => {
    await using shell = await ShellRig.create({ limits });
    const paths = [
      '/etc/passwd',
      '../etc/passwd',
      '../../../../etc/passwd',
      '/proc/self/environ',
      '/cab/store/../../../etc/passwd',
      `${shell.rig.folder}/store`,
    ];
    const log = await shell.logOf([
      ...paths.map((path) => `read ${path}`),
      'symlink /etc/passwd a',
      'read a',
      'symlink ../../../../etc b',
      'read b/passwd',
      'symlink / c',
      'list c',
    ]);
    for (const line of log.slice(0, -1)) assert.match(line, /error (44|76)|error -/, line);
    assert.equal(log.at(-1)?.includes('etc'), false);
  });

  it('has no clock, no chance and no network in an ordinary build', async () => {
    const look = ['clock 0', 'clock 1', 'random', 'get http://127.0.0.1:1/', 'sleep 20', 'clock 1', 'random'];
    const logs: (readonly string[])[] = [];
    for (let run = 0; run < 2; run++) {
      await using shell = await ShellRig.create({ limits });
      logs.push(await shell.logOf(look));
    }
    assert.deepEqual(logs[0], logs[1]);
    assert.equal(logs[0]?.[3], 'fetch: error -3');
    assert.equal(logs[0]?.[1], logs[0]?.[4]);
  });
});
