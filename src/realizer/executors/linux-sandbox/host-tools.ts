import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { DigestHasher, canonicalJson, compareCodePoints } from '../../../foundation/index.ts';
import { findInPath } from './bubblewrap.ts';
import type { Copied } from './builder-process.ts';

/** What of the machine a derivation sees that requires `host-tools`, those that exist. */
const folders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
const alternatives = '/etc/alternatives';
const loaderCache = '/etc/ld.so.cache';

/** Where programs look for commands, those of the Rust toolchain aside. */
const binaryFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** What the packages of Debian, Alpine and Fedora and their likes are known by. */
const packageDatabases = ['/var/lib/dpkg/status', '/lib/apk/db/installed', '/var/lib/rpm/rpmdb.sqlite'];

const rustFolder = '/cab/host/rust';

export interface HostTools {
  /** What bubblewrap is told to let the tools be seen. */
  readonly options: readonly string[];
  /** Small files, by where they are seen. */
  readonly files: readonly (readonly [string, Copied])[];
  /** The folders that PATH names. */
  readonly path: string;
}

let tools: Promise<HostTools> | undefined;
let identity: Promise<string> | undefined;
let rust: Promise<string | undefined> | undefined;

/** The machine's tools, looked for once in a process. */
export function findHostTools(): Promise<HostTools> {
  tools ??= locateHostTools();
  return tools;
}

/**
 * A digest that changes when the machine's tools do: its release, its packages, the name, size and time of every command
 * and of what the Rust toolchain is made of. Found once in a process.
 */
export function hostToolsIdentity(): Promise<string> {
  identity ??= digestHostTools();
  return identity;
}

/** Begins to look for what takes its time to be found. */
export function beginToFindHostTools(): void {
  void findRustToolchain();
}

async function locateHostTools(): Promise<HostTools> {
  const options: string[] = [];
  for (const place of [...folders, alternatives]) options.push(...(await showing(place)));
  const files = existsSync(loaderCache) ? ([[loaderCache, { file: loaderCache }]] as const) : [];
  const toolchain = await findRustToolchain();
  if (toolchain === undefined) return { options, files, path: binaryFolders.join(':') };
  options.push('--ro-bind', toolchain, rustFolder);
  return { options, files, path: [`${rustFolder}/bin`, ...binaryFolders].join(':') };
}

/** A folder that is a symbolic link, as `/bin` mostly is, stays one. */
async function showing(place: string): Promise<string[]> {
  const status = await lstat(place).catch(() => undefined);
  if (status === undefined) return [];
  if (status.isSymbolicLink()) return ['--symlink', await readlink(place), place];
  return ['--ro-bind', place, place];
}

/** The folder of the toolchain that `rustc` in PATH belongs to, unless it is one of the machine's own. */
function findRustToolchain(): Promise<string | undefined> {
  rust ??= locateRustToolchain();
  return rust;
}

async function locateRustToolchain(): Promise<string | undefined> {
  const rustc = await findInPath('rustc');
  if (rustc === undefined) return undefined;
  try {
    const { stdout } = await promisify(execFile)(rustc, ['--print', 'sysroot']);
    const folder = stdout.trim();
    const isOwn = folder === '/usr' || folder.startsWith('/usr/');
    return isOwn || !path.isAbsolute(folder) ? undefined : folder;
  } catch {
    // Rustup without a toolchain has a `rustc` that only says so.
    return undefined;
  }
}

async function digestHostTools(): Promise<string> {
  // Whatever is looked at meanwhile costs no time: the toolchain's own program is asked where it lies.
  const finding = findRustToolchain();
  const hasher = new DigestHasher();
  for (const file of ['/etc/os-release', ...packageDatabases]) {
    const content = await readFile(file).catch(() => undefined);
    if (content !== undefined) hasher.update(`${file}\0${content.length}\0`).update(content);
  }
  const look = (folder: string): unknown => hasher.update(canonicalJson([folder, entriesOf(folder)]));
  for (const folder of binaryFolders) look(folder);
  const toolchain = await finding;
  if (toolchain !== undefined) for (const folder of [`${toolchain}/bin`, `${toolchain}/lib`]) look(folder);
  return hasher.digest();
}

/** Asked at once and in order: thousands of questions of this kind take longer to hand over than to answer. */
function entriesOf(folder: string): readonly (readonly [string, number, number])[] {
  return namesIn(folder)
    .toSorted(compareCodePoints)
    .map((name) => {
      const status = lstatSync(path.join(folder, name), { throwIfNoEntry: false });
      return [name, status?.size ?? 0, Math.trunc(status?.mtimeMs ?? 0)] as const;
    });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
