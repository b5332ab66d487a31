import type { QueryWriteStatusRequest } from '../../protocol/index.ts';
import { type HandlerContext } from '@connectrpc/connect';
import { clientOf } from '../access/client-context.ts';
import { type ByteStreamOptions, fullSize, resourceOf } from './write.ts';
import { Uploads } from './uploads.ts';

/** ByteStream.QueryWriteStatus: where an upload that was cut goes on. */
export async function queryWriteStatus(
  { store, limits, uploads }: ByteStreamOptions,
  { resourceName }: QueryWriteStatusRequest,
  context: HandlerContext,
) {
  const resource = resourceOf(resourceName, limits);
  const [missing] = await store.missing([resource.digest]);
  if (missing === undefined) return { committedSize: BigInt(fullSize(resource)), complete: true };
  const upload = uploads.get(Uploads.keyOf(clientOf(context).name, resource));
  return { committedSize: BigInt(upload?.incoming.received ?? 0), complete: false };
}
