import fs from 'node:fs';
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads';
import { needsRoom, opensFile } from './operations.ts';
import type { FaultCode, FaultPlan } from './plan.ts';

/** One operation, before it happens. */
export interface Operation {
  /** As in `operations.ts`. */
  readonly name: string;
  readonly writes: boolean;
  /** What it is about. */
  readonly paths: readonly string[];
  /** What is worth a note besides, such as the first word of a statement. */
  readonly detail?: string;
}

/** What is to happen to an operation. */
export type Verdict = 'goes on' | 'dies' | 'dies halfway' | { readonly failsWith: FaultCode };

/** The real functions, taken before any is replaced. */
const { openSync, writeSync } = fs;

const counterName = 'cab test faults counter';

/** Counts the operations of all threads of this process, notes each, and says which is struck. */
export class Striker {
  readonly #plan: FaultPlan;
  readonly #count: Int32Array;
  readonly #notes: number;

  constructor(plan: FaultPlan) {
    this.#plan = plan;
    this.#notes = openSync(plan.notes, 'a');
    if (isMainThread) setEnvironmentData(counterName, new SharedArrayBuffer(4));
    this.#count = new Int32Array(getEnvironmentData(counterName) as SharedArrayBuffer);
  }

  judge(operation: Operation): Verdict {
    const { fault, among, folders } = this.#plan;
    if (among === 'writes' && !operation.writes) return 'goes on';
    if (!operation.paths.some((path) => isWithin(path, folders))) return 'goes on';
    if (fault.kind === 'error' && !canFail(operation, fault.code)) return 'goes on';
    const number = Atomics.add(this.#count, 0, 1) + 1;
    const { name, paths, detail } = operation;
    writeSync(this.#notes, `${[number, threadId, name, ...paths, detail ?? ''].join(' ').trimEnd()}\n`);
    switch (fault.kind) {
      case 'none':
        return 'goes on';
      case 'kill':
        if (number !== fault.at) return 'goes on';
        return fault.halfway ? 'dies halfway' : 'dies';
      case 'error':
        if (number < fault.at || (number > fault.at && !fault.lasting)) return 'goes on';
        return { failsWith: fault.code };
      default:
        throw new Error('a fault that nobody knows');
    }
  }
}

/** A disk that is full goes on giving what is on it, and a file that is open can be used by whoever has too many. */
function canFail({ name, writes }: Operation, code: FaultCode): boolean {
  if (code === 'EMFILE') return opensFile.has(name);
  if (code === 'EIO') return name !== 'exists' && name !== 'rm';
  return writes && needsRoom.has(name);
}

function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** Ends this process at once: not even another thread goes on for long. */
export function die(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal is there before the call returns; the loop is for a system that is slower.
  for (;;);
}
