import { readFileSync, readdirSync } from 'node:fs';
import { isTurnOver, nextTurn } from '../../../foundation/index.ts';

/**
 * How far down: what waits for bubblewrap, bubblewrap, and the first process of the sandbox, with which all others in it die. Bubblewrap
 * asks to die with its parent only once it has made the sandbox, so that whoever ends its parent before then would not end it.
 */
const depth = 3;

/** Ends a process and those below it. None of them starts another one meanwhile: each is stopped before it is asked what it has started. */
export function killTree(root: number): void {
  const all = [root];
  let level = [root];
  for (let below = 0; below < depth; below++) {
    for (const each of level) send(each, 'SIGSTOP');
    level = level.flatMap((each) => childrenOf(each, each));
    all.push(...level);
  }
  for (const each of all.toReversed()) send(each, 'SIGKILL');
}

/** What a process and all below it use. */
export interface TreeUse {
  /** Processes and threads, as a number. */
  readonly tasks: number;
  /** In bytes. */
  readonly memory: number;
}

/**
 * Looks at a process and all below it: whatever a program in a sandbox starts stays below the sandbox's first process. It stops at more
 * than so many.
 */
export async function useOf(root: number, tasksLimit: number, memoryOf: MemoryOf): Promise<TreeUse> {
  const waiting = [root];
  let [tasks, memory] = [0, 0];
  for (let each = waiting.pop(); each !== undefined && tasks <= tasksLimit; each = waiting.pop()) {
    memory += memoryOf(each);
    for (const thread of threadsOf(each)) {
      tasks += 1;
      waiting.push(...childrenOf(each, thread));
    }
    if (isTurnOver()) await nextTurn();
  }
  return { tasks, memory };
}

/** Of one process, in bytes; 0 where it has gone. */
export type MemoryOf = (process: number) => number;

/** What it shares with others counts for each of them. */
export const roughMemoryOf: MemoryOf = (each) =>
  bytesIn(`/proc/${each}/status`, /^Rss(?:Anon|Shmem):\s*(\d+) kB/gm);

/** Each has its part of what it shares with others; that takes longer. */
export const exactMemoryOf: MemoryOf = (each) =>
  bytesIn(`/proc/${each}/smaps_rollup`, /^Pss_(?:Anon|Shmem):\s*(\d+) kB/gm);

/** What these lines say together, in bytes. */
function bytesIn(file: string, lines: RegExp): number {
  try {
    const found = readFileSync(file, 'latin1').matchAll(lines);
    return [...found].reduce((sum, [, count]) => sum + Number(count) * 1024, 0);
  } catch {
    return 0;
  }
}

function threadsOf(each: number): readonly number[] {
  try {
    return readdirSync(`/proc/${each}/task`).map(Number);
  } catch {
    return [];
  }
}

function childrenOf(parent: number, thread: number): number[] {
  try {
    const text = readFileSync(`/proc/${parent}/task/${thread}/children`, 'latin1').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    // It has gone, or the kernel does not tell: then what it asked for itself has to do.
    return [];
  }
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has gone by itself.
  }
}
