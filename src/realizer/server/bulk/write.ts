import { create, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { ClientIdentity } from '../access/authentication.ts';
import type { ContentStore } from '../content/content-store.ts';
import {
  CallCut,
  type MessageReader,
  type UploadResource,
  type WriteRequestParts,
  WriteResponseSchema,
  decodeWriteRequest,
  decompress,
  framed,
  parseUploadName,
} from '../../protocol/index.ts';
import type { ContentLimits } from '../services/limits.ts';
import { type RawCall, type RawHandler, firstMessage } from '../transport/raw-call.ts';
import { openIncoming, wrongContent } from './incoming.ts';
import { type Upload, Uploads } from './uploads.ts';

export interface ByteStreamOptions {
  readonly store: ContentStore;
  readonly limits: ContentLimits;
  readonly uploads: Uploads;
}

/** Content of up to this size that comes in one message is put at once. */
const largestAtOnce = 4 << 20;

/** ByteStream.Write: content is hashed and written while it comes. */
export function writeHandler(optionsFor: (client: ClientIdentity) => ByteStreamOptions): RawHandler {
  return async (call) => {
    const options = optionsFor(call.client);
    const messages = call.messages(options.limits.pieceBytes);
    const message = await firstMessage(messages);
    const first = decodeWriteRequest(message);
    const resource = resourceOf(first.resourceName, options.limits);
    const [missing] = await options.store.missing([resource.digest]);
    const committed =
      missing === undefined ? fullSize(resource) : await receive(options, call, messages, resource, first);
    messages.discard();
    await call.send(
      framed(
        toBinary(WriteResponseSchema, create(WriteResponseSchema, { committedSize: BigInt(committed) })),
      ),
    );
  };
}

/** What a resource name of a write stands for. @throws ConnectError */
export function resourceOf(name: string, { blobBytes }: ContentLimits): UploadResource {
  const parsed = parseUploadName(name);
  if (!parsed.ok)
    throw new ConnectError(
      `'${name.slice(0, 200)}' is no name of an upload: ${parsed.fault}`,
      Code.InvalidArgument,
    );
  const { size } = parsed.value.digest;
  if (size <= blobBytes) return parsed.value;
  throw new ConnectError(
    `content of ${size} bytes is larger than the ${blobBytes} that are taken`,
    Code.ResourceExhausted,
  );
}

/** What is told of an upload that is done; of a compressed one nobody knows how long it was. */
export function fullSize({ compressor, digest }: UploadResource): number {
  return compressor === 'zstd' ? -1 : digest.size;
}

/** Answers how much is committed. */
async function receive(
  { store, uploads }: ByteStreamOptions,
  call: RawCall,
  messages: MessageReader,
  resource: UploadResource,
  first: WriteRequestParts,
): Promise<number> {
  if (first.finishWrite && first.writeOffset === 0 && resource.digest.size <= largestAtOnce) {
    await putAtOnce(store, resource, first.data);
    return fullSize(resource);
  }
  const key = Uploads.keyOf(call.client.name, resource);
  const upload = await openUpload({ store, uploads }, call, key, resource, first.writeOffset);
  try {
    const isDone = await writeAll(call, upload, messages, first);
    if (!isDone) {
      if (upload.isOwnedBy(call)) uploads.keep(key, upload);
      return upload.incoming.received;
    }
    uploads.remove(key, upload);
    await upload.incoming.finish();
    return fullSize(resource);
  } catch (error) {
    giveUp(uploads, call, key, upload, error);
    throw error;
  }
}

async function putAtOnce(
  store: ContentStore,
  { digest, compressor }: UploadResource,
  data: Uint8Array,
): Promise<void> {
  const content = compressor === 'zstd' ? decompress(data, digest.size) : data;
  if (content?.length === digest.size && (await store.put(digest, content))) return;
  throw wrongContent(digest);
}

async function openUpload(
  { store, uploads }: Pick<ByteStreamOptions, 'store' | 'uploads'>,
  call: RawCall,
  key: string,
  resource: UploadResource,
  offset: number,
): Promise<Upload> {
  const known = uploads.get(key);
  await known?.takeOver(call);
  if (known !== undefined && known.incoming.received === offset) return known;
  if (offset !== 0) {
    if (known !== undefined) uploads.keep(key, known);
    throw new ConnectError(
      `the upload goes on at ${known?.incoming.received ?? 0}, and not at ${offset}: ask by QueryWriteStatus`,
      Code.OutOfRange,
    );
  }
  known?.incoming.abandon();
  const upload = uploads.begin(key, openIncoming(store, resource));
  await upload.takeOver(call);
  return upload;
}

/** Answers whether the client has said that this is all. */
async function writeAll(
  call: RawCall,
  upload: Upload,
  messages: MessageReader,
  first: WriteRequestParts,
): Promise<boolean> {
  let parts: WriteRequestParts = first;
  for (;;) {
    upload.demand(call);
    if (parts.resourceName !== '' && parts.resourceName !== first.resourceName)
      throw new ConnectError('the name of the upload changes within the call', Code.InvalidArgument);
    if (parts.writeOffset !== upload.incoming.received)
      throw new ConnectError(
        `a piece is for ${parts.writeOffset}, and ${upload.incoming.received} is next`,
        Code.InvalidArgument,
      );
    await upload.write(call, parts.data);
    if (parts.finishWrite) return true;
    const message = await messages.next();
    if (message === undefined) return false;
    parts = decodeWriteRequest(message);
  }
}

/** What a lost connection has left may be gone on with; whatever was wrong with the content is not. */
function giveUp(uploads: Uploads, call: RawCall, key: string, upload: Upload, error: unknown): void {
  if (!upload.isOwnedBy(call)) return;
  if (error instanceof CallCut || call.signal.aborted) return uploads.keep(key, upload);
  uploads.remove(key, upload);
  upload.incoming.abandon();
}
