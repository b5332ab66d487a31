import { randomUUID } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { type Client, Code, ConnectError, createClient } from '@connectrpc/connect';
import {
  type BlobAnswer,
  ByteStream,
  Compressor_Value,
  ContentAddressableStorage,
  type ContentDigest,
  type EncodedFrame,
  MalformedMessage,
  type WireBlob,
  WriteResponseSchema,
  compress,
  decodeBatchReadAnswer,
  decodeBatchUpdateAnswer,
  decodeDigests,
  decodeReadResponse,
  decompress,
  digestFunctionValue,
  encodeBatchRead,
  encodeBatchUpdate,
  encodeFindMissing,
  expectTraffic,
  readNameOf,
  readRequest,
  uploadNameOf,
  writeRequestHead,
} from '../protocol/index.ts';
import type { CallLimits, Channel, OpenOptions } from './channel.ts';
import type { OutgoingCall } from './outgoing-call.ts';

/** What one message of ByteStream carries at most, in bytes. */
const largestPiece = 1 << 20;
/** What is no longer goes beside questions and answers. */
const shortMessage = 256 << 10;

const nothing = new Uint8Array();
const notFound: number = Code.NotFound;

/** A content with its digest. */
export interface Content {
  readonly digest: ContentDigest;
  readonly content: Uint8Array;
}

/** The bytes of a content from an offset on; a piece holds only until the next one is asked for. */
export type PiecesFrom = (offset: number) => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** An upload that can be gone on with when its connection was lost. */
export interface UploadState {
  readonly name: string;
  hasBegun: boolean;
}

/** A channel, or what makes one when something is first called. */
export type CallChannel = Pick<Channel, 'transport' | 'open' | 'isFar'>;

/** The calls about content: each is one call, and whoever makes it decides what becomes of one that fails. */
export class ContentCalls {
  readonly #channel: CallChannel;
  readonly #bytes: Client<typeof ByteStream>;

  constructor(channel: CallChannel) {
    this.#channel = channel;
    this.#bytes = createClient(ByteStream, channel.transport);
  }

  /** Those that are not there; all of one digest function. */
  async missing(
    digests: readonly ContentDigest[],
    limits: CallLimits = {},
  ): Promise<readonly ContentDigest[]> {
    const [first] = digests;
    if (first === undefined) return [];
    const frame = encodeFindMissing({ digests, digestFunction: digestFunctionValue(first.function) });
    return await this.#ask('FindMissingBlobs', frame, { ...limits, isShort: true }, (answer) => {
      const hashes = new Set(decodeDigests(answer, 2).map(({ hash }) => hash));
      return digests.filter(({ hash }) => hashes.has(hash));
    });
  }

  /** Puts contents that fit one message, all of one digest function. @throws ConnectError also where one of them was not taken. */
  async putBatch(contents: readonly Content[], limits: CallLimits = {}): Promise<void> {
    const [first] = contents;
    if (first === undefined) return;
    const frame = encodeBatchUpdate({
      digestFunction: digestFunctionValue(first.digest.function),
      blobs: contents.map((each) => this.#packed(each)),
    });
    const isShort = frame.bytes.length <= shortMessage;
    const answers = await this.#ask(
      'BatchUpdateBlobs',
      frame,
      { ...limits, isShort },
      decodeBatchUpdateAnswer,
    );
    const refused = answers.find(({ status }) => status.code !== 0)?.status;
    if (refused !== undefined) throw new ConnectError(refused.message, refused.code);
    if (answers.length !== contents.length)
      throw new ConnectError('it did not say what became of each content', Code.Internal);
  }

  /** Reads contents that fit one message, by their hashes; what is not there is not in the map. Nobody has hashed them. */
  async readBatch(
    digests: readonly ContentDigest[],
    limits: CallLimits = {},
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    const [first] = digests;
    if (first === undefined) return new Map();
    const frame = encodeBatchRead({
      digests,
      digestFunction: digestFunctionValue(first.function),
      acceptableCompressors: this.#channel.isFar ? [Compressor_Value.ZSTD] : [],
    });
    const isShort = digests.reduce((sum, { size }) => sum + size, 0) <= shortMessage;
    return await this.#ask('BatchReadBlobs', frame, { ...limits, isShort }, (answer) =>
      contentsIn(decodeBatchReadAnswer(answer)),
    );
  }

  /** A name under which one content is uploaded, as often as it takes. */
  beginUpload(digest: ContentDigest): UploadState {
    return { name: uploadNameOf(randomUUID(), digest), hasBegun: false };
  }

  /** Uploads a content piece by piece; where it was begun before, from where it was cut. Answers how many bytes were sent. */
  async write(
    upload: UploadState,
    { size }: ContentDigest,
    piecesFrom: PiecesFrom,
    limits: CallLimits = {},
  ): Promise<number> {
    const { start, isComplete } = await this.#stateOf(upload, limits);
    if (isComplete) return 0;
    upload.hasBegun = true;
    const call = await this.#open(`/${ByteStream.typeName}/Write`, limits);
    try {
      const sent = await sendPieces(call, upload.name, { start, size }, piecesFrom(start));
      const message = await call.next();
      const { committedSize } = fromBinary(WriteResponseSchema, message ?? new Uint8Array());
      await call.next();
      if (committedSize === BigInt(size)) return sent;
      throw new ConnectError(`it took ${committedSize} of ${size} bytes`, Code.Internal);
    } finally {
      call.close();
    }
  }

  /** Reads a content from an offset on, in pieces that hold only until `take` has taken them. Nobody has hashed it. */
  async read(
    digest: ContentDigest,
    offset: number,
    take: (piece: Uint8Array) => void | Promise<void>,
    limits: CallLimits = {},
  ): Promise<void> {
    const call = await this.#open(`/${ByteStream.typeName}/Read`, limits);
    try {
      void call.send(readRequest({ resourceName: readNameOf(digest), readOffset: offset, readLimit: 0 }));
      call.finishSending();
      for (let message = await call.next(); message !== undefined; message = await call.next()) {
        const piece = message;
        const taken = take(understood(() => decodeReadResponse(piece)));
        if (taken !== undefined) await taken;
      }
    } finally {
      call.close();
    }
  }

  /** One message there, and one back, which is `read` while it holds. */
  async #ask<Answer>(
    method: string,
    frame: EncodedFrame,
    options: OpenOptions,
    read: (answer: Uint8Array) => Answer,
  ): Promise<Answer> {
    const call = await this.#open(`/${ContentAddressableStorage.typeName}/${method}`, options);
    try {
      await call.send(frame.bytes);
      frame.giveBack();
      call.finishSending();
      const message = await call.next();
      const answer = understood(() => read(message ?? nothing));
      if (message !== undefined) await call.next();
      return answer;
    } finally {
      call.close();
    }
  }

  /** Only where much is to come: V8 takes its code of a bundle no more once its flags are others. */
  #open(path: string, options: OpenOptions): Promise<OutgoingCall> {
    if (options.isShort !== true) expectTraffic();
    return this.#channel.open(path, options);
  }

  #packed({ digest, content }: Content): WireBlob {
    const compressed = this.#channel.isFar ? compress(content) : undefined;
    if (compressed === undefined) return { digest, data: content, compressor: Compressor_Value.IDENTITY };
    return { digest, data: compressed, compressor: Compressor_Value.ZSTD };
  }

  /** Where an upload goes on, and whether it need not. */
  async #stateOf(
    { name, hasBegun }: UploadState,
    limits: CallLimits,
  ): Promise<{ readonly start: number; readonly isComplete: boolean }> {
    if (!hasBegun) return { start: 0, isComplete: false };
    const { committedSize, complete } = await this.#bytes.queryWriteStatus(
      { resourceName: name },
      optionsOf(limits),
    );
    return { start: Math.max(0, Number(committedSize)), isComplete: complete };
  }
}

/** What is no message is a fault of whoever sent it. */
function understood<Answer>(read: () => Answer): Answer {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    throw new ConnectError(`its answer is malformed: ${error.message}`, Code.Internal);
  }
}

/** The blobs that were there, each in memory of its own. @throws ConnectError where one was not for another reason. */
function contentsIn(answers: readonly BlobAnswer[]): ReadonlyMap<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  for (const { digest, data, compressor, status } of answers) {
    if (status.code === notFound) continue;
    if (status.code !== 0) throw new ConnectError(status.message, status.code);
    contents.set(digest.hash, unpacked(data, compressor, digest.size));
  }
  return contents;
}

function unpacked(data: Uint8Array, compressor: number, size: number): Uint8Array {
  if (compressor === 0) return new Uint8Array(data);
  const content = compressor === 1 ? decompress(data, size) : undefined;
  if (content === undefined)
    throw new ConnectError('it sent content that cannot be decompressed', Code.Internal);
  return content;
}

interface Extent {
  readonly start: number;
  readonly size: number;
}

async function sendPieces(
  call: OutgoingCall,
  name: string,
  { start, size }: Extent,
  pieces: ReturnType<PiecesFrom>,
): Promise<number> {
  let offset = start;
  const sendPart = async (data: Uint8Array): Promise<void> => {
    const finishWrite = offset + data.length >= size;
    const resourceName = offset === start ? name : '';
    const head = writeRequestHead({ resourceName, writeOffset: offset, finishWrite }, data.length);
    offset += data.length;
    await (data.length === 0 ? call.send(head) : call.send(head, data));
  };
  if (start === size) await sendPart(new Uint8Array());
  for await (const piece of pieces) {
    for (let place = 0; place < piece.length && !call.isAnswered; place += largestPiece)
      await sendPart(piece.subarray(place, place + largestPiece));
    if (call.isAnswered) break;
  }
  call.finishSending();
  return offset - start;
}

function optionsOf({ signal, timeoutMs }: CallLimits): { signal?: AbortSignal; timeoutMs?: number } {
  return { ...(signal !== undefined && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
}
