import { fromBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { largestDirectory } from '../content/content-store.ts';
import { requestedDigest, requestedFunction } from '../content/request-digests.ts';
import {
  type ContentDigest,
  type Directory,
  DirectorySchema,
  type GetTreeRequest,
  contentDigestOf,
} from '../../protocol/index.ts';
import type { ContentServiceOptions } from './content-addressable-storage.ts';

const defaultPageSize = 1000;
/** An answer is sent when it has as many bytes, however many directories that are. */
const pageBytes = 2 << 20;

/** A directory and all that are below it, each once, the outer ones first. What is not there of the inner ones is left out. */
export async function* getTree(options: ContentServiceOptions, request: GetTreeRequest, signal: AbortSignal) {
  const name = requestedFunction(request.digestFunction);
  const root = requestedDigest(name, request.rootDigest);
  const skipped = skippedOf(request.pageToken);
  const pageSize = request.pageSize > 0 ? Math.min(request.pageSize, defaultPageSize) : defaultPageSize;
  let page: Directory[] = [];
  let bytes = 0;
  let seen = 0;
  for await (const { directory, size } of directoriesBelow(options, root)) {
    signal.throwIfAborted();
    seen += 1;
    if (seen <= skipped) continue;
    if (page.length >= pageSize || (page.length > 0 && bytes + size > pageBytes)) {
      yield { directories: page, nextPageToken: String(seen - 1) };
      [page, bytes] = [[], 0];
    }
    page.push(directory);
    bytes += size;
  }
  yield { directories: page, nextPageToken: '' };
}

interface Found {
  readonly directory: Directory;
  /** Of its encoding, in bytes. */
  readonly size: number;
}

async function* directoriesBelow(
  { store, limits }: ContentServiceOptions,
  root: ContentDigest,
): AsyncGenerator<Found> {
  const known = new Set([root.hash as string]);
  let level: readonly ContentDigest[] = [root];
  while (level.length > 0) {
    const below: ContentDigest[] = [];
    for (const digest of level) {
      const content = digest.size > largestDirectory ? undefined : await store.read(digest);
      if (content === undefined && digest === root)
        throw new ConnectError(`there is no directory ${root.hash}/${root.size} here`, Code.NotFound);
      if (content === undefined) continue;
      const directory = decode(digest, content);
      for (const inner of directory.directories) {
        const innerDigest = contentDigestOf(digest.function, inner.digest);
        if (innerDigest === undefined || known.has(innerDigest.hash)) continue;
        known.add(innerDigest.hash);
        below.push(innerDigest);
      }
      if (known.size > limits.treeDirectories)
        throw new ConnectError(
          `the tree has more than ${limits.treeDirectories} directories`,
          Code.ResourceExhausted,
        );
      yield { directory, size: content.length };
    }
    level = below;
  }
}

function decode({ hash, size }: ContentDigest, content: Uint8Array): Directory {
  try {
    return fromBinary(DirectorySchema, content);
  } catch {
    throw new ConnectError(`the content ${hash}/${size} is no directory`, Code.InvalidArgument);
  }
}

function skippedOf(pageToken: string): number {
  if (pageToken === '') return 0;
  if (/^\d{1,9}$/.test(pageToken)) return Number(pageToken);
  throw new ConnectError('the page token is none that was given here', Code.InvalidArgument);
}
