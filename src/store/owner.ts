import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { errorCode } from './faults.ts';

/** After how long what belongs to a process that cannot be seen from here counts as left over. */
const foreignLifetimeMs = 7 * 24 * 3600 * 1000;

/** Counts the names of this thread. */
let count = 0;

/** A file name that nobody else uses, and from which others can tell whether the process that made it is still there. */
export function ownedName(label: string): string {
  return `${currentOwner()}-${threadId}.${count++}-${label}`;
}

/** Whether the file with such a name was left behind by a process that is no more. */
export function isLeftBehind(name: string, file: string): boolean {
  if (name.startsWith(`${currentOwner()}-`)) return false;
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
