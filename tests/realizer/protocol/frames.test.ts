import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import * as fc from 'fast-check';
import {
  BatchReadBlobsRequestSchema,
  BatchReadBlobsResponseSchema,
  BatchUpdateBlobsRequestSchema,
  BatchUpdateBlobsResponseSchema,
  CallCut,
  FindMissingBlobsRequestSchema,
  FindMissingBlobsResponseSchema,
  MalformedMessage,
  MessageReader,
  MessageTooLong,
  ReadRequestSchema,
  ReadResponseSchema,
  WriteRequestSchema,
  decodeBatchRead,
  decodeBatchReadAnswer,
  decodeBatchUpdate,
  decodeBatchUpdateAnswer,
  decodeDigests,
  decodeReadRequest,
  decodeReadResponse,
  decodeWriteRequest,
  encodeBatchRead,
  encodeBatchReadAnswer,
  encodeBatchUpdate,
  encodeBatchUpdateAnswer,
  encodeDigests,
  encodeFindMissing,
  framed,
  readRequest,
  readResponseHead,
  writeRequestHead,
} from '../../../src/realizer/protocol/index.ts';
import { chooseSeed, fuzzFactor } from '../../support/index.ts';

const seed = chooseSeed();
const options = { seed, numRuns: 150 * fuzzFactor() };
const bytes = fc.uint8Array({ maxLength: 300 });
const size = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const text = fc.string({ unit: 'grapheme', maxLength: 90 });
const digest = fc.record({ hash: text, size });
const status = fc.record({ code: fc.nat({ max: 16 }), message: text });
const compressor = fc.nat({ max: 3 });
const digestFunction = fc.nat({ max: 9 });
const blob = fc.record({ digest, data: bytes, compressor });

test('messages of content are those that protobuf makes of them, there and back', (context) => {
  context.diagnostic(`seed ${seed}`);
  const write = fc.record({ resourceName: text, writeOffset: size, finishWrite: fc.boolean(), data: bytes });
  fc.assert(
    fc.property(write, (parts) => {
      const message = bodyOf(Buffer.concat([writeRequestHead(parts, parts.data.length), parts.data]));
      const expected = { ...parts, writeOffset: BigInt(parts.writeOffset) };
      assert.deepEqual(plain(fromBinary(WriteRequestSchema, message)), expected);
      const theirs = toBinary(WriteRequestSchema, create(WriteRequestSchema, expected as object));
      assert.deepEqual(decoded(decodeWriteRequest(theirs)), decoded(parts));
    }),
    options,
  );
  const read = fc.record({ resourceName: text, readOffset: size, readLimit: size });
  fc.assert(
    fc.property(read, bytes, (parts, data) => {
      const expected = { ...parts, readOffset: BigInt(parts.readOffset), readLimit: BigInt(parts.readLimit) };
      assert.deepEqual(plain(fromBinary(ReadRequestSchema, bodyOf(readRequest(parts)))), expected);
      const theirs = toBinary(ReadRequestSchema, create(ReadRequestSchema, expected));
      assert.deepEqual(decodeReadRequest(theirs), decoded(parts));
      const response = bodyOf(Buffer.concat([readResponseHead(data.length), data]));
      assert.deepEqual(plain(fromBinary(ReadResponseSchema, response)), { data });
      assert.deepEqual(Buffer.from(decodeReadResponse(response)), Buffer.from(data));
    }),
    options,
  );
});

test('batches are those that protobuf makes of them, there and back', () => {
  fc.assert(
    fc.property(fc.array(blob, { maxLength: 8 }), digestFunction, (blobs, digestFunction) => {
      const message = encoded(encodeBatchUpdate({ digestFunction, blobs }));
      const theirs = fromBinary(BatchUpdateBlobsRequestSchema, message);
      assert.deepEqual(message, Buffer.from(toBinary(BatchUpdateBlobsRequestSchema, theirs)));
      assert.deepEqual(decoded(decodeBatchUpdate(message)), decoded({ digestFunction, blobs }));
    }),
    options,
  );
  const digests = fc.array(digest, { maxLength: 8 });
  fc.assert(
    fc.property(
      digests,
      fc.array(fc.integer({ min: 1, max: 3 })),
      digestFunction,
      (digests, acceptableCompressors, digestFunction) => {
        const parts = { digestFunction, digests, acceptableCompressors };
        const theirs = fromBinary(BatchReadBlobsRequestSchema, encoded(encodeBatchRead(parts)));
        // They write the numbers in one field.
        assert.deepEqual(decodeBatchRead(toBinary(BatchReadBlobsRequestSchema, theirs)), decoded(parts));
        const missing = encoded(encodeFindMissing(parts));
        const asked = fromBinary(FindMissingBlobsRequestSchema, missing);
        assert.deepEqual(missing, Buffer.from(toBinary(FindMissingBlobsRequestSchema, asked)));
        const lacking = encoded(encodeDigests(2, digests));
        assert.deepEqual(decodeDigests(lacking, 2), decoded(digests));
        assert.equal(
          fromBinary(FindMissingBlobsResponseSchema, lacking).missingBlobDigests.length,
          digests.length,
        );
      },
    ),
    options,
  );
  const answers = fc.array(fc.record({ digest, data: bytes, compressor, status }), { maxLength: 8 });
  fc.assert(
    fc.property(answers, (answers) => {
      const read = encoded(encodeBatchReadAnswer(answers));
      const theirs = fromBinary(BatchReadBlobsResponseSchema, read);
      assert.deepEqual(read, Buffer.from(toBinary(BatchReadBlobsResponseSchema, theirs)));
      assert.deepEqual(decoded(decodeBatchReadAnswer(read)), decoded(answers));
      const update = encoded(encodeBatchUpdateAnswer(answers));
      const updated = fromBinary(BatchUpdateBlobsResponseSchema, update);
      assert.deepEqual(update, Buffer.from(toBinary(BatchUpdateBlobsResponseSchema, updated)));
      const own = decodeBatchUpdateAnswer(update).map(({ digest, status }) => ({ digest, status }));
      assert.deepEqual(own, decoded(answers.map(({ digest, status }) => ({ digest, status }))));
    }),
    options,
  );
});

test('bytes that are no message are said to be none, and nothing else happens', () => {
  const decoders = [
    decodeWriteRequest,
    decodeReadRequest,
    decodeReadResponse,
    decodeBatchRead,
    decodeBatchUpdate,
    decodeBatchReadAnswer,
    decodeBatchUpdateAnswer,
  ];
  const base = encoded(
    encodeBatchUpdate({
      digestFunction: 9,
      blobs: [{ digest: { hash: 'a'.repeat(64), size: 3 }, data: Buffer.from('abc'), compressor: 1 }],
    }),
  );
  const damaged = fc
    .array(fc.tuple(fc.nat({ max: base.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 })
    .map((changes) => {
      const copy = Buffer.from(base);
      for (const [place, value] of changes) copy[place] = value;
      return copy;
    });
  fc.assert(
    fc.property(fc.oneof(bytes, damaged), (message) => {
      for (const decode of decoders) {
        try {
          decode(message);
        } catch (error) {
          assert.ok(error instanceof MalformedMessage, String(error));
        }
      }
    }),
    { ...options, numRuns: options.numRuns * 10 },
  );
});

test('of a message of countless empty blobs nothing is made', () => {
  const message = Buffer.from('1200'.repeat(1_000_000), 'hex');
  for (const decode of [decodeBatchUpdate, decodeBatchRead])
    assert.throws(() => decode(message), /more than 100000 blobs/);
});

test('messages come whole, however they were cut on their way, one after another', async () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 150_000, size: 'max' }), { maxLength: 3 });
  const cuts = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(messages, cuts, async (messages, cuts) => {
      const stream = new PassThrough();
      const reader = new MessageReader(stream, { limitBytes: 200_000 });
      void feed(stream, Buffer.concat(messages.map(framed)), cuts);
      for (const expected of messages) {
        const message = await reader.next();
        assert.ok(message !== undefined && Buffer.from(expected).equals(message));
      }
      assert.equal(await reader.next(), undefined);
    }),
    { ...options, numRuns: 10 * fuzzFactor() },
  );
});

test('a message that is too long, compressed without a word, or cut is told', async () => {
  const frame = framed(Buffer.alloc(1000));
  await assert.rejects(readAll([frame], 999), MessageTooLong);
  await assert.rejects(readAll([frame.subarray(0, 900)], 1000), CallCut);
  await assert.rejects(readAll([frame.subarray(0, 3)], 1000), CallCut);
  const compressed = Buffer.from(frame);
  compressed[0] = 1;
  await assert.rejects(readAll([compressed], 1000), MalformedMessage);
  // Announced and never sent: nothing is kept for it.
  const before = process.memoryUsage().arrayBuffers;
  const streams = Array.from({ length: 100 }, () => new PassThrough());
  const waiting = streams.map((stream) => {
    const next = new MessageReader(stream, { limitBytes: 2 ** 30 }).next();
    next.catch(() => {});
    stream.write(Buffer.from([0, 0x3f, 0, 0, 0, 1, 2, 3]));
    return next;
  });
  await new Promise(setImmediate);
  assert.ok(process.memoryUsage().arrayBuffers - before < 32 << 20);
  for (const stream of streams) stream.destroy();
  await Promise.allSettled(waiting);
});

async function readAll(chunks: readonly Buffer[], limitBytes: number): Promise<void> {
  const stream = new PassThrough();
  const reader = new MessageReader(stream, { limitBytes });
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  while ((await reader.next()) !== undefined);
}

async function feed(stream: PassThrough, content: Buffer, cuts: readonly number[]): Promise<void> {
  for (let place = 0, index = 0; place < content.length; index += 1) {
    const length = cuts[index % cuts.length] as number;
    // In memory of its own, as it comes from a connection.
    if (!stream.write(Buffer.from(content.subarray(place, place + length))))
      await new Promise((resolve) => stream.once('drain', resolve));
    place += length;
  }
  stream.end();
}

function bodyOf(frame: Buffer): Buffer {
  assert.equal(frame.readUInt32BE(1), frame.length - 5);
  return frame.subarray(5);
}

function encoded(frame: ReturnType<typeof encodeBatchRead>): Buffer {
  const body = Buffer.from(bodyOf(Buffer.from(frame.bytes)));
  frame.giveBack();
  return body;
}

function plain(message: object): unknown {
  return decoded(Object.fromEntries(Object.entries(message).filter(([name]) => !name.startsWith('$'))));
}

/** With data as arrays of one class, so that they can be compared. */
function decoded(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, decoded(each)]));
}
