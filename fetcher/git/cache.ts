import { Content, openContent } from '../output/content.ts';
import { EXIT_FILES, EXIT_LIMIT, fail } from '../host/failure.ts';
import { close, read } from '../host/files.ts';
import { INFLATE_SLACK } from '../compression/inflate.ts';
import { allocate, release } from '../host/memory.ts';
import { PackObject } from './objects.ts';

/**
 * The bytes of the blobs that came last, since deltas mostly follow soon after their base. What fell out is
 * read back from its scratch file.
 */
const CACHE_LIMIT: usize = 24 << 20;

let first: PackObject | null = null;
let last: PackObject | null = null;
let cached: usize = 0;

/** Remembers the blob's bytes, which were allocated with the slack; the oldest are released for it. */
export function cacheBlob(object: PackObject, data: usize, size: u32): void {
  object.data = data;
  object.size = size;
  object.nextCached = null;
  if (last == null) first = object;
  else last!.nextCached = object;
  last = object;
  cached += size + INFLATE_SLACK;
  while (cached > CACHE_LIMIT && first != last) dropOldest();
}

function dropOldest(): void {
  const oldest = first!;
  first = oldest.nextCached;
  release(oldest.data, oldest.size + INFLATE_SLACK);
  oldest.data = 0;
  cached -= oldest.size + INFLATE_SLACK;
}

/** Sees to it that the bytes of a blob are in memory. */
export function recallBlob(object: PackObject): void {
  if (object.data != 0) return;
  const content = object.content as Content;
  if (content.size >= 1 << 30) fail(EXIT_LIMIT, 'a delta has a base of more than 1 GiB');
  const size = <u32>content.size;
  const data = allocate(size + INFLATE_SLACK);
  const file = openContent(content);
  if (file < 0) fail(EXIT_FILES, 'a scratch file is gone');
  for (let done: usize = 0; done < size;) {
    const length = read(file, data + done, size - done);
    if (length == 0) fail(EXIT_FILES, 'a scratch file is too short');
    done += length;
  }
  close(file);
  cacheBlob(object, data, size);
}
