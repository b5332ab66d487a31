import { lstat, mkdir, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ResolvedDerivation } from '../../../derivations/index.ts';
import type { Execution } from '../executor.ts';
import type { Store } from '../../../store/index.ts';
import { baseNameOfStorePath, storeFolder } from '../../../foundation/index.ts';
import { programEnvironment } from '../environment.ts';
import { namespaces } from './bubblewrap.ts';
import { type HostTools, findHostTools } from './host-tools.ts';

/** The user that every program runs as, in its own user namespace. */
const userId = 1000;

/** What a program with a network needs of the machine to resolve names and check certificates. */
const networkFiles = [
  '/etc/resolv.conf',
  '/etc/hosts',
  '/etc/nsswitch.conf',
  '/etc/ssl',
  '/etc/pki',
  '/etc/ca-certificates',
];

/** The folders of one build on the machine. */
export interface BuildFolders {
  /** Seen as `/build`. */
  readonly working: string;
  /** Seen as `/cab/store`; the outputs are made in it. */
  readonly store: string;
}

/** Makes the folders of a build, and the files that name its user. */
export async function makeBuildFolders(folder: string): Promise<BuildFolders> {
  const folders = { working: path.join(folder, 'build'), store: path.join(folder, 'store') };
  await mkdir(folders.working);
  await mkdir(folders.store);
  return folders;
}

/** The whole environment of a program. */
export async function sandboxEnvironment(
  { derivation, pins }: Execution,
  cores: number,
): Promise<Readonly<Record<string, string>>> {
  const tools = await toolsFor(derivation);
  return {
    PATH: tools?.path ?? '/no-path',
    HOME: '/no-home',
    TMPDIR: '/tmp',
    TZ: 'UTC',
    LC_ALL: 'C',
    ...programEnvironment(derivation, pins, cores),
  };
}

/** Everything that bubblewrap is told, but for the command. */
export async function sandboxOptions(
  derivation: ResolvedDerivation,
  environment: Readonly<Record<string, string>>,
  store: Store,
  folders: BuildFolders,
): Promise<readonly string[]> {
  const hasNetwork = derivation.fix.kind !== 'none';
  const tools = await toolsFor(derivation);
  const options: string[] = [...namespaces, '--die-with-parent', '--new-session', '--clearenv'];
  if (!hasNetwork) options.push('--unshare-net');
  options.push('--hostname', 'cab', '--uid', String(userId), '--gid', String(userId));
  options.push('--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp');
  if (tools !== undefined) options.push(...tools.options);
  options.push(...(await userFiles(path.dirname(folders.working))));
  if (hasNetwork) options.push(...networkFiles.flatMap((file) => ['--ro-bind-try', file, file]));
  options.push('--bind', folders.working, '/build', '--bind', folders.store, storeFolder);
  options.push(...(await inputOptions(store, store.closure(derivation.inputs.trees))));
  options.push('--remount-ro', '/', '--chdir', '/build');
  for (const [name, value] of Object.entries(environment)) options.push('--setenv', name, value);
  return options;
}

async function toolsFor(derivation: ResolvedDerivation): Promise<HostTools | undefined> {
  return derivation.requiredRealizerFeatures.includes('host-tools') ? findHostTools() : undefined;
}

/** Many programs ask who they are, and fail where no one answers. */
async function userFiles(folder: string): Promise<string[]> {
  const passwd = path.join(folder, 'passwd');
  const group = path.join(folder, 'group');
  await writeFile(passwd, `cab:x:${userId}:${userId}::/no-home:/no-shell\n`);
  await writeFile(group, `cab:x:${userId}:\n`);
  return ['--ro-bind', passwd, '/etc/passwd', '--ro-bind', group, '/etc/group'];
}

async function inputOptions(store: Store, paths: ReturnType<Store['closure']>): Promise<string[]> {
  const options: string[] = [];
  for (const input of paths) {
    const file = store.materialise(input);
    const seen = `${storeFolder}/${baseNameOfStorePath(input)}`;
    // A symbolic link cannot be mounted: what would be is what it leads to.
    if ((await lstat(file)).isSymbolicLink()) options.push('--symlink', await readlink(file), seen);
    else options.push('--ro-bind', file, seen);
  }
  return options;
}
