import type { Readable } from 'node:stream';
import { messageBuffers } from './message-buffers.ts';
import { MalformedMessage } from './wire.ts';

/** Before each message of a call: whether it is compressed, and its length in four bytes. */
export const frameHeadLength = 5;
/** A message takes memory as it comes, not as it announces itself. */
const firstAllocation = 64 << 10;

export interface MessageReaderOptions {
  /** A longer message is refused. */
  readonly limitBytes: number;
  /** Undoes the compression of messages, where the call has announced one that is known. */
  readonly decompress?: (message: Uint8Array) => Uint8Array;
}

/** A message that is longer than whoever reads it can take. */
export class MessageTooLong extends Error {
  override readonly name = 'MessageTooLong';
}

/** The other side has gone before its last word. */
export class CallCut extends Error {
  override readonly name = 'CallCut';
}

/**
 * The messages of a call one after another. The stream is read only as far as somebody waits for a message, and whatever comes goes
 * straight into the message's own memory, which is used again for a later one.
 */
export class MessageReader {
  readonly #stream: Readable;
  readonly #options: MessageReaderOptions;
  readonly #head = Buffer.alloc(frameHeadLength);
  #headLength = 0;
  /** Of the message that is coming. */
  #length = 0;
  #body: Buffer | undefined;
  #filled = 0;
  /** Whole messages that nobody has asked for yet. */
  readonly #ready: Ready[] = [];
  /** What the caller has now. */
  #lent: Buffer | undefined;
  #waiting: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  #end: End | undefined;

  constructor(stream: Readable, options: MessageReaderOptions) {
    this.#stream = stream;
    this.#options = options;
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.on('end', () => this.#finish(this.#headLength === 0 ? 'whole' : 'cut'));
    stream.on('aborted', () => this.#finish('cut'));
    stream.on('error', (error) => this.#finish(error));
    stream.on('close', () => this.#finish('cut'));
    stream.pause();
    // A stream without a byte ends by itself, perhaps before anybody listens.
    if (stream.readableEnded) this.#end = 'whole';
    else if (stream.destroyed) this.#end = 'cut';
  }

  /**
   * The next message, or undefined behind the last one. It is the caller's until he asks for the next.
   *
   * @throws MalformedMessage, MessageTooLong, CallCut, or what the connection has failed with.
   */
  async next(): Promise<Uint8Array | undefined> {
    this.#takeBack();
    const ready = this.#ready.shift();
    if (ready !== undefined) return this.#lend(ready);
    if (this.#end === 'whole') return undefined;
    if (this.#end !== undefined) throw faultOf(this.#end);
    this.#waiting = Promise.withResolvers();
    this.#stream.resume();
    return this.#waiting.promise;
  }

  /** Reads no more; what still comes is thrown away, so that other calls on the same connection have its window. */
  discard(): void {
    this.#finish('cut');
    this.#takeBack();
    if (this.#body !== undefined) messageBuffers.giveBack(this.#body);
    for (const { body } of this.#ready.splice(0)) messageBuffers.giveBack(body);
    this.#body = undefined;
    this.#stream.removeAllListeners('data');
    this.#stream.resume();
  }

  #take(chunk: Buffer): void {
    try {
      this.#split(chunk);
    } catch (error) {
      this.#finish(error as Error);
      this.discard();
      return;
    }
    this.#answer();
  }

  #split(chunk: Buffer): void {
    let place = 0;
    while (place < chunk.length) {
      if (this.#headLength < frameHeadLength) {
        const taken = chunk.copy(
          this.#head,
          this.#headLength,
          place,
          place + frameHeadLength - this.#headLength,
        );
        this.#headLength += taken;
        place += taken;
        if (this.#headLength < frameHeadLength) return;
        this.#begin();
      } else {
        place += this.#append(chunk, place);
      }
      if (this.#filled === this.#length) this.#complete();
    }
  }

  #begin(): void {
    this.#length = this.#head.readUInt32BE(1);
    this.#filled = 0;
    const { limitBytes } = this.#options;
    if (this.#length > limitBytes)
      throw new MessageTooLong(`a message of ${this.#length} bytes is longer than ${limitBytes}`);
  }

  /** Answers how many bytes of the chunk belong to the message. */
  #append(chunk: Buffer, place: number): number {
    const count = Math.min(chunk.length - place, this.#length - this.#filled);
    // What is whole in one chunk need not move.
    if (this.#filled === 0 && count === this.#length) {
      this.#body = chunk.subarray(place, place + count);
    } else {
      const body = this.#roomFor(this.#filled + count);
      chunk.copy(body, this.#filled, place, place + count);
    }
    this.#filled += count;
    return count;
  }

  /** At least as long as that much of the message. */
  #roomFor(length: number): Buffer {
    const body = this.#body;
    if (body !== undefined && body.length >= length) return body;
    const wanted = Math.max(firstAllocation, length, (body?.length ?? 0) * 4);
    const larger = messageBuffers.take(Math.max(length, Math.min(this.#length, wanted)));
    if (body !== undefined) {
      body.copy(larger, 0, 0, this.#filled);
      messageBuffers.giveBack(body);
    }
    this.#body = larger;
    return larger;
  }

  #complete(): void {
    const body = this.#body ?? Buffer.alloc(0);
    this.#ready.push({ body, length: this.#length, isCompressed: this.#head[0] !== 0 });
    this.#body = undefined;
    this.#headLength = 0;
    this.#filled = 0;
    this.#length = 0;
  }

  #answer(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) {
      this.#stream.pause();
      return;
    }
    const ready = this.#ready.shift();
    if (ready === undefined) return;
    this.#stream.pause();
    this.#waiting = undefined;
    try {
      waiting.resolve(this.#lend(ready));
    } catch (error) {
      waiting.reject(error);
    }
  }

  #lend({ body, length, isCompressed }: Ready): Uint8Array {
    this.#lent = body;
    const message = body.subarray(0, length);
    if (!isCompressed) return message;
    const { decompress } = this.#options;
    if (decompress === undefined) throw new MalformedMessage('a message is compressed, and its call is not');
    return decompress(message);
  }

  #takeBack(): void {
    if (this.#lent !== undefined) messageBuffers.giveBack(this.#lent);
    this.#lent = undefined;
  }

  #finish(end: End): void {
    this.#end ??= end;
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    if (this.#end === 'whole') waiting.resolve(undefined);
    else waiting.reject(faultOf(this.#end));
  }
}

interface Ready {
  readonly body: Buffer;
  readonly length: number;
  readonly isCompressed: boolean;
}

/** An error takes long to make, and most calls that are cut have nobody who waits for more. */
type End = 'whole' | 'cut' | Error;

function faultOf(end: 'cut' | Error): Error {
  return end === 'cut' ? new CallCut('the other side has ended the call before its last word') : end;
}
