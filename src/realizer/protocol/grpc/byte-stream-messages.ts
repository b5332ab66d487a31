import { frameHeadLength } from './message-reader.ts';
import {
  bytesOf,
  fieldsOf,
  numberOf,
  textOf,
  varintLength,
  writeBytesHead,
  writeNumberField,
} from './wire.ts';

/** The messages of ByteStream that carry content, in a codec of their own: they are most of what goes over a connection. */
export interface WriteRequestParts {
  /** Empty in all but the first one. */
  readonly resourceName: string;
  readonly writeOffset: number;
  readonly finishWrite: boolean;
  /** Lies in the message. */
  readonly data: Uint8Array;
}

export interface ReadRequestParts {
  readonly resourceName: string;
  readonly readOffset: number;
  readonly readLimit: number;
}

const dataField = 10;
const nothing = new Uint8Array();

/** @throws MalformedMessage */
export function decodeWriteRequest(message: Uint8Array): WriteRequestParts {
  let resourceName = '';
  let writeOffset = 0;
  let finishWrite = false;
  let data: Uint8Array = nothing;
  for (const [number, value] of fieldsOf(message)) {
    if (number === 1) resourceName = textOf(value);
    else if (number === 2) writeOffset = numberOf(value);
    else if (number === 3) finishWrite = numberOf(value) !== 0;
    else if (number === dataField) data = bytesOf(value);
  }
  return { resourceName, writeOffset, finishWrite, data };
}

/** @throws MalformedMessage */
export function decodeReadRequest(message: Uint8Array): ReadRequestParts {
  let resourceName = '';
  let readOffset = 0;
  let readLimit = 0;
  for (const [number, value] of fieldsOf(message)) {
    if (number === 1) resourceName = textOf(value);
    else if (number === 2) readOffset = numberOf(value);
    else if (number === 3) readLimit = numberOf(value);
  }
  return { resourceName, readOffset, readLimit };
}

/** The content in a ReadResponse; lies in the message. @throws MalformedMessage */
export function decodeReadResponse(message: Uint8Array): Uint8Array {
  let data: Uint8Array = nothing;
  for (const [number, value] of fieldsOf(message)) if (number === dataField) data = bytesOf(value);
  return data;
}

/** All that stands before the data of a WriteRequest, in its frame. */
export function writeRequestHead(
  { resourceName, writeOffset, finishWrite }: Omit<WriteRequestParts, 'data'>,
  length: number,
): Buffer {
  const name = Buffer.from(resourceName);
  const head = Buffer.allocUnsafe(frameHeadLength + name.length + 40);
  let place = frameHeadLength;
  if (name.length > 0) {
    place = writeBytesHead(head, place, 1, name.length);
    place += name.copy(head, place);
  }
  place = writeNumberField(head, place, 2, writeOffset);
  place = writeNumberField(head, place, 3, finishWrite ? 1 : 0);
  return closeHead(head, place, length);
}

/** A ReadRequest in its frame. */
export function readRequest({ resourceName, readOffset, readLimit }: ReadRequestParts): Buffer {
  const name = Buffer.from(resourceName);
  const frame = Buffer.allocUnsafe(frameHeadLength + name.length + 40);
  let place = writeBytesHead(frame, frameHeadLength, 1, name.length);
  place += name.copy(frame, place);
  place = writeNumberField(frame, place, 2, readOffset);
  place = writeNumberField(frame, place, 3, readLimit);
  return closeHead(frame, place, 0);
}

/** All that stands before the data of a ReadResponse, in its frame. */
export function readResponseHead(length: number): Buffer {
  const head = Buffer.allocUnsafe(frameHeadLength + 1 + varintLength(length));
  return closeHead(head, frameHeadLength, length);
}

function closeHead(head: Buffer, place: number, length: number): Buffer {
  const end = length === 0 ? place : writeBytesHead(head, place, dataField, length);
  head[0] = 0;
  head.writeUInt32BE(end - frameHeadLength + length, 1);
  return head.subarray(0, end);
}

/** An encoded message in its frame. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(frameHeadLength + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, frameHeadLength);
  return frame;
}
