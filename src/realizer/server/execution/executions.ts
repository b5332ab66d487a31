import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import type { ContentStore } from '../content/content-store.ts';
import type { StoreKeeper } from '../keeping/store-keeper.ts';
import { DiagnosticError } from '../../../diagnostics/index.ts';
import { type ExecuteResponse, ExecuteResponseSchema, isDerivation } from '../../protocol/index.ts';
import { ActionFault, tryLater } from './action-fault.ts';
import { readAction } from './action-reader.ts';
import type { DerivationActions } from './derivation-actions.ts';
import type { ExecutionEvent } from './event.ts';
import type { Quotas } from '../quotas/index.ts';
import type { ForeignActions } from './foreign-actions.ts';
import { Operation } from './operation.ts';
import { OperationTable } from './operation-table.ts';
import { type Asked, type Performed, Work, type WorkContext } from './work.ts';

export interface ExecutionLimits {
  /** How many actions wait and run at most, of all clients together; each client's share is the quotas'. */
  readonly actions: number;
  /** How long an operation goes on that nobody watches, in milliseconds. */
  readonly graceMs: number;
  /** How long one that has ended can be asked for, in milliseconds, how many of them, and how much of what came of them, in bytes. */
  readonly keptMs: number;
  readonly keptLimit: number;
  readonly keptSize: number;
}

export const usualExecutionLimits: ExecutionLimits = {
  actions: 20_000,
  graceMs: 60_000,
  keptMs: 300_000,
  keptLimit: 4096,
  keptSize: 64 << 20,
};

export interface ExecutionsOptions {
  readonly content: ContentStore;
  readonly derivations: DerivationActions;
  readonly foreign: ForeignActions;
  readonly limits: ExecutionLimits;
  readonly quotas: Quotas;
  readonly observe: (event: ExecutionEvent) => void;
  /** Of the store's size: what an action relies on stays until it has ended. */
  readonly keeper?: Pick<StoreKeeper, 'begin'> | undefined;
}

/** When a client that was refused may ask again, in seconds. */
const retrySeconds = 1;
const drainRetrySeconds = 10;

/** What is executed here, for whoever asks. The same action is executed once at a time. */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #table: OperationTable;
  #isDraining = false;

  constructor(options: ExecutionsOptions) {
    this.#options = options;
    this.#table = new OperationTable(options.limits);
  }

  /** How many operations go on. */
  get size(): number {
    return this.#table.size;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /**
   * The operation that executes an action: the one that goes on already, or another one.
   *
   * @throws ActionFault where it is refused, ConnectError where the client has had its share.
   */
  execute(asked: Asked): Operation {
    const key = keyOf(asked);
    const running = this.#table.running(key);
    // One that is about to end without anything come of it is none to wait for.
    if (running !== undefined && !running.signal.aborted) {
      running.want(asked.inline);
      return running;
    }
    this.#refuseExcess();
    const share = this.#options.quotas.of({ name: asked.client }).beginAction();
    const { action, inline } = asked;
    const operation = new Operation({ action, inline, graceMs: this.#options.limits.graceMs });
    this.#table.begin(key, operation);
    void this.#run(asked, operation).then((response) => {
      share[Symbol.dispose]();
      operation.finish(response);
      this.#table.end(key, operation);
    });
    return operation;
  }

  /** The operation of this name, be it that it has ended a while ago. */
  find(name: string): Operation | undefined {
    return this.#table.find(name);
  }

  /** Takes no new work from now on, and settles when what goes on has ended. */
  drain(): Promise<void> {
    this.#isDraining = true;
    return this.#table.idle();
  }

  /** Ends all that goes on. */
  async close(): Promise<void> {
    this.#isDraining = true;
    for (const operation of this.#table.all())
      operation.stop(tryLater(Code.Unavailable, 'the realizer is about to end', drainRetrySeconds));
    await this.#table.idle();
  }

  #refuseExcess(): void {
    const { actions } = this.#options.limits;
    if (this.#isDraining) throw tryLater(Code.Unavailable, 'the realizer is about to end', drainRetrySeconds);
    if (this.#table.size >= actions)
      throw tryLater(Code.ResourceExhausted, `the realizer has ${actions} actions already`, retrySeconds);
  }

  async #run(asked: Asked, operation: Operation): Promise<ExecuteResponse> {
    const { observe, keeper } = this.#options;
    using kept = keeper?.begin();
    const beganMs = performance.now();
    const told = { type: 'action-ended', action: asked.action.hash, client: asked.client } as const;
    try {
      const { result, isCached, executor, outcome, madeBytes } = await this.#perform(asked, {
        operation,
        kept,
        observe,
      });
      this.#options.quotas.of({ name: asked.client }).noteStored(madeBytes);
      observe({ ...told, executor, outcome, durationMs: performance.now() - beganMs });
      return create(ExecuteResponseSchema, { result, cachedResult: isCached, status: { code: 0 } });
    } catch (error) {
      const fault = this.#faultOf(error);
      const outcome = operation.signal.aborted ? 'cancelled' : 'refused';
      observe({ ...told, executor: 'none', outcome, durationMs: performance.now() - beganMs });
      return create(ExecuteResponseSchema, { status: fault.status, message: fault.message });
    }
  }

  async #perform(asked: Asked, context: WorkContext): Promise<Performed> {
    const { content, derivations, foreign } = this.#options;
    const read = await readAction(content, asked.action);
    context.operation.signal.throwIfAborted();
    using work = new Work(asked, read, context);
    try {
      return await (isDerivation(read.command) ? derivations : foreign).perform(work);
    } catch (error) {
      // Whatever fell over when it was ended, that is the reason.
      throw work.signal.aborted ? work.signal.reason : error;
    }
  }

  #faultOf(error: unknown): ActionFault {
    if (error instanceof ActionFault) return error;
    if (error instanceof DiagnosticError && error.diagnostics[0]?.code === 'CAB5002')
      return tryLater(Code.ResourceExhausted, 'the disk of the realizer is full', drainRetrySeconds);
    this.#options.observe({ type: 'fault', where: 'executing an action', error });
    return new ActionFault(Code.Internal, 'the realizer has made a mistake, which its log tells');
  }
}

/** What is asked with and without a look at what is known may come to different things. */
function keyOf({ action, skipCacheLookup }: Asked): string {
  return `${action.function}:${action.hash}:${action.size}:${skipCacheLookup}`;
}
