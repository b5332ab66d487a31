import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeTemporaryFolder, removeFolder } from '../../../scripts/temporary-folder.ts';
import { type WasiCompiler, findC, findRust } from '../../../scripts/wasi-compilers.ts';

const run = promisify(execFile);
const programs = fileURLToPath(new URL('../programs/', import.meta.url));

/** Compiles a program in C: a file of `tests/executors/programs`, or any other by its whole path. */
export function compileC(file: string, options: readonly string[] = []): Promise<Uint8Array> {
  return compileWith(findC(), [path.resolve(programs, file), '-O1', '-Wall', '-Werror', ...options]);
}

/** The same for one in Rust. */
export function compileRust(file: string): Promise<Uint8Array> {
  const options = ['--edition=2021', '-Copt-level=1', '-Cstrip=debuginfo', '-Dwarnings'];
  return compileWith(findRust(), [path.resolve(programs, file), ...options]);
}

async function compileWith(
  compiler: WasiCompiler | undefined,
  words: readonly string[],
): Promise<Uint8Array> {
  if (compiler === undefined) throw new Error('there is no such compiler here');
  const folder = await makeTemporaryFolder();
  try {
    const output = path.join(folder, 'program.wasm');
    await run(compiler.command, [...compiler.words, ...words, '-o', output]);
    return await readFile(output);
  } finally {
    await removeFolder(folder);
  }
}
