import { lstatSync, mkdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { ResolvedDerivation } from '../../../derivations/index.ts';
import type { Execution } from '../executor.ts';
import type { Store } from '../../../store/index.ts';
import { type StorePath, baseNameOfStorePath, storeFolder } from '../../../foundation/index.ts';
import type { NativeLimits } from '../../program-limits.ts';
import { programEnvironment } from '../environment.ts';
import { boundsMemoryFolders, namespaces } from './bubblewrap.ts';
import type { Copied } from './builder-process.ts';
import { type HostTools, findHostTools } from './host-tools.ts';

/** The user that every program runs as, in its own user namespace. */
const userId = 1000;

/** Who it is: many programs ask, and fail where no one answers. */
const userFiles: readonly (readonly [string, Copied])[] = [
  ['/etc/passwd', { text: `cab:x:${userId}:${userId}::/no-home:/no-shell` }],
  ['/etc/group', { text: `cab:x:${userId}:` }],
];

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

export function makeBuildFolders(folder: string): BuildFolders {
  const folders = { working: path.join(folder, 'build'), store: path.join(folder, 'store') };
  mkdirSync(folders.working);
  mkdirSync(folders.store);
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

/** By what a sandbox is made, and how much it may have. */
interface MachineParts {
  readonly bubblewrap: string;
  readonly limits: NativeLimits;
}

/** What the sandbox of one build is made of. */
interface SandboxParts {
  readonly derivation: ResolvedDerivation;
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: BuildFolders;
  /** The outputs that it sees. */
  readonly inputs: readonly StorePath[];
  readonly machine: MachineParts;
}

/** What bubblewrap is told. */
export interface SandboxDescription {
  /** Everything but the command. */
  readonly options: readonly string[];
  /** What it copies in, by the descriptors at which it finds it open. */
  readonly copies: ReadonlyMap<number, Copied>;
}

/** The first descriptor of what bubblewrap copies in: those before it are the streams and the pipe for the options. */
const firstCopied = 4;

export async function describeSandbox(store: Store, parts: SandboxParts): Promise<SandboxDescription> {
  const { derivation, environment, folders, inputs, machine } = parts;
  const hasNetwork = derivation.fix.kind !== 'none';
  const sandbox = await describeMachine(await toolsFor(derivation), hasNetwork, machine);
  const seen = [
    ...sandbox.options,
    '--bind',
    folders.working,
    '/build',
    '--bind',
    folders.store,
    storeFolder,
  ];
  for (const input of inputs) seen.push(...showingInput(store, input));
  return { options: [...seen, ...enteringAt('/build', environment)], copies: sandbox.copies };
}

/** What a sandbox has of the machine, whatever it is for. */
export async function describeMachine(
  tools: HostTools | undefined,
  hasNetwork: boolean,
  machine: MachineParts,
): Promise<SandboxDescription> {
  const options: string[] = [...namespaces, '--die-with-parent', '--new-session', '--clearenv'];
  if (!hasNetwork) options.push('--unshare-net');
  options.push('--hostname', 'cab', '--uid', String(userId), '--gid', String(userId));
  options.push('--proc', '/proc', '--dev', '/dev', ...(await memoryFolders(machine)));
  if (tools !== undefined) options.push(...tools.options);
  // A small file is copied in a fraction of the time that it takes to mount it.
  const copies = new Map<number, Copied>();
  for (const [seen, copied] of [...userFiles, ...(tools?.files ?? [])]) {
    const descriptor = firstCopied + copies.size;
    options.push('--perms', '0444', '--file', String(descriptor), seen);
    copies.set(descriptor, copied);
  }
  if (hasNetwork) options.push(...networkFiles.flatMap((file) => ['--ro-bind-try', file, file]));
  return { options, copies };
}

/** What can be written to and lies in memory. Of what is not bounded each can have half of the machine's. */
async function memoryFolders({ bubblewrap, limits }: MachineParts): Promise<readonly string[]> {
  const { temporary: limit } = limits;
  if (limit === Infinity || !(await boundsMemoryFolders(bubblewrap))) return ['--tmpfs', '/tmp'];
  const folders = ['/tmp', '/dev/shm'].flatMap((folder) => ['--size', String(limit), '--tmpfs', folder]);
  return [...folders, '--remount-ro', '/dev'];
}

/** The last options: nothing but what was bound can be written to, and the program begins in this folder. */
export function enteringAt(folder: string, environment: Readonly<Record<string, string>>): readonly string[] {
  const variables = Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]);
  return ['--remount-ro', '/', '--chdir', folder, ...variables];
}

async function toolsFor(derivation: ResolvedDerivation): Promise<HostTools | undefined> {
  return derivation.requiredRealizerFeatures.includes('host-tools') ? findHostTools() : undefined;
}

function showingInput(store: Store, input: StorePath): readonly string[] {
  const file = store.materialiseChecked(input);
  const seen = `${storeFolder}/${baseNameOfStorePath(input)}`;
  // A symbolic link cannot be mounted: what would be is what it leads to.
  return lstatSync(file).isSymbolicLink()
    ? ['--symlink', readlinkSync(file), seen]
    : ['--ro-bind', file, seen];
}
