/*
 * As much of the protocol buffers' wire format as the messages of the store need: variable-length numbers, and
 * texts and messages with their length before them. https://protobuf.dev/programming-guides/encoding/
 */
const variableLength = 0;
const lengthDelimited = 2;

/** Writes one message, field by field, in the order in which it is told. Defaults (0, '') are left out. */
export class MessageWriter {
  #buffer = Buffer.allocUnsafe(512);
  #length = 0;

  text(field: number, value: string): void {
    if (value === '') return;
    this.#reserve(20 + value.length * 3);
    this.#varint(field * 8 + lengthDelimited);
    this.#varint(Buffer.byteLength(value));
    this.#length += this.#buffer.write(value, this.#length, 'utf8');
  }

  number(field: number, value: number): void {
    if (value === 0) return;
    this.#reserve(20);
    this.#varint(field * 8 + variableLength);
    this.#varint(value);
  }

  /** A message as a field: `write` writes its fields to this same writer. */
  message(field: number, write: () => void): void {
    this.#reserve(20);
    this.#varint(field * 8 + lengthDelimited);
    const start = this.#length;
    this.#length += 1;
    write();
    const size = this.#length - start - 1;
    if (size < 0x80) {
      this.#buffer[start] = size;
      return;
    }
    // The length needs more than the one byte that was left for it: the message moves up.
    const extra = varintLength(size) - 1;
    this.#reserve(extra);
    this.#buffer.copyWithin(start + 1 + extra, start + 1, this.#length);
    this.#length = start;
    this.#varint(size);
    this.#length += size;
  }

  /** The bytes: a copy of their own. */
  finish(): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(0, this.#length));
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + count));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** One field of a message; the function that fits its type reads it, the others throw a RangeError. */
export interface Field {
  readonly field: number;
  readonly text: () => string;
  readonly number: () => number;
  readonly message: () => MessageReader;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text; the decoder that tells what is no UTF-8 is asked where something may be none, since it is slow. */
function decodeText(content: Buffer): string {
  const text = content.toString('utf8');
  return text.includes('\uFFFD') ? utf8.decode(content) : text;
}

/** Reads one message. Bytes that are no message end in a RangeError, text that is no UTF-8 in a TypeError. */
export class MessageReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  *fields(): Generator<Field> {
    while (this.#position < this.#bytes.length) {
      const tag = this.#varint();
      const type = tag % 8;
      const field = Math.floor(tag / 8);
      if (type === variableLength) {
        const value = this.#varint();
        yield { field, number: () => value, text: mismatch, message: mismatch };
      } else if (type === lengthDelimited) {
        const content = this.#content();
        yield {
          field,
          number: mismatch,
          text: () => decodeText(content),
          message: () => new MessageReader(content),
        };
      } else {
        throw new RangeError(`its encoding has a field of the unexpected type ${type}`);
      }
    }
  }

  #content(): Buffer {
    const length = this.#varint();
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new RangeError('its encoding is cut off');
    const content = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return content;
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 56; factor *= 0x80) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) throw new RangeError('its encoding is cut off');
      value += (byte % 0x80) * factor;
      if (byte < 0x80) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
    }
    throw new RangeError('its encoding has a number out of range');
  }
}

function mismatch(): never {
  throw new RangeError('its encoding has a field of an unexpected type');
}
