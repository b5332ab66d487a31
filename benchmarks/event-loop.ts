/**
 * Preloaded into a command by `NODE_OPTIONS`: writes for each of its threads how long the event loop was held at most, each to a
 * file of its own in the folder that `EVENT_LOOP_REPORTS` names. A machine that gives its processor to others holds every
 * loop, so the processor time that the thread itself used meanwhile is told beside it.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { isMainThread, threadId, workerData } from 'node:worker_threads';

/** Of one turn of the event loop, in milliseconds. */
interface Hold {
  readonly atMs: number;
  readonly wallMs: number;
  readonly processorMs: number;
}

/** The longest hold by wall time, and by processor time. */
export interface EventLoopReport {
  readonly role: string;
  readonly longest: Hold;
  readonly busiest: Hold;
}

const intervalMs = 1;
/** What a thread does before is its start: nothing waits for it yet. */
const startMs = 300;
/** A thread may end without a word: what is known is written this often. */
const reportMs = 200;

const folder = process.env['EVENT_LOOP_REPORTS'];
if (folder !== undefined) watch(path.join(folder, `${process.pid}-${threadId}`));

function watch(file: string): void {
  const role = isMainThread ? 'main' : String((workerData as { readonly role?: unknown } | null)?.role);
  let last = reading();
  let longest: Hold = { atMs: 0, wallMs: 0, processorMs: 0 };
  let busiest = longest;
  let reportedMs = 0;
  setInterval(() => {
    const now = reading();
    const hold = { atMs: last.atMs, wallMs: now.atMs - last.atMs, processorMs: now.usedMs - last.usedMs };
    last = reading();
    if (hold.atMs < startMs) return;
    if (hold.wallMs > longest.wallMs) longest = hold;
    if (hold.processorMs > busiest.processorMs) busiest = hold;
    if (now.atMs - reportedMs > reportMs) {
      const report: EventLoopReport = { role, longest, busiest };
      writeFileSync(file, JSON.stringify(report));
      reportedMs = now.atMs;
    }
  }, intervalMs).unref();
}

function reading(): { readonly atMs: number; readonly usedMs: number } {
  const { user, system } = process.threadCpuUsage();
  return { atMs: performance.now(), usedMs: (user + system) / 1000 };
}
