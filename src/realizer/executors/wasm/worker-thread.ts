import { Worker } from 'node:worker_threads';
import type { Job } from './job.ts';
import { hostLimits } from './limits.ts';
import type { FromWorker, ProgramSettings, ThreadSettings, ToWorker } from './messages.ts';
import { outOfTime } from './time-limit.ts';
import { Watch } from './watch.ts';
import { workerLocation } from './worker-location.ts';

/** What the pool hears from one of its workers. */
export interface WorkerListener {
  /** A job has left the worker. */
  onFree(): void;
  /** A batch is there for the writer. */
  onWrite(batch: SharedArrayBuffer): void;
  /** The worker is gone; these jobs had not ended, and `culprit` is why, where that is known. */
  onGone(thread: WorkerThread, jobs: readonly Job[], culprit: Job | undefined, reason: string): void;
}

/** A worker as the pool sees it. It holds the process only while it has something to do. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #listener: WorkerListener;
  readonly #jobs = new Map<number, Job>();
  readonly #abandonments = new Map<number, NodeJS.Timeout>();
  readonly #watch: Watch;
  readonly #sharingWatch: Watch;
  /** The job that has the thread, or had it last. */
  readonly #running = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  readonly #limitMs: number;
  #gone = false;

  constructor(settings: ProgramSettings, listener: WorkerListener) {
    this.#listener = listener;
    this.#limitMs = settings.programLimitMs;
    this.#watch = new Watch(
      settings.programLimitMs,
      () => this.#post({ type: 'ask' }),
      () => this.#giveUp(),
    );
    this.#sharingWatch = new Watch(
      settings.limits.heldUpMs,
      () => this.#post({ type: 'ask' }),
      () => this.#freeOthers(),
    );
    const { threadHeap } = settings.limits;
    const workerData: ThreadSettings = { ...settings, running: this.#running.buffer };
    this.#worker = new Worker(workerLocation(), {
      workerData,
      name: 'cab wasm',
      ...(threadHeap < Infinity && { resourceLimits: { maxOldGenerationSizeMb: threadHeap / 2 ** 20 } }),
    });
    this.#worker.unref();
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fall(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', () => this.#end(undefined, 'it has ended'));
  }

  get load(): number {
    return this.#jobs.size;
  }

  /** Whether another job that shares can join those that are there. */
  get isShareable(): boolean {
    if (this.#jobs.size >= hostLimits.programsInSharedWorker) return false;
    return [...this.#jobs.values()].every(({ shares }) => shares);
  }

  /** Whether it runs a program that shares with no other. */
  get runsAlone(): boolean {
    return [...this.#jobs.values()].some(({ shares }) => !shares);
  }

  run(job: Job): void {
    this.#jobs.set(job.id, job);
    this.#worker.ref();
    this.#watch.begin();
    if (job.shares) this.#sharingWatch.begin();
    this.#post({ type: 'run', program: job.start() });
  }

  /** Ends a job that no one waits for. If it goes on all the same, its worker ends with it. */
  abandon(job: Job): void {
    if (!this.#jobs.has(job.id) || this.#abandonments.has(job.id)) return;
    job.raiseStopFlag();
    this.#post({ type: 'abandon', job: job.id });
    const timer = setTimeout(() => {
      this.#end(job, 'a program in it would not end');
      void this.#worker.terminate();
    }, hostLimits.abandonMs);
    this.#abandonments.set(job.id, timer);
  }

  async close(): Promise<void> {
    this.#gone = true;
    this.#endWatches();
    for (const timer of this.#abandonments.values()) clearTimeout(timer);
    for (const job of this.#jobs.values()) job.fail(new Error('the executor has been closed'));
    await this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    if (message.type === 'write') {
      if (!this.#gone) this.#listener.onWrite(message.batch);
      return;
    }
    if (message.type === 'alive') {
      this.#watch.answer();
      this.#sharingWatch.answer();
      return;
    }
    const job = this.#jobs.get(message.job);
    if (job === undefined || this.#gone) return;
    switch (message.type) {
      case 'log':
        job.log(message.lines);
        break;
      case 'claim':
        job.claim(
          message.line,
          () => this.#post({ type: 'continue', job: job.id }),
          () => this.abandon(job),
        );
        break;
      case 'ended':
        this.#remove(job);
        if (!job.isSettled) job.settle(message.result);
        this.#listener.onFree();
        break;
    }
  }

  /** Some program has had the worker for all of its time. Where there are several, each is tried again alone. */
  #giveUp(): void {
    const [first, ...others] = this.#jobs.values();
    if (others.length > 0) for (const job of this.#jobs.values()) job.isolate();
    else first?.settle({ outcome: 'failed', reason: outOfTime(this.#limitMs) });
    this.#end(undefined, outOfTime(this.#limitMs));
    void this.#worker.terminate();
  }

  /** A program keeps the thread from others: these begin anew, and it does alone. */
  #freeOthers(): void {
    if (this.#jobs.size < 2) return;
    this.#fall('a program in it kept it from the others');
    void this.#worker.terminate();
  }

  /** The worker has ended, or is to, by the doing of whichever program had it. */
  #fall(reason: string): void {
    const culprit = this.#jobs.get(this.#running[0] as number);
    if (culprit !== undefined) culprit.isolate();
    else if (this.#jobs.size > 1) for (const job of this.#jobs.values()) job.isolate();
    this.#end(culprit, reason);
  }

  #remove(job: Job): void {
    this.#jobs.delete(job.id);
    clearTimeout(this.#abandonments.get(job.id));
    this.#abandonments.delete(job.id);
    if (this.#jobs.size > 0) return;
    this.#worker.unref();
    this.#endWatches();
  }

  #endWatches(): void {
    this.#watch.end();
    this.#sharingWatch.end();
  }

  #end(culprit: Job | undefined, reason: string): void {
    if (this.#gone) return;
    this.#gone = true;
    const jobs = [...this.#jobs.values()];
    for (const job of jobs) this.#remove(job);
    this.#listener.onGone(this, jobs, culprit, reason);
  }
}
