import type { ClientIdentity } from '../access/authentication.ts';
import { clientOf } from '../access/client-context.ts';
import type { ContentStore } from '../content/content-store.ts';
import type { Routes } from '../transport/connect-calls.ts';
import { ContentAddressableStorage } from '../../protocol/index.ts';
import { getTree } from './get-tree.ts';
import type { ContentLimits } from './limits.ts';

export interface ContentServiceOptions {
  readonly store: ContentStore;
  readonly limits: ContentLimits;
}

/** What of ContentAddressableStorage needs objects for its messages; the rest works on frames (`bulk/`). */
export function contentAddressableStorage(
  optionsFor: (client: ClientIdentity) => ContentServiceOptions,
): Routes {
  return (router) =>
    router.rpc(ContentAddressableStorage.method.getTree, (request, context) =>
      getTree(optionsFor(clientOf(context)), request, context.signal),
    );
}
