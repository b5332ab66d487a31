import { execFile } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** Whether programs can be run apart from the machine here, and what is missing where they cannot. */
export type Sandboxing =
  | { readonly kind: 'works'; readonly bubblewrap: string }
  | { readonly kind: 'missing'; readonly whatToDo: string };

/** How long a trial may take: it runs nothing but bubblewrap itself. */
const trialTimeoutMs = 10_000;

/** Settings of the kernel that keep users from making namespaces, each with the value that does and the one that helps. */
const settings = [
  { file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns', forbids: '1', allows: '0' },
  { file: '/proc/sys/kernel/unprivileged_userns_clone', forbids: '0', allows: '1' },
  { file: '/proc/sys/user/max_user_namespaces', forbids: '0', allows: '15000' },
];

let known: Promise<Sandboxing> | undefined;

/** Tries it once in a process: neither what is installed nor the kernel's settings change under it in practice. */
export function findSandboxing(): Promise<Sandboxing> {
  known ??= trySandboxing();
  return known;
}

async function trySandboxing(): Promise<Sandboxing> {
  const bubblewrap = await findInPath('bwrap');
  if (bubblewrap === undefined) {
    return { kind: 'missing', whatToDo: 'install bubblewrap (Debian: apt-get install bubblewrap)' };
  }
  const trial = [...namespaces, '--unshare-net', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev'];
  try {
    await promisify(execFile)(bubblewrap, [...trial, '--', bubblewrap, '--version'], {
      timeout: trialTimeoutMs,
    });
    return { kind: 'works', bubblewrap };
  } catch (error) {
    return { kind: 'missing', whatToDo: await adviceFor(error) };
  }
}

let sizes: Promise<boolean> | undefined;

/** Whether it can bound a folder that lies in memory: before version 0.7 it cannot. */
export function boundsMemoryFolders(bubblewrap: string): Promise<boolean> {
  sizes ??= promisify(execFile)(bubblewrap, ['--help'], { timeout: trialTimeoutMs }).then(
    ({ stdout }) => stdout.includes('--size '),
    () => false,
  );
  return sizes;
}

/** The namespaces that every program has of its own; the network's comes to these for most. */
export const namespaces = [
  '--unshare-user',
  '--unshare-pid',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-cgroup-try',
] as const;

async function adviceFor(refusal: unknown): Promise<string> {
  for (const { file, forbids, allows } of settings) {
    const value = await readFile(file, 'utf8').catch(() => '');
    if (value.trim() !== forbids) continue;
    const name = file.slice('/proc/sys/'.length).replaceAll('/', '.');
    return `let users make namespaces (sysctl ${name}=${allows})`;
  }
  const said = refusal instanceof Error && 'stderr' in refusal ? String(refusal.stderr).trim() : '';
  return `let bubblewrap make namespaces; it says: ${said === '' ? String(refusal) : said}`;
}

/** The file that a command's name means in PATH. */
export async function findInPath(command: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, command);
    if (!path.isAbsolute(file)) continue;
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // It is not in this folder.
    }
  }
  return undefined;
}
