/** Compiles the WebAssembly programs from AssemblyScript. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { main as compile } from 'assemblyscript/asc';
import { shrink } from './shrink.ts';
import { DATA_START, textPool } from './text-pool.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface Program {
  /** The module's name, without `.wasm`. */
  readonly name: string;
  /** The entry file, below the project's root. */
  readonly entry: string;
}

export const programs: readonly Program[] = [
  { name: 'fetch', entry: 'fetcher/index.ts' },
  { name: 'download', entry: 'fetcher/download/index.ts' },
  { name: 'unpack', entry: 'fetcher/unpack/index.ts' },
  { name: 'text', entry: 'library/programs/text/index.ts' },
];

/** No runtime is linked, and the same text gives the same bytes on every machine. */
const options = [
  '--runtime=stub',
  '--use=abort=',
  '--optimizeLevel=3',
  '--shrinkLevel=2',
  '--noAssert',
  '--enable=simd,bulk-memory',
  '--exportStart=_start',
  `--memoryBase=${DATA_START}`,
  // Only 32-bit memory is meant, so a pointer and an i32 may stand for each other.
  '--disableWarning=201',
];

/** The module's file below the project's root. */
export function pathOfProgram(program: Program): string {
  return path.join(root, 'dist', 'programs', `${program.name}.wasm`);
}

export async function compileProgram(program: Program): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const messages: string[] = [];
  const output = { write: (chunk: string | Uint8Array) => messages.push(chunk.toString()) > 0 };
  const result = await compile([program.entry, '--outFile=module.wasm', ...options], {
    readFile: (name, directory) => readFile(path.resolve(root, directory, name), 'utf8').catch(() => null),
    writeFile(_name, contents) {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => [],
    transforms: [textPool],
    stdout: output,
    stderr: output,
  });
  if (result.error !== null || binary === undefined) {
    throw new Error(`compiling ${program.entry} failed:\n${messages.join('')}`, { cause: result.error });
  }
  return shrink(binary);
}
