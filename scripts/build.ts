/**
 * Builds what `npm ci` leaves ready to run: the WebAssembly programs, from AssemblyScript, and the bundles of
 * the command and of its WebAssembly worker.
 */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
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
  const { metafile } = await build({
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
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
    metafile: true,
    chunkNames: 'chunks/[name]-[hash]',
    banner: {
      js: "import { createRequire as cabCreateRequire } from 'node:module'; const require = cabCreateRequire(import.meta.url);",
    },
  });
  await removeOtherChunks(new Set(Object.keys(metafile.outputs).map((name) => path.basename(name))));
}

/** A chunk's name changes with its content: those of earlier builds would stay for ever. */
async function removeOtherChunks(current: ReadonlySet<string>): Promise<void> {
  const folder = path.join(root, 'dist', 'chunks');
  for (const name of await readdir(folder)) {
    if (!current.has(name)) await rm(path.join(folder, name));
  }
}

process.chdir(root);
for (const program of programs) await buildProgram(program);
await buildBundles();
