import { Code, ConnectError } from '@connectrpc/connect';
import { isTurnOver, nextTurn } from '../../../foundation/index.ts';
import {
  type BlobAnswer,
  Compressor_Value,
  ContentAddressableStorage,
  type ContentDigest,
  type DigestFunctionName,
  type EncodedFrame,
  type UpdateAnswer,
  type WireBlob,
  type WireDigest,
  type WireStatus,
  compress,
  contentDigestOf,
  decodeBatchRead,
  decodeBatchUpdate,
  decompress,
  encodeBatchReadAnswer,
  encodeBatchUpdateAnswer,
} from '../../protocol/index.ts';
import type { ClientIdentity } from '../access/authentication.ts';
import type { ContentStore } from '../content/content-store.ts';
import { requestedFunction } from '../content/request-digests.ts';
import type { ContentLimits } from '../services/limits.ts';
import { type RawHandler, firstMessage } from '../transport/raw-call.ts';

export interface BatchOptions {
  readonly store: ContentStore;
  readonly limits: ContentLimits;
}

const fine: WireStatus = { code: 0, message: '' };
const nothing = new Uint8Array();
/** So many that what is done for all of them together counts little for each, and few enough to take some milliseconds. */
const blobsAtOnce = 128;
/** What stands around the blobs of a batch, of which many may be small, in bytes. */
const roomAround = 4 << 20;

/** The methods of ContentAddressableStorage that carry content, by their paths. */
export function batchHandlers(
  optionsFor: (client: ClientIdentity) => BatchOptions,
): ReadonlyMap<string, RawHandler> {
  const handler = (
    answer: (options: BatchOptions, message: Uint8Array) => Promise<EncodedFrame>,
  ): RawHandler => {
    return async (call) => {
      const options = optionsFor(call.client);
      const messages = call.messages(options.limits.batchBytes + roomAround);
      const message = await firstMessage(messages);
      const frame = await answer(options, message);
      messages.discard();
      await call.send(frame.bytes);
      frame.giveBack();
    };
  };
  return new Map([
    [`/${ContentAddressableStorage.typeName}/BatchUpdateBlobs`, handler(updateBatch)],
    [`/${ContentAddressableStorage.typeName}/BatchReadBlobs`, handler(readBatch)],
  ]);
}

/** Puts many blobs; each has its own status, and none is kept for the others. */
async function updateBatch(options: BatchOptions, message: Uint8Array): Promise<EncodedFrame> {
  const { digestFunction, blobs } = decodeBatchUpdate(message);
  const name = requestedFunction(digestFunction);
  checkSize(
    blobs.map(({ digest }) => digest),
    options.limits.batchBytes,
  );
  const answers = await inTurns(blobs, async (blob): Promise<UpdateAnswer> => ({
    digest: shown(blob.digest),
    status: await putBlob(options, name, blob),
  }));
  return encodeBatchUpdateAnswer(answers);
}

/**
 * Some of the items at once, so that the store can look them up and note them together, and then others have their turn. Where several
 * fail none of the failures is left to nobody.
 */
async function inTurns<Item, Result>(
  items: readonly Item[],
  operation: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += blobsAtOnce) {
    const some = items.slice(start, start + blobsAtOnce).map(operation);
    results.push(...(await Promise.all(some)));
    if (isTurnOver()) await nextTurn();
  }
  return results;
}

async function putBlob(
  { store }: BatchOptions,
  name: DigestFunctionName,
  { digest: said, data, compressor }: WireBlob,
): Promise<WireStatus> {
  const digest = digestOf(name, said);
  if (digest === undefined) return malformed(said);
  const content = contentOf(data, compressor, digest.size);
  if (typeof content === 'string') return { code: Code.InvalidArgument, message: content };
  if (content.length === digest.size && (await store.put(digest, content))) return fine;
  return { code: Code.InvalidArgument, message: `the content is not what the digest ${digest.hash} names` };
}

/** The content that was sent, or why it is none, as a phrase. */
function contentOf(data: Uint8Array, compressor: Compressor_Value, size: number): Uint8Array | string {
  if (compressor === Compressor_Value.IDENTITY) return data;
  if (compressor !== Compressor_Value.ZSTD) return `the compressor ${compressor} is not known: ZSTD is`;
  return decompress(data, size) ?? `the content is not compressed by zstd, or does not come to ${size} bytes`;
}

/** Reads many blobs, each with its own status. */
async function readBatch(options: BatchOptions, message: Uint8Array): Promise<EncodedFrame> {
  const { digestFunction, digests, acceptableCompressors } = decodeBatchRead(message);
  const name = requestedFunction(digestFunction);
  checkSize(digests, options.limits.batchBytes);
  const compresses = acceptableCompressors.includes(Compressor_Value.ZSTD);
  const answers = await inTurns(digests, async (said): Promise<BlobAnswer> => {
    const answer = await readBlob(options, name, said);
    if (!compresses) return answer;
    const data = compress(answer.data);
    return data === undefined ? answer : { ...answer, data, compressor: Compressor_Value.ZSTD };
  });
  return encodeBatchReadAnswer(answers);
}

async function readBlob(
  { store }: BatchOptions,
  name: DigestFunctionName,
  said: WireDigest,
): Promise<BlobAnswer> {
  const digest = digestOf(name, said);
  const lacking = { digest: shown(said), data: nothing, compressor: Compressor_Value.IDENTITY };
  if (digest === undefined) return { ...lacking, status: malformed(said) };
  const data = await store.read(digest);
  return data === undefined ? { ...lacking, status: absent(digest) } : { ...lacking, data, status: fine };
}

function checkSize(digests: readonly WireDigest[], limit: number): void {
  const total = digests.reduce((sum, { size }) => sum + Math.max(0, size), 0);
  if (total <= limit) return;
  throw new ConnectError(
    `the batch holds ${total} bytes, and ${limit} are taken at once: send fewer, and large ones by ByteStream`,
    Code.InvalidArgument,
  );
}

function digestOf(name: DigestFunctionName, { hash, size }: WireDigest): ContentDigest | undefined {
  return contentDigestOf(name, { hash, sizeBytes: BigInt(size) });
}

function malformed({ hash, size }: WireDigest): WireStatus {
  return {
    code: Code.InvalidArgument,
    message: `'${hash.slice(0, 80)}/${size}' is no digest: 64 lower-case hexadecimal digits and a size are`,
  };
}

function absent({ hash, size }: ContentDigest): WireStatus {
  return { code: Code.NotFound, message: `there is no content ${hash}/${size} here` };
}

/** As it came, for the answer; what is no hash is not given back at any length. */
function shown({ hash, size }: WireDigest): WireDigest {
  return { hash: hash.slice(0, 80), size };
}
