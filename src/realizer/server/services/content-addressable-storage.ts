import type { ClientIdentity } from '../authentication.ts';
import { clientOf } from '../client-context.ts';
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
export function contentAddressableStorage(
  optionsFor: (client: ClientIdentity) => ContentServiceOptions,
): Routes {
  return (router) =>
    router.service(ContentAddressableStorage, {
      findMissingBlobs: async ({ blobDigests, digestFunction }, context) => {
        const { store } = optionsFor(clientOf(context));
        const name = requestedFunction(digestFunction);
        const digests = blobDigests.map((digest) => requestedDigest(name, digest));
        const missing = [];
        for (let start = 0; start < digests.length; start += lookSize)
          missing.push(...(await store.missing(digests.slice(start, start + lookSize))));
        return { missingBlobDigests: missing.map(messageDigestOf) };
      },
      batchUpdateBlobs: (request, context) => updateBatch(optionsFor(clientOf(context)), request),
      batchReadBlobs: (request, context) => readBatch(optionsFor(clientOf(context)), request),
      getTree: (request, context) => getTree(optionsFor(clientOf(context)), request, context.signal),
    });
}
