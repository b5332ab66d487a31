import type { ContentStore } from '../content-store.ts';
import { requestedDigest, requestedFunction } from '../request-digests.ts';
import type { Routes } from '../transport/connect-calls.ts';
import { ContentAddressableStorage, messageDigestOf } from '../../protocol/index.ts';
import { readBatch, updateBatch } from './batches.ts';
import { getTree } from './get-tree.ts';
import type { ContentLimits } from './limits.ts';

/** As many are looked for at once: between them others have their turn. */
const lookSize = 4096;

export interface ContentServiceOptions {
  readonly store: ContentStore;
  readonly limits: ContentLimits;
}

/** Content by its digest, in messages; what is large goes by ByteStream. */
export function contentAddressableStorage(options: ContentServiceOptions): Routes {
  const { store } = options;
  return (router) =>
    router.service(ContentAddressableStorage, {
      findMissingBlobs: async ({ blobDigests, digestFunction }) => {
        const name = requestedFunction(digestFunction);
        const digests = blobDigests.map((digest) => requestedDigest(name, digest));
        const missing = [];
        for (let start = 0; start < digests.length; start += lookSize)
          missing.push(...(await store.missing(digests.slice(start, start + lookSize))));
        return { missingBlobDigests: missing.map(messageDigestOf) };
      },
      batchUpdateBlobs: (request) => updateBatch(options, request),
      batchReadBlobs: (request) => readBatch(options, request),
      getTree: (request, { signal }) => getTree(options, request, signal),
    });
}
