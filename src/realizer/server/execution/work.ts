import { Code } from '@connectrpc/connect';
import type { ActionResult, ContentDigest } from '../../protocol/index.ts';
import type { KeptWork } from '../keeping/works.ts';
import { ActionFault } from './action-fault.ts';
import type { ReadAction } from './action-reader.ts';
import type { ExecutionEvent } from './event.ts';
import type { FairQueue } from './fair-queue.ts';
import type { Operation } from './operation.ts';

/** What a client asks to be executed. */
export interface Asked {
  readonly action: ContentDigest;
  readonly client: string;
  readonly priority: number;
  readonly skipCacheLookup: boolean;
  /** The id that a derivation had before its inputs were resolved, if the client has said it. */
  readonly requestedAs: string | undefined;
  readonly inline: Inlining;
}

/** What of a result is to stand in it, where it is small, besides its digest. */
export interface Inlining {
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly files: ReadonlySet<string>;
}

/** What came of an action. */
export interface Performed {
  readonly result: ActionResult;
  /** Whether it was known, and nothing had to run. */
  readonly isCached: boolean;
  readonly executor: string;
  readonly outcome: 'built' | 'known' | 'failed';
  /** Of what it has left in the store, in bytes. */
  readonly madeBytes: number;
}

/** Where a work goes on. */
export interface WorkContext {
  readonly operation: Operation;
  readonly kept: Pick<KeptWork, 'pause' | 'resume'> | undefined;
  readonly observe: (event: ExecutionEvent) => void;
}

/** One execution of an action that was read, as those see it who execute it. */
export class Work implements Disposable {
  readonly asked: Asked;
  readonly read: ReadAction;
  readonly operation: Operation;
  /** As the keeper of the store knows it, where there is one. */
  readonly kept: Pick<KeptWork, 'pause' | 'resume'> | undefined;
  /** Raised where the operation is cancelled or its time is over, with an ActionFault. */
  readonly signal: AbortSignal;
  readonly #observe: (event: ExecutionEvent) => void;
  readonly #deadline = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(asked: Asked, read: ReadAction, { operation, kept, observe }: WorkContext) {
    this.asked = asked;
    this.read = read;
    this.operation = operation;
    this.kept = kept;
    this.signal = AbortSignal.any([operation.signal, this.#deadline.signal]);
    this.#observe = observe;
  }

  /** Waits for a place among what runs. From then on its time is counted, in milliseconds where it is bounded. */
  async enter(queue: FairQueue, timeoutMs: number | undefined): Promise<Disposable> {
    const { operation, asked } = this;
    const base = { action: asked.action.hash, client: asked.client };
    const queuedMs = Date.now();
    operation.moments.queuedMs = queuedMs;
    operation.enter('queued');
    this.#observe({ type: 'action-queued', ...base });
    const place = await queue.enter(asked, this.signal);
    operation.moments.startedMs = Date.now();
    operation.enter('executing');
    this.#observe({ type: 'action-started', ...base, waitedMs: Date.now() - queuedMs });
    if (timeoutMs !== undefined) this.#setDeadline(timeoutMs);
    return place;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #setDeadline(timeoutMs: number): void {
    const end = (): void => this.#deadline.abort(tooLate(timeoutMs));
    this.#timer = setTimeout(end, Math.min(timeoutMs, longestTimerMs));
    this.#timer.unref();
  }
}

function tooLate(timeoutMs: number): ActionFault {
  return new ActionFault(
    Code.DeadlineExceeded,
    `the action was ended after ${timeoutMs / 1000} s, which is as long as it may take`,
  );
}

/** What timers of Node can wait. */
const longestTimerMs = 2 ** 31 - 1;
