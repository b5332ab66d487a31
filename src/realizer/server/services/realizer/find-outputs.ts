import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { type StorePath, parseStorePath } from '../../../../foundation/index.ts';
import type { Store } from '../../../../store/index.ts';
import {
  type FindOutputsRequest,
  type FindOutputsResponse,
  FindOutputsResponseSchema,
  outputMessageOf,
} from '../../../protocol/index.ts';

/** How many outputs one call may ask for. */
const pathsLimit = 20_000;

/** Which outputs are there, whole as far as the store knows; they stay for a while. */
export async function findOutputs(
  { paths, closure }: FindOutputsRequest,
  { store }: { readonly store: Store },
): Promise<FindOutputsResponse> {
  if (paths.length > pathsLimit)
    throw new ConnectError(`at most ${pathsLimit} outputs can be asked for at once`, Code.InvalidArgument);
  const asked = paths.map(storePathOf);
  const found = closure ? await store.findClosure(asked) : await store.findOutputs(asked);
  return create(FindOutputsResponseSchema, {
    outputs: found.map(({ treeSize, ...record }) => outputMessageOf(record, treeSize)),
  });
}

function storePathOf(text: string): StorePath {
  const path = parseStorePath(text);
  if (path === undefined)
    throw new ConnectError(`'${text.slice(0, 300)}' is no path of a store`, Code.InvalidArgument);
  return path;
}
