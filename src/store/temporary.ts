import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { errorCode } from './faults.ts';

/** A folder that is gone, with all that is in it, once it is disposed of. */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

/** After how long what belongs to a process that cannot be seen from here counts as left over. */
const foreignLifetimeMs = 7 * 24 * 3600 * 1000;

/** Counts the names of this thread. */
let count = 0;

/**
 * The folder for what is not finished. The name of each entry begins with its process, so that the next one to open
 * the store can tell what a dead process left behind from what another one is at work on.
 */
export class TemporaryPlace {
  readonly folder: string;

  constructor(storeFolder: string) {
    this.folder = path.join(storeFolder, 'temporary');
  }

  /** A path that nobody else uses; nothing is there yet. */
  name(label: string): string {
    return path.join(this.folder, `${currentOwner()}-${threadId}.${count++}-${label}`);
  }

  makeFolder(label: string): TemporaryFolder {
    const folder = this.name(label);
    mkdirSync(folder, { mode: 0o700 });
    return { path: folder, [Symbol.dispose]: () => removeTree(folder) };
  }

  /** Removes what processes that are no more have left. */
  removeLeftovers(): void {
    for (const entry of readdirSync(this.folder)) {
      const leftover = path.join(this.folder, entry);
      if (isLeftover(entry, leftover)) removeTree(leftover);
    }
  }
}

function isLeftover(name: string, file: string): boolean {
  const [, space, process, start] = /^([0-9]+)-([0-9]+)-([0-9]+)-/.exec(name) ?? [];
  if (space === pidNamespace() && process !== undefined) return startOf(Number(process)) !== start;
  try {
    return lstatSync(file).mtimeMs < Date.now() - foreignLifetimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

let owner: string | undefined;

/** `<process namespace>-<process>-<when it started>`: no other process has the same, though its number may come again. */
function currentOwner(): string {
  owner ??= `${pidNamespace()}-${process.pid}-${startOf(process.pid) ?? '0'}`;
  return owner;
}

let namespace: string | undefined;

/** The number of the process namespace; 0 where the system has none. */
function pidNamespace(): string {
  namespace ??= readNamespace();
  return namespace;
}

function readNamespace(): string {
  try {
    return /[0-9]+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** When the process started, in ticks since the machine did; `0` where the system does not tell; undefined where it is gone. */
function startOf(pid: number): string | undefined {
  if (pidNamespace() === '0') return isAlive(pid) ? '0' : undefined;
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the command in parentheses and may hold anything; the 22nd is the time.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Removes a file or folder whatever the modes of the folders in it are. */
function removeTree(target: string): void {
  try {
    rmSync(target, { recursive: true, force: true });
  } catch (error) {
    if (errorCode(error) !== 'EACCES' && errorCode(error) !== 'EPERM') throw error;
    makeRemovable(target);
    rmSync(target, { recursive: true, force: true });
  }
}

function makeRemovable(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeRemovable(path.join(folder, entry.name));
  }
}
