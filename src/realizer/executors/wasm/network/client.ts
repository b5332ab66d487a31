import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnsweringServer } from '../../executor.ts';
import { hostLimits } from '../limits.ts';
import { Quota } from '../files/quota.ts';
import { Authorization } from './authorization.ts';
import { isSameAnswer, overlapOf, validatorOf } from './continuation.ts';
import { type ExchangeResult, exchange } from './exchange.ts';
import type { Failure } from './failure.ts';
import { type Hop, firstHop, isRepeatable, redirectedHop } from './hop.ts';
import type { Network } from './network.ts';
import { type RequestHead, shownUrl } from './request-head.ts';
import { type Continuation, ResponseBody } from './response-body.ts';
import { askedWaitMs, waitAfter } from './retry.ts';

/** The response whose header has come, at the end of all redirects. */
export interface Response {
  readonly url: string;
  readonly status: number;
  readonly server: AnsweringServer;
  /** How long the server wants not to be asked. */
  readonly retryAfterMs: number | undefined;
  header(name: string): string | undefined;
  readonly body: ResponseBody;
}

export type SendResult =
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'failure'; readonly url: string; readonly failure: Failure };

type Answer =
  | {
      readonly kind: 'answer';
      readonly hop: Hop;
      readonly message: IncomingMessage;
      readonly credentials: AnsweringServer['credentials'];
    }
  | { readonly kind: 'failure'; readonly url: string; readonly failure: Failure };

/** Sends the requests of one program, and can give up all of them at once. */
export class Client {
  readonly #network: Network;
  readonly #onWait: (line: string) => void;
  readonly #headers: ReadonlyMap<string, string>;
  readonly #authorization: Authorization;
  readonly #received: Quota;
  readonly #inFlight = new Set<ClientRequest>();
  #bodies: readonly ResponseBody[] = [];
  #closed = false;

  /** `onWait` is told why nothing moves. The headers are those of `RealizeContext`. */
  constructor(network: Network, onWait: (line: string) => void, headers: ReadonlyMap<string, string>) {
    this.#network = network;
    this.#onWait = onWait;
    this.#received = new Quota(network.receivedLimit);
    this.#headers = headers;
    this.#authorization = new Authorization(network.keyring);
  }

  /** Follows redirects, shows credentials, and sends again what is safe to be sent again. */
  async send(head: RequestHead, body: Uint8Array): Promise<SendResult> {
    const answer = await this.#answerTo(head, body);
    if (answer.kind === 'failure') return answer;
    return { kind: 'response', response: this.#responseOf(head, body, answer) };
  }

  close(): void {
    this.#closed = true;
    for (const request of this.#inFlight) request.destroy();
  }

  async #answerTo(head: RequestHead, body: Uint8Array): Promise<Answer> {
    const { mirrors } = this.#network;
    let hop = withHeaders(firstHop(head, body, mirrors), this.#headers);
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#sendWithCredentials(hop);
      if (answer.kind === 'failure') return answer;
      const next = redirectedHop(hop, answer.message, mirrors);
      if (next === undefined) return answer;
      discard(answer.message);
      if ('failure' in next) return { kind: 'failure', url: shownUrl(hop.url), failure: next.failure };
      if (redirects === hostLimits.redirects) {
        const detail = `more than ${hostLimits.redirects} redirects`;
        return {
          kind: 'failure',
          url: shownUrl(head.url),
          failure: { kind: 'redirects', detail, mayPass: false },
        };
      }
      hop = mayHaveHeaders(next) ? next : withoutHeaders(next, this.#headers);
    }
  }

  async #sendWithCredentials(hop: Hop): Promise<Answer> {
    const url = shownUrl(hop.url);
    const first = await this.#authorization.proofFor(hop);
    const proof = typeof first === 'string' ? { kind: first } : first;
    if (proof.kind === 'failure') return { ...proof, url };
    const result = await this.#sendPatiently(proof.kind === 'shown' ? withProof(hop, proof.header) : hop);
    if (result.kind === 'failure') return { ...result, url };
    const asked = await this.#authorization.proofAsAsked(hop, result.message);
    if (asked.kind === 'failure') return { ...asked, url };
    if (asked.kind !== 'shown')
      return { kind: 'answer', hop, message: result.message, credentials: proof.kind };
    discard(result.message);
    const second = await this.#sendPatiently(withProof(hop, asked.header));
    if (second.kind === 'failure') return { ...second, url };
    return { kind: 'answer', hop, message: second.message, credentials: 'shown' };
  }

  async #sendPatiently(hop: Hop): Promise<ExchangeResult> {
    const { host } = hop.target;
    for (let attempt = 0; ; attempt++) {
      await this.#pause(this.#network.pauses.leftMs(host), `until ${host} may be asked again`);
      const result = await this.#sendOnce(hop);
      if (attempt === hostLimits.retries || this.#closed || !isRepeatable(hop)) return result;
      const wait = waitAfter(result, attempt);
      if (wait === undefined) return result;
      if (result.kind === 'response') discard(result.message);
      if (wait.isAsked) this.#network.pauses.begin(host, wait.durationMs);
      // The own waits are short, and need no word.
      const reason = wait.isAsked
        ? `before ${host} is asked again, which answered with status ${statusOf(result)}`
        : undefined;
      await this.#pause(wait.durationMs, reason);
    }
  }

  async #pause(durationMs: number, reason: string | undefined): Promise<void> {
    if (durationMs === 0 || this.#closed) return;
    if (reason !== undefined && durationMs >= hostLimits.toldWaitMs) {
      this.#onWait(`waiting ${Math.ceil(durationMs / 1000)} s ${reason}`);
    }
    // Those who wait for the same end of a pause need not come all at once.
    const spreadMs = Math.min(durationMs / 10, hostLimits.toldWaitMs) * Math.random();
    await sleep(durationMs + spreadMs, undefined, { ref: false });
  }

  async #sendOnce(hop: Hop): Promise<ExchangeResult> {
    if (this.#closed)
      return { kind: 'failure', failure: { kind: 'cut', detail: 'given up', mayPass: false } };
    const { method, headers, body, target: url } = hop;
    const { agents, timeoutMs } = this.#network;
    const gate = hop.isOperators ? undefined : this.#network.gate;
    const refusal = gate?.refusalOf(url);
    if (refusal !== undefined) return { kind: 'failure', failure: refusal };
    this.#bodies = this.#bodies.filter(({ isOpen }) => isOpen);
    const pair = hop.isOperators ? agents.operators : agents.programs;
    const pool = this.#bodies.length === 0 ? pair.shared : pair.further;
    const lookup = gate?.lookupFor(url);
    return exchange({ method, url, headers, body, timeoutMs, lookup }, pool, (request) => {
      this.#inFlight.add(request);
      request.once('close', () => this.#inFlight.delete(request));
    });
  }

  #responseOf(head: RequestHead, body: Uint8Array, answer: Answer & { kind: 'answer' }): Response {
    const { hop, message, credentials } = answer;
    const responseBody = new ResponseBody(message, {
      timeoutMs: this.#network.timeoutMs,
      take: (length) => this.#take(length),
      goOn: (received) => this.#goOn(head, body, message, received),
    });
    this.#bodies = [...this.#bodies, responseBody];
    return {
      url: shownUrl(hop.url),
      status: message.statusCode ?? 0,
      server: { host: hop.target.host, credentials },
      retryAfterMs: askedWaitMs(message),
      header: (name) => {
        const value = message.headers[name];
        return Array.isArray(value) ? value.join(', ') : value;
      },
      body: responseBody,
    };
  }

  /** Why no more bytes may come. */
  #take(length: number): Failure | undefined {
    if (this.#received.take(length)) return undefined;
    const detail = `more than ${this.#network.receivedLimit} bytes came, which is all that a program may receive`;
    return { kind: 'not-allowed', detail, mayPass: false };
  }

  /** Asks again for what was lost: all of it where nothing has come, and else what is proven to be the rest of the same. */
  async #goOn(
    head: RequestHead,
    body: Uint8Array,
    first: IncomingMessage,
    received: number,
  ): Promise<Continuation> {
    if (this.#closed || !isRepeatable(head)) return { kind: 'impossible' };
    const validator = received === 0 ? undefined : validatorOf(first);
    const canBeParted = head.method === 'GET' && !head.headers.has('range') && validator !== undefined;
    if (received > 0 && !canBeParted) return { kind: 'impossible' };
    const part = { range: `bytes=${received}-`, 'if-range': validator?.value ?? '' };
    const headers = new Map([...head.headers, ...(received > 0 ? Object.entries(part) : [])]);
    const answer = await this.#answerTo({ ...head, headers }, body);
    if (answer.kind === 'failure') return { kind: answer.failure.mayPass ? 'failure' : 'impossible' };
    const { message } = answer;
    const overlap =
      validator === undefined
        ? isSameAnswer(first, message)
          ? 0
          : undefined
        : overlapOf(message, validator, received);
    if (overlap !== undefined) return { kind: 'message', message, overlap };
    discard(message);
    return { kind: 'impossible' };
  }
}

/** A mirror, or whoever a server redirects to, is not whom they are for. */
function mayHaveHeaders({ isTrusted, target, url }: Hop): boolean {
  return isTrusted && target.host === url.host;
}

function withHeaders(hop: Hop, headers: ReadonlyMap<string, string>): Hop {
  if (headers.size === 0 || !mayHaveHeaders(hop)) return hop;
  return { ...hop, headers: new Map([...hop.headers, ...headers]) };
}

function withoutHeaders(hop: Hop, headers: ReadonlyMap<string, string>): Hop {
  if (headers.size === 0) return hop;
  return { ...hop, headers: new Map([...hop.headers].filter(([name]) => !headers.has(name))) };
}

function withProof(hop: Hop, header: string): Hop {
  return { ...hop, headers: new Map([...hop.headers, ['authorization', header]]) };
}

function statusOf(result: ExchangeResult): number | undefined {
  return result.kind === 'response' ? result.message.statusCode : undefined;
}

/** Gives up a response without losing its connection where the rest of it is short. */
function discard(message: IncomingMessage): void {
  const length = Number(message.headers['content-length'] ?? Number.NaN);
  message.on('error', () => undefined);
  if (length <= hostLimits.responseAhead) message.resume();
  else message.destroy();
}
