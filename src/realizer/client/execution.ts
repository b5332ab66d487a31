import { anyUnpack } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  type ExecuteOperationMetadata,
  ExecuteOperationMetadataSchema,
  type ExecuteRequestSchema,
  type ExecuteResponse,
  ExecuteResponseSchema,
  type Operation,
  PreconditionFailureSchema,
} from '../protocol/index.ts';
import type { Connection } from './connection.ts';
import { realizerFailed } from './faults.ts';
import { Patience } from './patience.ts';

/** How often an action is begun anew whose realizer has forgotten it. */
const beginningsLimit = 10;

/** How long the realizer may take to hear that nobody wants the result any more, in milliseconds. */
const cancelLimitMs = 2000;

export interface ExecutionOptions {
  readonly connection: Connection;
  readonly request: MessageInitShape<typeof ExecuteRequestSchema>;
  /** What goes along as often as it is begun: it is there when anything is told. */
  readonly contents: readonly Uint8Array[];
  readonly headers: Headers;
  /** Told what is known of the run. `isResumed` where something may have been missed before, or is told once more. */
  readonly onProgress: (metadata: ExecuteOperationMetadata, isResumed: boolean) => void;
  /** The realizer has forgotten the run, and begins another one. */
  readonly onBeginning: () => void;
  /** The connection is lost, and waited for. */
  readonly onLost: (why: string, waitMs: number) => void;
  readonly signal: AbortSignal;
}

export type ExecutionOutcome =
  | { readonly kind: 'answered'; readonly response: ExecuteResponse }
  /** Content that the action needs is not there. */
  | { readonly kind: 'missing'; readonly subjects: readonly string[] };

/** One execution of an action, over as many connections as it takes. */
export class Execution {
  readonly #options: ExecutionOptions;
  readonly #patience: Patience;
  /** As the realizer calls it, from when it has said so. */
  #name: string | undefined;
  #beginnings = 0;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#patience = new Patience(options.connection, options.onLost);
  }

  /** @throws RealizerUnavailable, DiagnosticError CAB4046, and the signal's reason, where the realizer hears that it is given up. */
  async run(): Promise<ExecutionOutcome> {
    const { connection, signal } = this.#options;
    connection.check();
    for (;;) {
      try {
        const outcome = await this.#follow();
        connection.succeeded();
        return outcome;
      } catch (error) {
        if (signal.aborted) {
          await this.#cancel();
          signal.throwIfAborted();
        }
        const subjects = missingIn(error);
        if (subjects.length > 0) return { kind: 'missing', subjects };
        await this.#recover(error);
      }
    }
  }

  /** Follows it to its end, or to the end of the connection. */
  async #follow(): Promise<ExecutionOutcome> {
    const isResumed = this.#name !== undefined;
    let isFirst = true;
    for await (const operation of this.#operations()) {
      this.#name = operation.name;
      this.#patience.heard();
      this.#options.connection.succeeded();
      const metadata = operation.metadata && anyUnpack(operation.metadata, ExecuteOperationMetadataSchema);
      if (metadata !== undefined) this.#options.onProgress(metadata, isResumed && isFirst);
      isFirst = false;
      if (operation.done) return { kind: 'answered', response: this.#responseOf(operation) };
    }
    throw new ConnectError('http/2 stream ended before the operation did', Code.Aborted);
  }

  #operations(): AsyncIterable<Operation> {
    const { connection, request, contents, headers, signal } = this.#options;
    const { execution, realizer } = connection.services;
    // It takes as long as it takes; that the other side is there is known by pings.
    const options = { headers, signal, timeoutMs: 0 };
    if (this.#name !== undefined) return execution.waitExecution({ name: this.#name }, options);
    if (this.#beginnings++ > 0) this.#options.onBeginning();
    return contents.length === 0
      ? execution.execute(request, options)
      : realizer.executeWith({ request, contents: [...contents] }, options);
  }

  /** @throws where the response is a failure of the call. */
  #responseOf({ result }: Operation): ExecuteResponse {
    const { named } = this.#options.connection;
    if (result.case === 'error') throw new ConnectError(result.value.message, result.value.code);
    const response = result.case === 'response' ? anyUnpack(result.value, ExecuteResponseSchema) : undefined;
    if (response === undefined) throw realizerFailed(named, 'it ended an execution without a result');
    const { status } = response;
    if (status === undefined || status.code === 0) return response;
    const error = new ConnectError(status.message, status.code);
    error.details = status.details.map(({ typeUrl, value }) => ({
      type: typeUrl.slice(typeUrl.lastIndexOf('/') + 1),
      value,
    }));
    // The run is over, whatever the reason.
    this.#name = undefined;
    throw error;
  }

  /** Waits until it is worth another try. @throws where it is not. */
  async #recover(error: unknown): Promise<void> {
    const { signal } = this.#options;
    const isForgotten = error instanceof ConnectError && error.code === Code.NotFound;
    if (isForgotten && this.#name !== undefined && this.#beginnings < beginningsLimit) {
      this.#name = undefined;
      return;
    }
    try {
      await this.#patience.wait(error, signal);
    } catch (reason) {
      // Whoever gives it up while it is waited for is heard at the next try.
      if (!signal.aborted) throw reason;
    }
  }

  async #cancel(): Promise<void> {
    const name = this.#name;
    if (name === undefined) return;
    const { operations } = this.#options.connection.services;
    // Nothing depends on it: who is gone is noticed anyway.
    await operations.cancelOperation({ name }, { timeoutMs: cancelLimitMs }).catch(() => undefined);
  }
}

/** The content that a failed execution lacks, as the API names it; empty where that was not the failure. */
function missingIn(error: unknown): readonly string[] {
  if (!(error instanceof ConnectError) || error.code !== Code.FailedPrecondition) return [];
  const violations = error.findDetails(PreconditionFailureSchema).flatMap((failure) => failure.violations);
  return violations.filter(({ type }) => type === 'MISSING').map(({ subject }) => subject);
}
