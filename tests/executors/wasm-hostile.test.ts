import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createWasmExecutor } from '../../src/realizer/executors/index.ts';
import { Rig } from './support/rig.ts';
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
    file_set_executable: 'di',
    path_set_executable: 'diii',
    path_is_executable: 'dii',
    filter_open: 'dii',
    filter_write: 'iii',
    filter_read: 'iii',
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
