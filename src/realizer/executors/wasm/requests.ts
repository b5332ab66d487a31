import type { RequestFailure } from '../executor.ts';
import type { Claims } from './claims.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { HostFunctions } from './host-functions.ts';
import { programLimits } from './limits.ts';
import type { Client, Response } from './network/client.ts';
import { type Failure, errorNumberOf } from './network/failure.ts';
import { parseRequestHead, shownUrl } from './network/request-head.ts';

export interface RequestsOptions {
  readonly memory: () => GuestMemory;
  /** Whether the program may use the network at all. */
  readonly allowed: boolean;
  /** Made when the first request is; or why none can be made. */
  readonly client: () => Promise<Client | Failure>;
  readonly claims: Claims;
}

/** The network functions of the module `cab`, for one program. */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #responses = new Map<number, Response>();
  #count = 0;
  #opening = 0;
  #client: Client | undefined;
  #closed = false;
  #lastFailure: RequestFailure | undefined;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** The last request's failure, unless a later one was answered well. */
  get lastFailure(): RequestFailure | undefined {
    return this.#lastFailure;
  }

  /** Those that answer at once. */
  functions(): HostFunctions {
    return {
      response_status: (response: number) => this.#responses.get(response)?.status ?? -1,
      response_header: (
        response: number,
        name: number,
        nameLength: number,
        value: number,
        valueLength: number,
      ) => this.#header(response, name, nameLength, value, valueLength),
      response_close: (response: number) => {
        this.#responses.get(response)?.body.close();
        this.#responses.delete(response);
      },
    };
  }

  /** Those for which the program may have to wait. */
  waitingFunctions(): HostFunctions {
    return {
      request_open: (head: number, headLength: number, body: number, bodyLength: number) =>
        this.#open(head, headLength, body, bodyLength),
      response_read: (response: number, buffer: number, length: number) =>
        this.#read(response, buffer, length),
    };
  }

  close(): void {
    this.#closed = true;
    for (const { body } of this.#responses.values()) body.close();
    this.#responses.clear();
    this.#client?.close();
  }

  #open(head: number, headLength: number, body: number, bodyLength: number): number | Promise<number> {
    const memory = this.#options.memory();
    const parsed = parseRequestHead(memory.text(head, headLength));
    if (parsed.kind !== 'request') return this.#fail(parsed.url, { ...parsed, mayPass: false });
    const url = shownUrl(parsed.head.url);
    if (!this.#options.allowed) {
      return this.#fail(url, notAllowed('only a fixed or self-fixing derivation may use the network'));
    }
    if (this.#responses.size + this.#opening >= programLimits.responses) {
      return this.#fail(url, notAllowed(`only ${programLimits.responses} responses may be open at one time`));
    }
    if (bodyLength >>> 0 > programLimits.requestBody)
      return this.#fail(url, notAllowed('its body is too long'));
    const content = Uint8Array.from(memory.bytes(body, bodyLength));
    this.#opening++;
    return this.#send(parsed.head, content).finally(() => this.#opening--);
  }

  async #send(head: Parameters<Client['send']>[0], body: Uint8Array): Promise<number> {
    await this.#options.claims.answered();
    const client = this.#client ?? (await this.#options.client());
    if ('detail' in client) return this.#fail(shownUrl(head.url), client);
    this.#client = client;
    if (this.#closed) client.close();
    const result = await client.send(head, body);
    if (result.kind === 'failure') return this.#fail(result.url, result.failure);
    const { response } = result;
    if (this.#closed) response.body.close();
    this.#noteStatus(response);
    const number = this.#count++;
    this.#responses.set(number, response);
    return number;
  }

  #read(number: number, pointer: number, length: number): number | Promise<number> {
    const response = this.#responses.get(number);
    if (response === undefined)
      return this.#fail('', { kind: 'malformed', detail: 'no such response', mayPass: false });
    const unanswered = this.#options.claims.answered();
    if (unanswered !== undefined) return this.#readLater(response, pointer, length, unanswered);
    const read = response.body.read(this.#options.memory().bytes(pointer, length));
    return read === undefined
      ? this.#readLater(response, pointer, length, undefined)
      : this.#answerRead(response, read);
  }

  async #readLater(
    response: Response,
    pointer: number,
    length: number,
    unanswered: Promise<void> | undefined,
  ): Promise<number> {
    await unanswered;
    while (true) {
      const read = response.body.read(this.#options.memory().bytes(pointer, length));
      if (read !== undefined) return this.#answerRead(response, read);
      await response.body.wait();
    }
  }

  #answerRead(response: Response, read: number | Failure): number {
    if (typeof read !== 'number') return this.#fail(response.url, read);
    return read;
  }

  #header(number: number, name: number, nameLength: number, value: number, valueLength: number): number {
    const memory = this.#options.memory();
    const wanted = memory.text(name, nameLength);
    const header = wanted === undefined ? undefined : this.#responses.get(number)?.header(wanted);
    if (header === undefined) return -1;
    const bytes = Buffer.from(header, 'latin1');
    const copied = bytes.subarray(0, valueLength >>> 0);
    memory.bytes(value, copied.length).set(copied);
    return bytes.length;
  }

  #noteStatus({ url, status, server, retryAfterMs }: Response): void {
    if (status < 400) {
      this.#lastFailure = undefined;
      return;
    }
    const detail = `status ${status}`;
    this.#lastFailure = {
      kind: 'status',
      url,
      detail,
      status,
      server,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }

  #fail(url: string, { kind, detail, place }: Failure): number {
    this.#lastFailure = { kind, url, detail, ...(place !== undefined && { place }) };
    return errorNumberOf(kind);
  }
}

function notAllowed(detail: string): Failure {
  return { kind: 'not-allowed', detail, mayPass: false };
}
