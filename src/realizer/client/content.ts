import { randomUUID } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { type Client, Code, ConnectError, createClient } from '@connectrpc/connect';
import {
  ByteStream,
  type ContentDigest,
  ContentAddressableStorage,
  WriteResponseSchema,
  decodeReadResponse,
  digestFunctionValue,
  expectTraffic,
  messageDigestOf,
  readNameOf,
  readRequest,
  uploadNameOf,
  writeRequestHead,
} from '../protocol/index.ts';
import type { CallLimits, Channel } from './channel.ts';
import type { OutgoingCall } from './outgoing-call.ts';

/** What one message of ByteStream carries at most, in bytes. */
const largestPiece = 1 << 20;

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
export type CallChannel = Pick<Channel, 'transport' | 'open'>;

/** The calls about content: each is one call, and whoever makes it decides what becomes of one that fails. */
export class ContentCalls {
  readonly #channel: CallChannel;
  readonly #storage: Client<typeof ContentAddressableStorage>;
  readonly #bytes: Client<typeof ByteStream>;

  constructor(channel: CallChannel) {
    expectTraffic();
    this.#channel = channel;
    this.#storage = createClient(ContentAddressableStorage, channel.transport);
    this.#bytes = createClient(ByteStream, channel.transport);
  }

  /** Those that are not there; all of one digest function. */
  async missing(
    digests: readonly ContentDigest[],
    limits: CallLimits = {},
  ): Promise<readonly ContentDigest[]> {
    const [first] = digests;
    if (first === undefined) return [];
    const { missingBlobDigests } = await this.#storage.findMissingBlobs(
      { blobDigests: digests.map(messageDigestOf), digestFunction: digestFunctionValue(first.function) },
      optionsOf(limits),
    );
    const hashes = new Set(missingBlobDigests.map(({ hash }) => hash));
    return digests.filter(({ hash }) => hashes.has(hash));
  }

  /** Puts contents that fit one message, all of one digest function. @throws ConnectError also where one of them was not taken. */
  async putBatch(contents: readonly Content[], limits: CallLimits = {}): Promise<void> {
    const [first] = contents;
    if (first === undefined) return;
    const { responses } = await this.#storage.batchUpdateBlobs(
      {
        requests: contents.map(({ digest, content }) => ({
          digest: messageDigestOf(digest),
          data: content as Uint8Array<ArrayBuffer>,
        })),
        digestFunction: digestFunctionValue(first.digest.function),
      },
      optionsOf(limits),
    );
    const refused = responses.find(({ status }) => (status?.code ?? 0) !== 0)?.status;
    if (refused !== undefined) throw new ConnectError(refused.message, refused.code);
    if (responses.length !== contents.length)
      throw new ConnectError('it did not say what became of each content', Code.Internal);
  }

  /** Reads contents that fit one message, by their hashes; what is not there is not in the map. Nobody has hashed them. */
  async readBatch(
    digests: readonly ContentDigest[],
    limits: CallLimits = {},
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    const [first] = digests;
    if (first === undefined) return new Map();
    const { responses } = await this.#storage.batchReadBlobs(
      { digests: digests.map(messageDigestOf), digestFunction: digestFunctionValue(first.function) },
      optionsOf(limits),
    );
    const failed = responses.find(({ status }) => ![0, Code.NotFound].includes(status?.code ?? 0))?.status;
    if (failed !== undefined) throw new ConnectError(failed.message, failed.code);
    const found = responses.filter(({ status }) => (status?.code ?? 0) === 0);
    return new Map(found.map(({ digest, data }) => [digest?.hash ?? '', data]));
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
    const call = await this.#channel.open(`/${ByteStream.typeName}/Write`, limits);
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
    const call = await this.#channel.open(`/${ByteStream.typeName}/Read`, limits);
    try {
      void call.send(readRequest({ resourceName: readNameOf(digest), readOffset: offset, readLimit: 0 }));
      call.finishSending();
      for (let message = await call.next(); message !== undefined; message = await call.next()) {
        const taken = take(decodeReadResponse(message));
        if (taken !== undefined) await taken;
      }
    } finally {
      call.close();
    }
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
