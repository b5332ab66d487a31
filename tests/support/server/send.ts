import type { ServerResponse } from 'node:http';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './answer.ts';
import type { Strike } from './faults.ts';

/** Sends an answer, harmed by a fault if one struck, and reports each piece of the body that goes out. */
export async function send(
  response: ServerResponse,
  answer: Answer,
  strike: Strike | undefined,
  count: (bytes: number) => void,
): Promise<void> {
  const { body } = answer;
  const length = body instanceof Uint8Array ? { 'content-length': String(body.length) } : {};
  response.writeHead(answer.status, { ...length, ...answer.headers });
  const method = response.req.method;
  if (body === undefined || method === 'HEAD') {
    if (body instanceof Readable) body.destroy();
    response.end();
    return;
  }
  const source = body instanceof Uint8Array ? Readable.from([body], { objectMode: false }) : body;
  // A client that goes away in the middle is an ordinary end, which the stream's destruction has dealt with.
  await pipeline(source, new Sender(response, strike, count), response).catch(() => {});
}

/** Counts what passes and does a fault's harm at its byte. */
class Sender extends Transform {
  readonly #response: ServerResponse;
  readonly #strike: Strike | undefined;
  readonly #count: (bytes: number) => void;
  #sent = 0;

  constructor(response: ServerResponse, strike: Strike | undefined, count: (bytes: number) => void) {
    super();
    this.#response = response;
    this.#strike = strike;
    this.#count = count;
    response.once('close', () => this.destroy());
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    const stop = this.#stopsWithin(chunk);
    if (stop === undefined) {
      this.#pass(this.#corrupt(chunk));
      callback();
      return;
    }
    this.#pass(chunk.subarray(0, stop));
    // Nothing more is taken from here on: the callback is never called.
    setImmediate(() => this.#end());
  }

  #pass(chunk: Buffer): void {
    this.#sent += chunk.length;
    this.#count(chunk.length);
    this.push(chunk);
  }

  /** How many bytes of the chunk still go out before a cut or a hang, if it is in this chunk that it comes. */
  #stopsWithin(chunk: Buffer): number | undefined {
    const fault = this.#strike?.fault;
    if (fault?.kind !== 'cut' && fault?.kind !== 'hang') return undefined;
    const left = (fault.afterBytes ?? 0) - this.#sent;
    return left <= chunk.length ? left : undefined;
  }

  #end(): void {
    const socket = this.#response.socket;
    if (this.#strike?.fault.kind === 'cut') socket?.destroySoon();
    this.#strike?.done();
  }

  #corrupt(chunk: Buffer): Buffer {
    const fault = this.#strike?.fault;
    if (fault?.kind !== 'corrupt') return chunk;
    const place = fault.atByte - this.#sent;
    if (place < 0 || place >= chunk.length) return chunk;
    const harmed = Buffer.from(chunk);
    harmed[place] = (harmed[place] ?? 0) ^ 0x40;
    this.#strike?.done();
    return harmed;
  }
}
