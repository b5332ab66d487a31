/** The two forms of fields that content calls have, and how long each is. */
const varintType = 0;
const lengthType = 2;

/** What a protobuf message's field holds: a number, or bytes that lie in the message. */
export type FieldValue = number | Uint8Array;

/**
 * Goes through the fields of an encoded message. Fields of other forms than numbers and bytes are skipped.
 *
 * @throws MalformedMessage where the bytes are no message.
 */
export function* fieldsOf(message: Uint8Array): Generator<readonly [number: number, value: FieldValue]> {
  const cursor = new Cursor(message);
  while (!cursor.isAtEnd()) {
    const tag = cursor.varint();
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    if (number === 0) throw new MalformedMessage('a field has the number 0');
    if (type === varintType) yield [number, cursor.varint()];
    else if (type === lengthType) yield [number, cursor.bytes(cursor.varint())];
    else if (type === 1) cursor.bytes(8);
    else if (type === 5) cursor.bytes(4);
    else throw new MalformedMessage(`the field ${number} has the unknown type ${type}`);
  }
}

/** The bytes are not what they are said to be. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** The field's bytes as text. */
export function textOf(value: FieldValue): string {
  if (typeof value === 'number') throw new MalformedMessage('a text is expected, and a number is there');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
}

export function numberOf(value: FieldValue): number {
  if (typeof value !== 'number') throw new MalformedMessage('a number is expected, and bytes are there');
  return value;
}

export function bytesOf(value: FieldValue): Uint8Array {
  if (typeof value === 'number') throw new MalformedMessage('bytes are expected, and a number is there');
  return value;
}

class Cursor {
  readonly #bytes: Uint8Array;
  #place = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#place === this.#bytes.length;
  }

  /** As a number: what does not fit is a negative one of 64 bits, or too large for whatever is counted here, and becomes −1. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let length = 1; length <= 10; length += 1) {
      const byte = this.#bytes[this.#place];
      if (byte === undefined) throw new MalformedMessage('it ends within a number');
      this.#place += 1;
      value += (byte & 0x7f) * factor;
      factor *= 0x80;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : -1;
    }
    throw new MalformedMessage('a number is longer than ten bytes');
  }

  bytes(length: number): Uint8Array {
    const end = this.#place + length;
    if (length < 0 || end > this.#bytes.length) throw new MalformedMessage('it ends within a field');
    const bytes = this.#bytes.subarray(this.#place, end);
    this.#place = end;
    return bytes;
  }
}

/** How many bytes a number takes. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}

/** Writes a number and answers the place behind it. */
export function writeVarint(into: Uint8Array, place: number, value: number): number {
  let at = place;
  let rest = value;
  while (rest >= 0x80) {
    into[at] = (rest % 0x80) | 0x80;
    at += 1;
    rest = Math.floor(rest / 0x80);
  }
  into[at] = rest;
  return at + 1;
}

/** Writes the tag of a field of numbers and its value, where that is not what readers take for granted. */
export function writeNumberField(into: Uint8Array, place: number, number: number, value: number): number {
  if (value === 0) return place;
  return writeVarint(into, writeVarint(into, place, number * 8 + varintType), value);
}

/** Writes the tag and the length of a field of bytes; the bytes come behind it. */
export function writeBytesHead(into: Uint8Array, place: number, number: number, length: number): number {
  return writeVarint(into, writeVarint(into, place, number * 8 + lengthType), length);
}
