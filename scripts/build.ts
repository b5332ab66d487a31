/**
 * Builds what `npm ci` leaves ready to run: the WebAssembly programs, from AssemblyScript, and the bundles of
 * the command and of its WebAssembly worker.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The programs: the module's name, and the entry file below the project's root. */
const programs = [
  { name: 'fetch', entry: 'fetcher/index.ts' },
  { name: 'text', entry: 'library/programs/text/index.ts' },
];

/** No runtime is linked, and the same text gives the same bytes on every machine. */
const assemblyScriptOptions = [
  '--runtime=stub',
  '--use=abort=',
  '--optimizeLevel=3',
  '--shrinkLevel=2',
  '--converge',
  '--noAssert',
  '--enable=simd,bulk-memory',
  '--exportStart=_start',
  '--noExportRuntime',
];

async function buildProgram(name: string, entry: string): Promise<void> {
  const target = path.join(root, 'dist', 'programs', `${name}.wasm`);
  let binary: Uint8Array | undefined;
  const result = await asc.main([entry, '--outFile=module.wasm', ...assemblyScriptOptions], {
    writeFile(fileName: string, contents: string | Uint8Array) {
      if (fileName.endsWith('.wasm') && typeof contents !== 'string') binary = contents;
    },
    readFile: undefined as never,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  if (result.error !== null || binary === undefined) {
    throw new Error(`compiling ${entry} failed`, { cause: result.error });
  }
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(`${target}.new`, binary);
  await rename(`${target}.new`, target);
}

async function buildBundles(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { cab: 'src/cli/main.ts', 'wasm-worker': 'src/realizer/executors/wasm/worker.ts' },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    external: ['@napi-rs/blake-hash'],
    legalComments: 'none',
    logLevel: 'warning',
    chunkNames: 'chunks/[name]-[hash]',
    banner: {
      js: "import { createRequire as cabCreateRequire } from 'node:module'; const require = cabCreateRequire(import.meta.url);",
    },
  });
}

process.chdir(root);
for (const { name, entry } of programs) {
  if (existsSync(path.join(root, entry))) await buildProgram(name, entry);
}
if (existsSync(path.join(root, 'src/cli/main.ts'))) await buildBundles();
