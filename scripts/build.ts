/**
 * Builds what `npm ci` leaves ready to run: the WebAssembly programs, from AssemblyScript, the bundles of the command and
 * of its WebAssembly worker, V8's code for the command, and the link through which `npx cab` finds it.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeTemporaryFolder, removeFolder } from './temporary-folder.ts';
import { buildBundles } from './bundles.ts';
import { type Program, compileProgram, pathOfProgram, programs } from './programs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

async function buildProgram(program: Program): Promise<void> {
  const target = pathOfProgram(program);
  const binary = await compileProgram(program);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(`${target}.new`, binary);
  await rename(`${target}.new`, target);
}

/** The options that the launcher gives to Node: V8 takes its code back only under the flags under which it was made. */
async function launcherOptions(): Promise<readonly string[]> {
  const launcher = await readFile(path.join(root, 'bin', 'cab'), 'utf8');
  return /exec "\$node" (--.+) "\$root/.exec(launcher)?.[1]?.split(' ') ?? [];
}

/** Compiles what builds and evaluations need, by running some, each with the code of those before it. */
async function precompileCommand(): Promise<void> {
  const folder = await makeTemporaryFolder();
  const env = {
    ...process.env,
    CAB_STORE: path.join(folder, 'store'),
    CAB_CONFIG: path.join(folder, 'cab.toml'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
  };
  const build = ['build', '--no-link', path.join(root, 'examples', 'hello')];
  const buildElsewhere = [...build, '--realizer', 'other'];
  const evaluate = ['eval', '--json', path.join(root, 'scripts', 'precompile.cab')];
  const program = [
    ...(await launcherOptions()),
    path.join(root, 'scripts', 'precompile.ts'),
    path.join(root, 'dist'),
  ];
  const socket = path.join(folder, 'socket');
  await writeFile(env.CAB_CONFIG, `[realizers.other]\naddress = ${JSON.stringify(`unix:${socket}`)}\n`);
  const server = await serve(socket, { folder, env });
  try {
    // The second build finds all built, and the second evaluation the syntax parsed.
    for (const words of [build, build, buildElsewhere, evaluate, evaluate]) {
      await promisify(execFile)(process.execPath, [...program, ...words], { cwd: folder, env });
    }
  } finally {
    server.kill();
    await once(server, 'close');
    await removeFolder(folder);
  }
}

/** A realizer with a store of its own at a socket; settles when it listens there. */
async function serve(
  socket: string,
  { folder, env }: { readonly folder: string; readonly env: NodeJS.ProcessEnv },
): Promise<ChildProcess> {
  const start = path.join(root, 'dist', 'start.cjs');
  const store = path.join(folder, 'served');
  const words = ['realizer', 'serve', '--listen', `unix:${socket}`, '--allow-anonymous', '--store', store];
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const server = spawn(process.execPath, [start, ...words], { cwd: folder, env, stdio: [...stdio] });
  const ended = once(server, 'close').then(() => {
    throw new Error('the realizer for the build of the command ended before it listened');
  });
  await Promise.race([once(server.stdout, 'data'), ended]);
  ended.catch(() => undefined);
  return server;
}

/** npm links the commands of dependencies and not the project's own, for which `npx cab` looks in the same folder. */
async function linkCommand(): Promise<void> {
  const link = path.join(root, 'node_modules', '.bin', 'cab');
  await rm(link, { force: true });
  await symlink(path.join('..', '..', 'bin', 'cab'), link);
}

process.chdir(root);
for (const program of programs) await buildProgram(program);
// V8 would not notice that its code is of another bundle of the same length.
for (const code of globSync('dist/*.code')) await rm(code);
await buildBundles({ write: true });
await precompileCommand();
await linkCommand();
