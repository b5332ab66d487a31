import { createZstdCompress } from 'node:zlib';
import { Code, ConnectError } from '@connectrpc/connect';
import type { ClientIdentity } from '../access/authentication.ts';
import type { ContentStore } from '../content/content-store.ts';
import {
  type ReadRequestParts,
  compressionOptions,
  decodeReadRequest,
  parseReadName,
  readResponseHead,
} from '../../protocol/index.ts';
import type { ContentLimits } from '../services/limits.ts';
import { type RawCall, type RawHandler, firstMessage } from '../transport/raw-call.ts';

/** What clients can take in one message by default is four mebibytes. */
const largestPiece = 1 << 20;

/** What can be read by other names than content has: the output of a program that runs. */
export interface NamedStreams {
  /** Undefined where there is none of the name. */
  open(name: string, call: RawCall): AsyncIterable<Uint8Array> | undefined;
}

export interface ReadOptions {
  readonly store: ContentStore;
  readonly limits: ContentLimits;
  readonly named?: NamedStreams | undefined;
}

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** ByteStream.Read. */
export function readHandler(optionsFor: (client: ClientIdentity) => ReadOptions): RawHandler {
  return async (call) => {
    const options = optionsFor(call.client);
    const messages = call.messages(options.limits.pieceBytes);
    const message = await firstMessage(messages);
    const request = decodeReadRequest(message);
    messages.discard();
    for await (const piece of await open(options, call, request)) {
      for (let start = 0; start < piece.length; start += largestPiece) {
        const part = piece.subarray(start, start + largestPiece);
        await call.send(readResponseHead(part.length), part);
      }
      call.signal.throwIfAborted();
    }
  };
}

async function open(
  { store, named }: ReadOptions,
  call: RawCall,
  request: ReadRequestParts,
): Promise<Pieces> {
  const { resourceName, readOffset: offset, readLimit: limit } = request;
  const stream = named?.open(resourceName, call);
  if (stream !== undefined) return stream;
  const parsed = parseReadName(resourceName);
  if (!parsed.ok)
    throw new ConnectError(
      `'${resourceName.slice(0, 200)}' is no name of content: ${parsed.fault}`,
      Code.InvalidArgument,
    );
  const { digest, compressor } = parsed.value;
  if (offset < 0 || offset > digest.size)
    throw new ConnectError(`the offset ${offset} is outside of the ${digest.size} bytes`, Code.OutOfRange);
  if (limit < 0 || (limit > 0 && compressor === 'zstd'))
    throw new ConnectError(`the limit ${limit} is not possible here`, Code.InvalidArgument);
  const pieces = await store.pieces(digest, { offset, limit });
  if (pieces === undefined)
    throw new ConnectError(`there is no content ${digest.hash}/${digest.size} here`, Code.NotFound);
  return compressor === 'zstd' ? compressed(pieces) : pieces;
}

async function* compressed(pieces: Pieces): AsyncGenerator<Uint8Array> {
  const compressor = createZstdCompress(compressionOptions);
  const feeding = feed(compressor, pieces);
  // It rejects only after the compressor has failed, which the loop throws.
  feeding.catch(() => {});
  yield* compressor as AsyncIterable<Uint8Array>;
  await feeding;
}

async function feed(compressor: ReturnType<typeof createZstdCompress>, pieces: Pieces): Promise<void> {
  try {
    for await (const piece of pieces) {
      await new Promise<void>((resolve, reject) => {
        compressor.write(piece, (error) => (error ? reject(error) : resolve()));
      });
    }
    compressor.end();
  } catch (error) {
    compressor.destroy(error as Error);
    throw error;
  }
}
