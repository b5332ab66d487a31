import type { ProgramDescription, ProgramResult } from './messages.ts';

/** What the pool is asked to run. */
export interface JobRequest {
  readonly program: Omit<ProgramDescription, 'job' | 'stopFlag'>;
  /** Whether it mostly waits, and so can share a worker. */
  readonly shares: boolean;
  readonly onLog: (line: string) => void;
  readonly onClaim: (line: string) => Promise<'continue' | 'stop'>;
  readonly signal: AbortSignal;
}

export type JobResult = ProgramResult | { readonly outcome: 'stopped' };

/**
 * One program on its way through the pool. Where its worker ends under it through no fault of its own it runs again; whoever
 * waits for it hears each line of its log and each claim only once all the same.
 */
export class Job {
  readonly id: number;
  readonly request: JobRequest;
  readonly result: Promise<JobResult>;
  readonly #settle: PromiseWithResolvers<JobResult>;
  readonly #onFirstStart: () => void;
  readonly #answered = new Set<string>();
  #claims: Promise<void> = Promise.resolve();
  #stopFlag = new SharedArrayBuffer(4);
  #linesSeen = 0;
  #linesOfRun = 0;
  #runs = 0;
  #settled = false;
  #isolated = false;
  #ranAlone = false;

  constructor(id: number, request: JobRequest, onFirstStart: () => void) {
    this.id = id;
    this.#onFirstStart = onFirstStart;
    this.request = request;
    this.#settle = Promise.withResolvers();
    this.result = this.#settle.promise;
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** Whether it can share a worker with others. */
  get shares(): boolean {
    return this.request.shares && !this.#isolated;
  }

  /** Has it run alone from now on: it may be what kept its worker from all others. */
  isolate(): void {
    this.#isolated = true;
  }

  /** Whether it is to run alone and has not yet. */
  get isYetToRunAlone(): boolean {
    return this.#isolated && !this.#ranAlone;
  }

  /** How often it has been started. */
  get runs(): number {
    return this.#runs;
  }

  /** What a worker is told to run it. */
  start(): ProgramDescription {
    if (this.#runs++ === 0) this.#onFirstStart();
    this.#ranAlone = this.#isolated;
    this.#linesOfRun = 0;
    this.#stopFlag = new SharedArrayBuffer(4);
    return { ...this.request.program, job: this.id, stopFlag: this.#stopFlag };
  }

  /** Lets the program end at its next call of the host. */
  raiseStopFlag(): void {
    Atomics.store(new Int32Array(this.#stopFlag), 0, 1);
  }

  log(lines: readonly string[]): void {
    for (const line of lines) {
      if (this.#settled) return;
      if (++this.#linesOfRun <= this.#linesSeen) continue;
      this.#linesSeen++;
      this.request.onLog(line);
    }
  }

  /** Asks about a claim, one after another; `onContinue` is called where the program may go on. */
  claim(line: string, onContinue: () => void, onStop: () => void): void {
    this.#claims = this.#ask(this.#claims, line, onContinue, onStop);
  }

  async #ask(before: Promise<void>, line: string, onContinue: () => void, onStop: () => void): Promise<void> {
    await before;
    if (this.#settled) return;
    try {
      if (!this.#answered.has(line) && (await this.request.onClaim(line)) === 'stop') {
        this.settle({ outcome: 'stopped' });
        onStop();
        return;
      }
      this.#answered.add(line);
      onContinue();
    } catch (error) {
      this.fail(error);
      onStop();
    }
  }

  /** Only the first end counts. */
  settle(result: JobResult): void {
    this.#settled = true;
    this.#settle.resolve(result);
  }

  fail(error: unknown): void {
    this.#settled = true;
    this.#settle.reject(error);
  }
}
