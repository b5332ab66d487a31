import type { WireBlob, WireDigest, WireStatus } from './batch-messages.ts';
import { messageBuffers } from './message-buffers.ts';
import { frameHeadLength } from './message-reader.ts';
import { varintLength, writeBytesHead, writeNumberField } from './wire.ts';

/** A frame in memory that is used again: nobody may look at it once it is given back. */
export interface EncodedFrame {
  readonly bytes: Uint8Array;
  giveBack(): void;
}

/** Of a field with a number below 16 and a value of its own. */
export const longestNumberField = 11;

/** The length of a field of bytes, its tag and its length included; the number is below 16. */
export function fieldLength(length: number): number {
  return 1 + varintLength(length) + length;
}

function numberLength(value: number): number {
  return value > 0 ? 1 + varintLength(value) : 0;
}

function textLength(text: string): number {
  return text === '' ? 0 : fieldLength(Buffer.byteLength(text));
}

export function digestLength({ hash, size }: WireDigest): number {
  return textLength(hash) + numberLength(size);
}

export function statusLength({ code, message }: WireStatus): number {
  return numberLength(code) + textLength(message);
}

/** Of a digest, data and a compressor, which every message of a blob has. */
export function blobLength({ digest, data, compressor }: WireBlob): number {
  const dataLength = data.length === 0 ? 0 : fieldLength(data.length);
  return fieldLength(digestLength(digest)) + dataLength + numberLength(compressor);
}

/** Writes one message into the frame that carries it, field by field in the order of their numbers. */
export class FrameWriter {
  readonly #buffer: Buffer;
  #place = frameHeadLength;

  constructor(room: number) {
    this.#buffer = messageBuffers.take(frameHeadLength + room);
  }

  /** Begins a message in a field; what is written next is its content. */
  open(number: number, length: number): void {
    this.#place = writeBytesHead(this.#buffer, this.#place, number, length);
  }

  /** What readers take for granted is left out, and so is what no number of bytes can be. */
  number(number: number, value: number): void {
    if (value > 0) this.#place = writeNumberField(this.#buffer, this.#place, number, value);
  }

  bytes(number: number, value: Uint8Array): void {
    if (value.length === 0) return;
    this.open(number, value.length);
    this.#buffer.set(value, this.#place);
    this.#place += value.length;
  }

  digest(number: number, digest: WireDigest): void {
    this.open(number, digestLength(digest));
    this.#text(1, digest.hash);
    this.number(2, digest.size);
  }

  status(number: number, status: WireStatus): void {
    this.open(number, statusLength(status));
    this.number(1, status.code);
    this.#text(2, status.message);
  }

  close(): EncodedFrame {
    this.#buffer[0] = 0;
    this.#buffer.writeUInt32BE(this.#place - frameHeadLength, 1);
    return {
      bytes: this.#buffer.subarray(0, this.#place),
      giveBack: () => messageBuffers.giveBack(this.#buffer),
    };
  }

  #text(number: number, text: string): void {
    if (text === '') return;
    this.open(number, Buffer.byteLength(text));
    this.#place += this.#buffer.write(text, this.#place);
  }
}
