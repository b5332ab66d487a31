import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { type Any, anyPack } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import {
  type ContentDigest,
  ExecuteOperationMetadataSchema,
  type ExecuteResponse,
  ExecuteResponseSchema,
  ExecutionStage_Value,
  type Operation as OperationMessage,
  OperationSchema,
  type Progress,
  ProgressSchema,
  digestFunctionValue,
  messageDigestOf,
} from '../../protocol/index.ts';
import { ActionFault } from './action-fault.ts';
import type { Moments } from './moments.ts';
import { ProgressLog } from './progress-log.ts';
import { Watch } from './watch.ts';
import type { Inlining } from './work.ts';

export type Stage = 'cache-check' | 'queued' | 'executing' | 'completed';

const stageValues: Readonly<Record<Stage, ExecutionStage_Value>> = {
  'cache-check': ExecutionStage_Value.CACHE_CHECK,
  queued: ExecutionStage_Value.QUEUED,
  executing: ExecutionStage_Value.EXECUTING,
  completed: ExecutionStage_Value.COMPLETED,
};

export interface OperationOptions {
  readonly action: ContentDigest;
  readonly inline: Inlining;
  /** How long it goes on where nobody watches, in milliseconds. */
  readonly graceMs: number;
}

/** One execution of an action, for all who have asked for it. */
export class Operation {
  /** Nobody can guess it: whoever knows it was told. */
  readonly name = `operations/${randomUUID()}`;
  readonly action: ContentDigest;
  readonly moments: Moments = {};
  readonly #graceMs: number;
  readonly #abort = new AbortController();
  readonly #watches = new Map<Watch, string>();
  #inline: Inlining;
  #progress = new ProgressLog();
  #stage: Stage = 'cache-check';
  /** As it is told, to each who watches. */
  #response: Any | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor({ action, inline, graceMs }: OperationOptions) {
    this.action = action;
    this.#inline = inline;
    this.#graceMs = graceMs;
  }

  /** Raised where it is cancelled, with an ActionFault. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isDone(): boolean {
    return this.#response !== undefined;
  }

  /** How much of memory is kept of what came of it, in bytes. */
  get responseSize(): number {
    return this.#response?.value.length ?? 0;
  }

  get stdoutName(): string {
    return `${this.name}/stdout`;
  }

  get stderrName(): string {
    return `${this.name}/stderr`;
  }

  /** What is to stand in the result: whatever one of those wants who have asked for it. */
  get inline(): Inlining {
    return this.#inline;
  }

  want({ stdout, stderr, files }: Inlining): void {
    const before = this.#inline;
    this.#inline = {
      stdout: before.stdout || stdout,
      stderr: before.stderr || stderr,
      files: before.files.union(files),
    };
  }

  enter(stage: Stage): void {
    this.#stage = stage;
    this.#tell('at-once');
  }

  say(line: string): void {
    this.#progress.addLine(line);
    this.#tell('soon');
  }

  claim(claim: string, known: boolean): void {
    this.#progress.addClaim(claim, known);
    this.#tell('at-once');
  }

  finish(response: ExecuteResponse): void {
    this.#response = anyPack(ExecuteResponseSchema, response);
    this.#stage = 'completed';
    clearTimeout(this.#grace);
    this.#tell('at-once');
    // Those who watch have all of it still.
    this.#progress = this.#progress.ending();
  }

  cancel(message: string): void {
    this.stop(new ActionFault(Code.Canceled, message));
  }

  stop(fault: ActionFault): void {
    if (!this.isDone) this.#abort.abort(fault);
  }

  /** Ends it for a client, and for all where no other client watches. */
  cancelFor(client: string): void {
    const watches = [...this.#watches];
    if (watches.every(([, watcher]) => watcher === client)) this.cancel('it was cancelled');
    else for (const [watch, watcher] of watches) if (watcher === client) watch.giveUp();
  }

  /** It as it is, and again whenever something has happened, to its end. */
  async *watch(client: string, signal: AbortSignal): AsyncGenerator<OperationMessage, void> {
    const watch = new Watch(signal);
    const reader = this.#progress.reader();
    this.#join(watch, client);
    try {
      await watch.first(() => this.isDone);
      for (;;) {
        if (signal.aborted) return;
        if (watch.isGivenUp) throw new ActionFault(Code.Canceled, 'it was cancelled');
        const message = this.message(reader.take());
        yield message;
        // It may have ended while the message was on its way, which is still to be told.
        if (message.done) return;
        await watch.next();
      }
    } finally {
      this.#leave(watch);
    }
  }

  message(progress?: Progress): OperationMessage {
    const metadata = create(ExecuteOperationMetadataSchema, {
      stage: stageValues[this.#stage],
      actionDigest: messageDigestOf(this.action),
      digestFunction: digestFunctionValue(this.action.function),
      ...(this.#stage === 'executing' && {
        stdoutStreamName: this.stdoutName,
        stderrStreamName: this.stderrName,
      }),
      ...(progress !== undefined && {
        partialExecutionMetadata: { auxiliaryMetadata: [anyPack(ProgressSchema, progress)] },
      }),
    });
    return create(OperationSchema, {
      name: this.name,
      metadata: anyPack(ExecuteOperationMetadataSchema, metadata),
      done: this.#response !== undefined,
      ...(this.#response !== undefined && {
        result: { case: 'response', value: this.#response },
      }),
    });
  }

  /** Whoever comes late or again finds it going on. */
  #join(watch: Watch, client: string): void {
    this.#watches.set(watch, client);
    clearTimeout(this.#grace);
  }

  #leave(watch: Watch): void {
    watch.end();
    this.#watches.delete(watch);
    if (this.#watches.size > 0 || this.isDone) return;
    this.#grace = setTimeout(() => this.cancel('nobody waits for it any more'), this.#graceMs);
    this.#grace.unref();
  }

  #tell(when: 'at-once' | 'soon'): void {
    for (const watch of this.#watches.keys()) watch.tell(when);
  }
}
