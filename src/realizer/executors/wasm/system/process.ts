import { errno } from '../files/errno.ts';
import type { ProgramContext } from '../program-context.ts';
import type { HostFunctions } from '../host-functions.ts';
import { writeStrings } from './records.ts';

/** Ends the program from within a call: thrown through its frames. */
export class ProgramExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}

/** `args_*`, `environ_*`, `proc_*`, `sched_yield` and `random_get`. */
export function processFunctions(context: ProgramContext): HostFunctions {
  const { memory } = context;
  const programArguments = context.arguments.map((text) => Buffer.from(text));
  const environment = Object.entries(context.environment).map(([name, value]) =>
    Buffer.from(`${name}=${value}`),
  );

  function writeSizes(strings: readonly Buffer[], count: number, size: number): number {
    memory().setUint32(count, strings.length);
    memory().setUint32(
      size,
      strings.reduce((sum, text) => sum + text.length + 1, 0),
    );
    return errno.success;
  }

  function writeAll(strings: readonly Buffer[], pointers: number, bytes: number): number {
    writeStrings(memory(), strings, pointers, bytes);
    return errno.success;
  }

  return {
    args_sizes_get: (count: number, size: number) => writeSizes(programArguments, count, size),
    args_get: (pointers: number, bytes: number) => writeAll(programArguments, pointers, bytes),
    environ_sizes_get: (count: number, size: number) => writeSizes(environment, count, size),
    environ_get: (pointers: number, bytes: number) => writeAll(environment, pointers, bytes),
    random_get(pointer: number, length: number): number {
      context.random(memory().bytes(pointer, length));
      return errno.success;
    },
    sched_yield: () => errno.success,
    proc_exit(code: number): never {
      throw new ProgramExit(code >>> 0);
    },
    proc_raise: () => errno.notSupported,
  };
}
