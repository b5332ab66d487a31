/**
 * Builds what `npm ci` leaves ready to run: the WebAssembly programs, from AssemblyScript, and the bundles of
 * the command and of its WebAssembly worker.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { build } from 'esbuild';
import { type Program, compileProgram, pathOfProgram, programs } from './programs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

async function buildProgram(program: Program): Promise<void> {
  const target = pathOfProgram(program);
  const binary = await compileProgram(program);
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
for (const program of programs) await buildProgram(program);
if (existsSync(path.join(root, 'src/cli/main.ts'))) await buildBundles();
