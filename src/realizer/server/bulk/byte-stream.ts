import { ByteStream } from '../../protocol/index.ts';
import type { ClientIdentity } from '../access/authentication.ts';
import { clientOf } from '../access/client-context.ts';
import type { Routes } from '../transport/connect-calls.ts';
import type { RawHandler } from '../transport/raw-call.ts';
import { queryWriteStatus } from './query-write-status.ts';
import { type ReadOptions, readHandler } from './read.ts';
import { type ByteStreamOptions, writeHandler } from './write.ts';

/** The methods of ByteStream that carry content, by their paths. */
export function byteStreamHandlers(
  optionsFor: (client: ClientIdentity) => ByteStreamOptions & ReadOptions,
): ReadonlyMap<string, RawHandler> {
  return new Map([
    [`/${ByteStream.typeName}/Read`, readHandler(optionsFor)],
    [`/${ByteStream.typeName}/Write`, writeHandler(optionsFor)],
  ]);
}

/** The one that carries none. */
export function byteStream(optionsFor: (client: ClientIdentity) => ByteStreamOptions): Routes {
  return (router) =>
    router.rpc(ByteStream.method.queryWriteStatus, (request, context) =>
      queryWriteStatus(optionsFor(clientOf(context)), request, context),
    );
}
