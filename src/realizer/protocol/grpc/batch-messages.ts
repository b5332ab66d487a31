import {
  type EncodedFrame,
  FrameWriter,
  blobLength,
  digestLength,
  fieldLength,
  longestNumberField,
  statusLength,
} from './frame-writer.ts';
import { type FieldValue, MalformedMessage, bytesOf, fieldsOf, numberOf, textOf } from './wire.ts';

/** A digest as it stands in a message: nobody has looked at it. */
export interface WireDigest {
  readonly hash: string;
  /** −1 where it is no size. */
  readonly size: number;
}

/** A blob with its digest; its data lies in the message that it came in. */
export interface WireBlob {
  readonly digest: WireDigest;
  readonly data: Uint8Array;
  /** By the API's numbers. */
  readonly compressor: number;
}

/** How one blob came out. */
export interface WireStatus {
  readonly code: number;
  readonly message: string;
}

export interface BatchUpdate {
  readonly digestFunction: number;
  readonly blobs: readonly WireBlob[];
}

export interface BatchRead {
  readonly digestFunction: number;
  readonly digests: readonly WireDigest[];
  readonly acceptableCompressors: readonly number[];
}

export type BlobAnswer = WireBlob & { readonly status: WireStatus };

export type UpdateAnswer = Pick<BlobAnswer, 'digest' | 'status'>;

const nothing = new Uint8Array();
/** Of empty messages many would fit where few of real ones do, and each would take memory. */
const itemLimit = 100_000;
const noDigest: WireDigest = { hash: '', size: 0 };
const fine: WireStatus = { code: 0, message: '' };

/** @throws MalformedMessage */
export function decodeBatchUpdate(message: Uint8Array): BatchUpdate {
  let digestFunction = 0;
  const blobs: WireBlob[] = [];
  for (const [number, value] of fieldsOf(message)) {
    if (number === 2) push(blobs, decodeBlob(bytesOf(value)));
    else if (number === 5) digestFunction = numberOf(value);
  }
  return { digestFunction, blobs };
}

/** @throws MalformedMessage */
export function decodeBatchRead(message: Uint8Array): BatchRead {
  let digestFunction = 0;
  const digests: WireDigest[] = [];
  const acceptableCompressors: number[] = [];
  for (const [number, value] of fieldsOf(message)) {
    if (number === 2) push(digests, decodeDigest(bytesOf(value)));
    else if (number === 3) acceptableCompressors.push(...numbersOf(value));
    else if (number === 4) digestFunction = numberOf(value);
  }
  return { digestFunction, digests, acceptableCompressors };
}

/** What became of each blob of a BatchUpdateBlobs. @throws MalformedMessage */
export function decodeBatchUpdateAnswer(message: Uint8Array): readonly UpdateAnswer[] {
  return decodeAnswers(message, { status: 2 });
}

/** The blobs of a BatchReadBlobs; their data lie in the message. @throws MalformedMessage */
export function decodeBatchReadAnswer(message: Uint8Array): readonly BlobAnswer[] {
  return decodeAnswers(message, { data: 2, status: 3 });
}

/** A BatchUpdateBlobs in its frame. */
export function encodeBatchUpdate({ digestFunction, blobs }: BatchUpdate): EncodedFrame {
  const lengths = blobs.map((blob) => blobLength(blob));
  const frame = new FrameWriter(
    lengths.reduce((sum, length) => sum + fieldLength(length), longestNumberField),
  );
  for (const [index, blob] of blobs.entries()) {
    frame.open(2, lengths[index] as number);
    frame.digest(1, blob.digest);
    frame.bytes(2, blob.data);
    frame.number(3, blob.compressor);
  }
  frame.number(5, digestFunction);
  return frame.close();
}

/** A FindMissingBlobs in its frame. */
export function encodeFindMissing({
  digestFunction,
  digests,
}: Omit<BatchRead, 'acceptableCompressors'>): EncodedFrame {
  const room = digests.reduce((sum, digest) => sum + fieldLength(digestLength(digest)), longestNumberField);
  const frame = new FrameWriter(room);
  for (const digest of digests) frame.digest(2, digest);
  frame.number(3, digestFunction);
  return frame.close();
}

/** The digests in a field. @throws MalformedMessage */
export function decodeDigests(message: Uint8Array, field: number): readonly WireDigest[] {
  const digests: WireDigest[] = [];
  for (const [number, value] of fieldsOf(message))
    if (number === field) push(digests, decodeDigest(bytesOf(value)));
  return digests;
}

/** A list of digests in a field, in its frame. */
export function encodeDigests(number: number, digests: readonly WireDigest[]): EncodedFrame {
  const frame = new FrameWriter(digests.reduce((sum, digest) => sum + fieldLength(digestLength(digest)), 0));
  for (const digest of digests) frame.digest(number, digest);
  return frame.close();
}

/** A BatchReadBlobs in its frame. */
export function encodeBatchRead({ digestFunction, digests, acceptableCompressors }: BatchRead): EncodedFrame {
  const room = digests.reduce((sum, digest) => sum + fieldLength(digestLength(digest)), longestNumberField);
  const frame = new FrameWriter(room + acceptableCompressors.length * longestNumberField);
  for (const digest of digests) frame.digest(2, digest);
  for (const compressor of acceptableCompressors) frame.number(3, compressor);
  frame.number(4, digestFunction);
  return frame.close();
}

/** What became of the blobs of a BatchUpdateBlobs, in its frame. */
export function encodeBatchUpdateAnswer(answers: readonly UpdateAnswer[]): EncodedFrame {
  const lengths = answers.map(
    ({ digest, status }) => fieldLength(digestLength(digest)) + fieldLength(statusLength(status)),
  );
  const frame = new FrameWriter(lengths.reduce((sum, length) => sum + fieldLength(length), 0));
  for (const [index, { digest, status }] of answers.entries()) {
    frame.open(1, lengths[index] as number);
    frame.digest(1, digest);
    frame.status(2, status);
  }
  return frame.close();
}

/** The blobs of a BatchReadBlobs, in its frame. */
export function encodeBatchReadAnswer(answers: readonly BlobAnswer[]): EncodedFrame {
  const lengths = answers.map((answer) => blobLength(answer) + fieldLength(statusLength(answer.status)));
  const frame = new FrameWriter(lengths.reduce((sum, length) => sum + fieldLength(length), 0));
  for (const [index, answer] of answers.entries()) {
    frame.open(1, lengths[index] as number);
    frame.digest(1, answer.digest);
    frame.bytes(2, answer.data);
    frame.status(3, answer.status);
    frame.number(4, answer.compressor);
  }
  return frame.close();
}

function push<T>(list: T[], item: T): void {
  if (list.length >= itemLimit) throw new MalformedMessage(`it holds more than ${itemLimit} blobs`);
  list.push(item);
}

function decodeBlob(message: Uint8Array): WireBlob {
  let [digest, data, compressor] = [noDigest, nothing as Uint8Array, 0];
  for (const [number, value] of fieldsOf(message)) {
    if (number === 1) digest = decodeDigest(bytesOf(value));
    else if (number === 2) data = bytesOf(value);
    else if (number === 3) compressor = numberOf(value);
  }
  return { digest, data, compressor };
}

/** At which numbers an answer has what. */
interface AnswerFields {
  readonly data?: number;
  readonly status: number;
}

function decodeAnswers(message: Uint8Array, fields: AnswerFields): readonly BlobAnswer[] {
  const answers: BlobAnswer[] = [];
  for (const [number, value] of fieldsOf(message))
    if (number === 1) push(answers, decodeAnswer(bytesOf(value), fields));
  return answers;
}

function decodeAnswer(message: Uint8Array, fields: AnswerFields): BlobAnswer {
  let [digest, data, compressor, status] = [noDigest, nothing as Uint8Array, 0, fine];
  for (const [number, value] of fieldsOf(message)) {
    if (number === 1) digest = decodeDigest(bytesOf(value));
    else if (number === fields.status) status = decodeStatus(bytesOf(value));
    else if (number === fields.data) data = bytesOf(value);
    else if (number === 4) compressor = numberOf(value);
  }
  return { digest, data, compressor, status };
}

/** @throws MalformedMessage */
export function decodeDigest(message: Uint8Array): WireDigest {
  let [hash, size] = ['', 0];
  for (const [number, value] of fieldsOf(message)) {
    if (number === 1) hash = textOf(value);
    else if (number === 2) size = numberOf(value);
  }
  return { hash, size };
}

function decodeStatus(message: Uint8Array): WireStatus {
  let [code, text] = [0, ''];
  for (const [number, value] of fieldsOf(message)) {
    if (number === 1) code = numberOf(value);
    else if (number === 2) text = textOf(value);
  }
  return { code, message: text };
}

/** Repeated numbers come in one field, or each in its own. */
function numbersOf(value: FieldValue): readonly number[] {
  return typeof value === 'number' ? [value] : [...value];
}
