import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWasmExecutor } from '../../src/realizer/executors/index.ts';
import { programLimits } from '../../src/realizer/executors/wasm/limits.ts';
import { personalLimits } from '../../src/realizer/program-limits.ts';
import { Rig, type Run } from './support/rig.ts';
import { compile } from './support/shell.ts';

/** Each function's parameters: `i` for 32 bits, `I` for 64; a first `d` is a descriptor. */
const signatures: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  wasi_snapshot_preview1: {
    args_get: 'ii',
    args_sizes_get: 'ii',
    environ_get: 'ii',
    environ_sizes_get: 'ii',
    clock_res_get: 'ii',
    clock_time_get: 'iIi',
    fd_advise: 'dIIi',
    fd_allocate: 'dII',
    fd_close: 'i',
    fd_datasync: 'd',
    fd_fdstat_get: 'di',
    fd_fdstat_set_flags: 'di',
    fd_fdstat_set_rights: 'dII',
    fd_filestat_get: 'di',
    fd_filestat_set_size: 'dI',
    fd_filestat_set_times: 'dIIi',
    fd_pread: 'diiIi',
    fd_prestat_get: 'di',
    fd_prestat_dir_name: 'dii',
    fd_pwrite: 'diiIi',
    fd_read: 'diii',
    fd_readdir: 'diiIi',
    fd_renumber: 'ii',
    fd_seek: 'dIii',
    fd_sync: 'd',
    fd_tell: 'di',
    fd_write: 'diii',
    path_create_directory: 'dii',
    path_filestat_get: 'diiii',
    path_filestat_set_times: 'diiiIIi',
    path_link: 'diiidii',
    path_open: 'diiiiIIii',
    path_readlink: 'diiiii',
    path_remove_directory: 'dii',
    path_rename: 'diidii',
    path_symlink: 'iidii',
    path_unlink_file: 'dii',
    poll_oneoff: 'iiii',
    proc_raise: 'i',
    random_get: 'ii',
    sched_yield: '',
    sock_accept: 'iii',
    sock_recv: 'iiiiii',
    sock_send: 'iiiii',
    sock_shutdown: 'ii',
  },
  cab: {
    request_open: 'iiii',
    response_status: 'i',
    response_header: 'iiiii',
    response_read: 'iii',
    response_close: 'i',
    file_set_executable: 'di',
    path_set_executable: 'diii',
    path_is_executable: 'dii',
    content_find: 'iii',
    content_place: 'iidii',
    content_name: 'iidii',
    filter_open: 'dii',
    filter_write: 'iii',
    filter_read: 'iii',
    filter_close: 'i',
  },
};

const numbers = ['0', '1', '65530', '65536', '0x7fffffff', '-1', '-8', '(-0x7fffffff-1)'];
const descriptors = ['0', '2', '3', '4', '5', '-1'];

for (const fix of ['none', 'self'] as const) {
  it(`the host answers whatever numbers a program of fix '${fix}' passes`, async () => {
    await using rig = await Rig.create();
    const executor = rig.open(createWasmExecutor);
    const builder = rig.add('hostile.wasm', await compile(hostileProgram(), ['--initialMemory=1']));
    const { result, log } = await rig.run(executor, rig.derivation({ builder, fix: { kind: fix } }));
    assert.ok(result.outcome === 'failed', JSON.stringify(result));
    assert.equal(result.reason, 'exit code 42', log.join('\n'));
  });
}

/** What the programs below call, and the few bytes of memory that they use. */
const greedy = `
@external("wasi_snapshot_preview1", "path_open") declare function path_open(fd: i32, lookup: i32, path: usize, length: i32, flags: i32, rights: i64, inheriting: i64, fdflags: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "path_create_directory") declare function path_create_directory(fd: i32, path: usize, length: i32): i32;
@external("wasi_snapshot_preview1", "fd_filestat_set_size") declare function fd_filestat_set_size(fd: i32, size: i64): i32;
@external("wasi_snapshot_preview1", "fd_pwrite") declare function fd_pwrite(fd: i32, buffers: usize, count: i32, offset: i64, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_write") declare function fd_write(fd: i32, buffers: usize, count: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_close") declare function fd_close(fd: i32): i32;
@external("wasi_snapshot_preview1", "environ_get") declare function environ_get(pointers: usize, bytes: usize): i32;
@external("wasi_snapshot_preview1", "proc_exit") declare function proc_exit(code: i32): void;
const NAME = memory.data<u8>([110]);
const ANSWER = memory.data(8, 8);
const BUFFERS = memory.data(16384, 8);
const BYTES = memory.data(65536, 8);
function expect(actual: i32, expected: i32, code: i32): void { if (actual != expected) proc_exit(code); }
function open(flags: i32): i32 { return path_open(3, 0, NAME, 1, flags, -1, 0, 0, ANSWER); }
`;

async function runGreedy(source: string): Promise<Run> {
  await using rig = await Rig.create();
  const executor = rig.open(createWasmExecutor);
  const builder = rig.add('greedy.wasm', await compile(`${greedy}${source}`));
  return await rig.run(executor, rig.derivation({ builder }));
}

const { descriptors: descriptorLimit, buffers: bufferLimit, depth } = programLimits;
const { files: fileLimit } = personalLimits;
const errno = { fileTooBig: 22, invalid: 28, tooManyDescriptors: 33, noSpace: 51 };

describe('a greedy program', () => {
  it('is refused more descriptors, buffers and bytes than it may have, and can go on', async () => {
    const { result } = await runGreedy(`
      expect(open(1), 0, 1);
      let count = 6;
      while (open(0) == 0) count++;
      expect(open(0), ${errno.tooManyDescriptors}, 2);
      expect(count, ${descriptorLimit}, 3);
      expect(fd_filestat_set_size(5, ${fileLimit} + 1), ${errno.noSpace}, 4);
      expect(fd_filestat_set_size(5, i64.MAX_VALUE), ${errno.fileTooBig}, 5);
      expect(fd_filestat_set_size(5, -1), ${errno.invalid}, 6);
      for (let i = 0; i < 1025; i++) { store<u32>(BUFFERS + 8 * i, NAME as u32); store<u32>(BUFFERS + 8 * i, 1, 4); }
      expect(fd_pwrite(5, BUFFERS, ${bufferLimit}, 0, ANSWER), 0, 7);
      expect(load<i32>(ANSWER), ${bufferLimit}, 8);
      expect(fd_pwrite(5, BUFFERS, ${bufferLimit} + 1, 0, ANSWER), ${errno.invalid}, 9);
      expect(fd_pwrite(5, BUFFERS, 1, ${fileLimit}, ANSWER), ${errno.noSpace}, 10);
      expect(fd_pwrite(5, BUFFERS, 1, i64.MAX_VALUE, ANSWER), ${errno.fileTooBig}, 11);
      proc_exit(42);`);
    assert.ok(result.outcome === 'failed');
    assert.equal(result.reason, 'exit code 42');
  });

  it('cannot nest directories without end', async () => {
    const { result } = await runGreedy(`
      environ_get(BUFFERS, BYTES);
      let pointer = load<u32>(BUFFERS);
      for (let i = 0; !(load<u8>(pointer) == 111 && load<u8>(pointer, 3) == 61); pointer = load<u32>(BUFFERS + 4 * ++i)) {}
      let length = 0;
      while (load<u8>(pointer + 4 + length) != 0) length++;
      expect(path_create_directory(4, pointer + 4, length), 0, 1);
      expect(path_open(4, 0, pointer + 4, length, 0, 0, 0, 0, ANSWER), 0, 2);
      for (let i = 0; i <= ${depth}; i++) {
        const parent = load<i32>(ANSWER);
        expect(path_create_directory(parent, NAME, 1), 0, 3);
        expect(path_open(parent, 0, NAME, 1, 0, 0, 0, 0, ANSWER), 0, 4);
        fd_close(parent);
      }`);
    assert.deepEqual(result, { outcome: 'failed', reason: 'its directories lie too deep in one another' });
  });

  it('has its log cut', async () => {
    const { log } = await runGreedy(`
      memory.fill(BYTES, 120, 65536);
      store<u32>(BUFFERS, BYTES as u32);
      store<u32>(BUFFERS, 65536, 4);
      for (let i = 0; i < 300; i++) expect(fd_write(1, BUFFERS, 1, ANSWER), 0, 1);`);
    assert.equal(log.filter((line) => line.length === 65_536).length, 256);
    assert.ok(log.some((line) => line.startsWith('(the log is cut here')));
  });

  it('ends by a trap where its calls go too deep', async () => {
    const { result } = await runGreedy(`
      function deeper(level: i32): i32 { return level < 0 ? 0 : deeper(level + 1) + level; }
      proc_exit(deeper(0));`);
    assert.ok(result.outcome === 'failed');
    assert.match(result.reason, /^trap: .*stack/i);
  });
});

/** Calls every function with every number in all places, and then ends with 42. */
function hostileProgram(): string {
  const declarations = Object.entries(signatures).flatMap(([module, functions]) =>
    Object.entries(functions).map(([name, signature]) => {
      const parameters = signature
        .split('')
        .map((kind, index) => `p${index}: ${kind === 'I' ? 'i64' : 'i32'}`);
      return `@external("${module}", "${name}") declare function ${name}(${parameters.join(', ')}): i32;`;
    }),
  );
  const calls = Object.values(signatures).flatMap((functions) =>
    Object.entries(functions).flatMap(([name, signature]) =>
      descriptors.flatMap((descriptor) =>
        numbers
          .filter(
            (number) =>
              !(name === 'fd_close' && number !== '-1') && !(name === 'fd_renumber' && number !== '-1'),
          )
          .map((number) => {
            const values = signature.split('').map((kind) => (kind === 'd' ? descriptor : number));
            return `  ${name}(${values.join(', ')});`;
          }),
      ),
    ),
  );
  const unique = [...new Set(calls)];
  return [
    ...declarations,
    '@external("wasi_snapshot_preview1", "proc_exit") declare function proc_exit(code: i32): void;',
    'memory.fill(0, 102, 8);',
    'path_open(3, 0, 0, 4, 1, -1, -1, 0, 16);',
    ...unique,
    'proc_exit(42);',
  ].join('\n');
}
