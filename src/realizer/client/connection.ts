import { type CallOptions, type Client, Code, ConnectError, createClient } from '@connectrpc/connect';
import { RealizerUnavailable } from '../index.ts';
import { type CallChannel, ContentCalls } from './content.ts';
import { Execution, Operations, Realizer as RealizerService } from '../protocol/index.ts';
import type { Availability } from './availability.ts';
import {
  type Named,
  type Unavailability,
  diagnosticErrorIn,
  realizerFailed,
  unavailabilityOf,
  unavailableDiagnostic,
} from './faults.ts';

/** How long a call may take that only asks, in milliseconds. */
const answerLimitMs = 60_000;

/** The services of one realizer. */
export interface Services {
  readonly execution: Client<typeof Execution>;
  readonly operations: Client<typeof Operations>;
  readonly realizer: Client<typeof RealizerService>;
}

export interface ConnectionOptions {
  readonly named: Named;
  readonly channel: CallChannel & { close(): void | Promise<void> };
  readonly availability: Availability;
}

/** One realizer as it is spoken to: knows whether it is there, and makes of what fails what the layers above understand. */
export class Connection {
  readonly named: Named;
  readonly services: Services;
  readonly content: ContentCalls;
  readonly #availability: Availability;
  readonly #close: () => void | Promise<void>;
  #isLost = false;

  constructor({ named, channel, availability }: ConnectionOptions) {
    this.named = named;
    this.#availability = availability;
    this.#close = () => channel.close();
    this.content = new ContentCalls(channel);
    const { transport } = channel;
    this.services = {
      execution: createClient(Execution, transport),
      operations: createClient(Operations, transport),
      realizer: createClient(RealizerService, transport),
    };
  }

  /**
   * Asks something and waits for the answer.
   *
   * @throws RealizerUnavailable where it is down, DiagnosticError CAB4046 where it fails, and the signal's reason.
   */
  async call<Answer>(
    what: (services: Services, options: CallOptions) => Promise<Answer>,
    {
      signal,
      timeoutMs = answerLimitMs,
    }: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {},
  ): Promise<Answer> {
    this.check();
    try {
      const answer = await what(this.services, { timeoutMs, ...(signal !== undefined && { signal }) });
      this.succeeded();
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      throw this.faultOf(error);
    }
  }

  /** The same, but that what fails is as it came: for whoever tries it again, and has that made of it at last by `faultOf`. */
  attempt<Answer>(
    what: (services: Services, options: CallOptions) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<Answer> {
    return what(this.services, { signal, timeoutMs: answerLimitMs });
  }

  async close(): Promise<void> {
    await this.#close();
  }

  /** @throws RealizerUnavailable where it is set aside. */
  check(): void {
    this.#availability.check();
  }

  /** Notes that it is lost, and waited for. Answers whether that is news. */
  lost(): boolean {
    const isNews = !this.#isLost;
    this.#isLost = true;
    return isNews;
  }

  succeeded(): void {
    this.#isLost = false;
    this.#availability.succeeded();
  }

  /** What a failed call is to the layers above. What has a meaning to the caller alone, such as NOT_FOUND, it looks at before. */
  faultOf(error: unknown): Error {
    const own = diagnosticErrorIn(error);
    if (own !== undefined) return own;
    const unavailability = unavailabilityOf(error);
    if (unavailability !== undefined) return this.unavailable(unavailability, error);
    if (!(error instanceof ConnectError)) return error as Error;
    return realizerFailed(this.named, `${Code[error.code]}: ${error.rawMessage}`, error);
  }

  /** Sets the realizer aside, unless it is about one call. */
  unavailable(what: Unavailability, cause?: unknown): RealizerUnavailable {
    const failure = new RealizerUnavailable(
      this.named.name,
      {
        reason: what.reason,
        retryAtMs: what.isOfCall === true ? Date.now() : this.#availability.nextRetryMs(),
        diagnostic: unavailableDiagnostic(this.named, what),
      },
      { cause },
    );
    if (what.isOfCall !== true) this.#availability.failed(failure);
    return failure;
  }
}
