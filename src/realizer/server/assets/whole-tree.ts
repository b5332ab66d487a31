import { fromBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  type ContentDigest,
  type DigestFunctionName,
  type Directory,
  DirectorySchema,
  contentDigestOf,
  resourceNameOf,
} from '../../protocol/index.ts';
import { type ContentStore, largestDirectory } from '../content/content-store.ts';

/** More than any tree that somebody means has. */
const directoriesLimit = 200_000;

/**
 * The first thing below a directory that is not there, be it the directory itself; undefined where all of it is, and stays.
 *
 * @throws ConnectError where something is no directory, or there are more of them than are looked through.
 */
export async function missingBelow(
  content: ContentStore,
  root: ContentDigest,
): Promise<ContentDigest | undefined> {
  const seen = new Set([root.hash as string]);
  const waiting: ContentDigest[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.size > largestDirectory) throw noDirectory(next);
    const encoding = await content.read(next);
    if (encoding === undefined) return next;
    const directory = decode(next, encoding);
    const missing = await content.missing(filesOf(directory, next.function));
    if (missing[0] !== undefined) return missing[0];
    for (const child of directoriesOf(directory, next.function)) {
      if (seen.has(child.hash)) continue;
      if (seen.size >= directoriesLimit) throw tooMany();
      seen.add(child.hash);
      waiting.push(child);
    }
  }
  return undefined;
}

function decode(digest: ContentDigest, encoding: Uint8Array): Directory {
  try {
    return fromBinary(DirectorySchema, encoding);
  } catch {
    throw noDirectory(digest);
  }
}

function noDirectory(digest: ContentDigest): ConnectError {
  return new ConnectError(`${resourceNameOf(digest)} is no directory`, Code.InvalidArgument);
}

function tooMany(): ConnectError {
  return new ConnectError(`the tree has more than ${directoriesLimit} directories`, Code.ResourceExhausted);
}

function filesOf({ files }: Directory, name: DigestFunctionName): ContentDigest[] {
  return files.flatMap(({ digest }) => contentDigestOf(name, digest) ?? []);
}

function directoriesOf({ directories }: Directory, name: DigestFunctionName): ContentDigest[] {
  return directories.flatMap(({ digest }) => contentDigestOf(name, digest) ?? []);
}
