import { batchHandlers } from '../bulk/batches.ts';
import { byteStream, byteStreamHandlers } from '../bulk/byte-stream.ts';
import type { NamedStreams } from '../bulk/read.ts';
import { findMissingHandler } from '../bulk/find-missing.ts';
import { Uploads } from '../bulk/uploads.ts';
import type { ClientIdentity } from '../access/authentication.ts';
import type { ContentStore } from './content-store.ts';
import { type Quotas, withinQuota } from '../quotas/index.ts';
import { contentAddressableStorage } from '../services/content-addressable-storage.ts';
import { type ContentLimits, defaultContentLimits } from '../services/limits.ts';
import type { Routes } from '../transport/connect-calls.ts';
import type { RawHandler } from '../transport/raw-call.ts';

export interface ContentServicesOptions {
  readonly store: ContentStore;
  readonly limits?: Partial<ContentLimits> | undefined;
  readonly named?: NamedStreams | undefined;
  /** Undefined where clients may have all that there is. */
  readonly quotas?: Quotas | undefined;
}

/** What serves content: ContentAddressableStorage and ByteStream over one store. */
export interface ContentServices {
  readonly routes: readonly Routes[];
  readonly raw: ReadonlyMap<string, RawHandler>;
  /** As they hold, for the capabilities. */
  readonly limits: ContentLimits;
  /** Gives up what clients have not come back to. */
  close(): void;
}

export function contentServices({
  store,
  limits: given,
  named,
  quotas,
}: ContentServicesOptions): ContentServices {
  const limits = { ...defaultContentLimits, ...given };
  const uploads = new Uploads();
  const optionsFor = (client: ClientIdentity) => ({
    store: quotas === undefined ? store : withinQuota(store, quotas.of(client)),
    limits,
    uploads,
    named,
  });
  return {
    routes: [contentAddressableStorage(optionsFor), byteStream(optionsFor)],
    raw: new Map([
      ...byteStreamHandlers(optionsFor),
      ...batchHandlers(optionsFor),
      ...findMissingHandler(optionsFor),
    ]),
    limits,
    close: () => uploads.close(),
  };
}
