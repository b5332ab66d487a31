import { onOverdue, overdue } from '../duration.ts';
import { Job, type JobRequest, type JobResult } from './job.ts';
import { hostLimits } from './limits.ts';
import { WorkerThread } from './worker-thread.ts';
import type { ProgramSettings } from './messages.ts';
import { WriterThread } from './writing/writer-thread.ts';

/** How often a program is started at most: one that takes its worker down each time would do so for ever. */
const runLimit = 2;

/**
 * Runs programs in worker threads, which are made when they are first needed and kept. A program that mostly waits for the
 * network shares a worker with others of its kind; any other has one alone. There are no more workers than the limit
 * says, but for one where all of them only wait.
 */
export class WorkerPool {
  readonly #limit: number;
  readonly #durationMs: number;
  readonly #settings: () => ProgramSettings;
  readonly #threads = new Set<WorkerThread>();
  #writer: WriterThread | undefined;
  #waiting: Job[] = [];
  #count = 0;

  /** `durationMs` is how long a program may take from its first start on, waiting included. */
  constructor(limit: number, durationMs: number, settings: () => ProgramSettings) {
    this.#limit = Math.max(1, limit);
    this.#durationMs = durationMs;
    this.#settings = settings;
  }

  /** @throws the signal's reason where it is aborted. */
  async run(request: JobRequest): Promise<JobResult> {
    const { signal } = request;
    signal.throwIfAborted();
    let limit: Disposable | undefined;
    const job = new Job(this.#count++, request, () => {
      limit = onOverdue(this.#durationMs, () => {
        job.settle({ outcome: 'failed', reason: overdue(this.#durationMs) });
        giveUp();
      });
    });
    const giveUp = (): void => {
      this.#waiting = this.#waiting.filter((other) => other !== job);
      for (const thread of this.#threads) thread.abandon(job);
    };
    const abort = (): void => {
      job.fail(signal.reason);
      giveUp();
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      this.#waiting.push(job);
      this.#dispatch();
      return await job.result;
    } finally {
      limit?.[Symbol.dispose]();
      signal.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    const threads = [...this.#threads];
    this.#threads.clear();
    for (const job of this.#waiting.splice(0)) job.fail(new Error('the executor has been closed'));
    await Promise.all(threads.map((thread) => thread.close()));
    await this.#writer?.close();
  }

  /** Starts what can be started, in the order in which it came, so that nothing is passed over for ever. */
  #dispatch(): void {
    for (let job = this.#waiting[0]; job !== undefined; job = this.#waiting[0]) {
      const thread = this.#tryThreadFor(job);
      if (thread === undefined) return;
      this.#waiting.shift();
      if (thread !== 'none') thread.run(job);
    }
  }

  /** Where no worker can be made, be it that the disk is full, the job fails of it, and nobody else. */
  #tryThreadFor(job: Job): WorkerThread | 'none' | undefined {
    try {
      return this.#threadFor(job);
    } catch (error) {
      job.fail(error);
      return 'none';
    }
  }

  #threadFor(job: Job): WorkerThread | undefined {
    const threads = [...this.#threads];
    const idle = threads.find(({ load }) => load === 0);
    if (idle !== undefined) return idle;
    const shareable = threads.filter(({ isShareable }) => isShareable).toSorted((a, b) => a.load - b.load);
    const fewest = job.shares ? shareable[0] : undefined;
    // A worker of its own costs a few programs' worth of time to start.
    if (fewest !== undefined && (fewest.load < 4 || threads.length >= this.#limit)) return fewest;
    // Programs that wait for servers may go on for long, and are no reason to let others wait as well.
    const onlyWaiting = !job.shares && threads.every(({ runsAlone }) => !runsAlone);
    return threads.length < this.#limit + (onlyWaiting ? 1 : 0) ? this.#addThread() : undefined;
  }

  #addThread(): WorkerThread {
    const settings = this.#settings();
    const thread = new WorkerThread(settings, {
      onFree: () => this.#dispatch(),
      onWrite: (batch) => this.#writerFor(settings).write(batch),
      onGone: (gone, jobs, culprit, reason) => this.#replace(gone, jobs, culprit, reason),
    });
    this.#threads.add(thread);
    return thread;
  }

  #writerFor({ storeFolder }: ProgramSettings): WriterThread {
    this.#writer ??= new WriterThread(storeFolder);
    return this.#writer;
  }

  #replace(gone: WorkerThread, jobs: readonly Job[], culprit: Job | undefined, reason: string): void {
    this.#threads.delete(gone);
    for (const job of jobs) {
      if (job.isSettled) continue;
      const isInnocent = culprit !== undefined && job !== culprit;
      const mayTryAgain = jobs.length > 1 && (job.runs < runLimit || job.isYetToRunAlone);
      if (isInnocent && job.runs >= hostLimits.sharedRuns) job.isolate();
      if (isInnocent || mayTryAgain) this.#waiting.unshift(job);
      else job.settle({ outcome: 'failed', reason: `the worker thread that ran it was lost: ${reason}` });
    }
    this.#dispatch();
  }
}
