import { Code, ConnectError } from '@connectrpc/connect';
import { isTurnOver, nextTurn } from '../../../foundation/index.ts';
import { compress, decompress } from '../compression.ts';
import { requestedFunction } from '../request-digests.ts';
import {
  type BatchReadBlobsRequest,
  type BatchUpdateBlobsRequest,
  type BatchUpdateBlobsRequest_Request,
  Compressor_Value,
  type ContentDigest,
  type Digest,
  type DigestFunctionName,
  contentDigestOf,
} from '../../protocol/index.ts';
import type { ContentServiceOptions } from './content-addressable-storage.ts';

/** How one blob of a batch came out. */
interface BlobStatus {
  readonly code: number;
  readonly message: string;
}

const fine: BlobStatus = { code: 0, message: '' };
/** So many that what is done for all of them together counts little for each, and few enough to take some milliseconds. */
const blobsAtOnce = 128;
/** Less would hardly become smaller. */
const worthCompressing = 512;

/** Puts many blobs; each has its own status, and none is kept for the others. */
export async function updateBatch(options: ContentServiceOptions, request: BatchUpdateBlobsRequest) {
  const name = requestedFunction(request.digestFunction);
  checkSize(
    request.requests.map(({ digest }) => digest),
    options.limits.batchBytes,
  );
  const responses = await inTurns(request.requests, async (each) => ({
    digest: digestIn(each.digest),
    status: await putBlob(options, name, each),
  }));
  return { responses };
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
  { store }: ContentServiceOptions,
  name: DigestFunctionName,
  { digest: named, data, compressor }: BatchUpdateBlobsRequest_Request,
): Promise<BlobStatus> {
  const digest = contentDigestOf(name, named);
  if (digest === undefined) return malformed(named);
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
export async function readBatch(options: ContentServiceOptions, request: BatchReadBlobsRequest) {
  const name = requestedFunction(request.digestFunction);
  checkSize(request.digests, options.limits.batchBytes);
  const compresses = request.acceptableCompressors.includes(Compressor_Value.ZSTD);
  const responses = await inTurns(request.digests, async (each) => {
    const { digest, content, status } = await readBlob(options, name, each);
    const compressed = compresses && content.length >= worthCompressing ? compress(content) : undefined;
    return {
      digest: digestIn(digest),
      status,
      data: (compressed ?? content) as Uint8Array<ArrayBuffer>,
      compressor: compressed === undefined ? Compressor_Value.IDENTITY : Compressor_Value.ZSTD,
    };
  });
  return { responses };
}

async function readBlob({ store }: ContentServiceOptions, name: DigestFunctionName, digest: Digest) {
  const known = contentDigestOf(name, digest);
  if (known === undefined) return { digest, content: new Uint8Array(), status: malformed(digest) };
  const content = await store.read(known);
  if (content !== undefined) return { digest, content, status: fine };
  return { digest, content: new Uint8Array(), status: absent(known) };
}

function checkSize(digests: readonly (Digest | undefined)[], limit: number): void {
  const total = digests.reduce((sum, digest) => sum + Math.max(0, Number(digest?.sizeBytes ?? 0n)), 0);
  if (total <= limit) return;
  throw new ConnectError(
    `the batch holds ${total} bytes, and ${limit} are taken at once: send fewer, and large ones by ByteStream`,
    Code.InvalidArgument,
  );
}

function malformed(digest: Digest | undefined): BlobStatus {
  const shown = digest === undefined ? 'nothing' : `'${digest.hash.slice(0, 80)}/${digest.sizeBytes}'`;
  return {
    code: Code.InvalidArgument,
    message: `${shown} is no digest: 64 lower-case hexadecimal digits and a size are`,
  };
}

function absent({ hash, size }: ContentDigest): BlobStatus {
  return { code: Code.NotFound, message: `there is no content ${hash}/${size} here` };
}

/** As it came, for the answer. */
function digestIn(digest: Digest | undefined): { hash: string; sizeBytes: bigint } {
  return { hash: digest?.hash.slice(0, 80) ?? '', sizeBytes: digest?.sizeBytes ?? 0n };
}
