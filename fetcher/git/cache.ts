import { INFLATE_SLACK } from '../compression/inflate.ts';
import { EXIT_FILES, fail } from '../host/failure.ts';
import { close, readWhole } from '../host/files.ts';
import { reserve } from '../host/memory.ts';
import { Content, openContent } from '../output/content.ts';
import { readHistory } from './abbreviation.ts';
import { BLOB, List, PackObject, enqueue } from './objects.ts';

/**
 * The bytes of the blobs that came last, since deltas mostly follow soon after their base. They lie in a ring: what comes
 * takes the place of the oldest, and what fell out is read back from its scratch file.
 */
const CACHE: usize = 6 << 20;
/** What has more bytes never lies in memory as a whole, unless it is a tree or a commit. */
export const CACHED_SIZE: u64 = 1 << 20;

let ring: usize = 0;
let position: usize = 0;
const cached = changetype<List>(memory.data(8, 4));

/** Room for so many bytes and the slack, until the next call; blobs that lay there are forgotten. */
export function roomInCache(size: usize): usize {
  if (ring == 0) ring = position = reserve(CACHE);
  const end = ring + CACHE;
  if (position + size + INFLATE_SLACK > end) {
    forgetUntil(end);
    position = ring;
  }
  forgetUntil(position + size + INFLATE_SLACK);
  return position;
}

function forgetUntil(end: usize): void {
  for (let oldest = cached.first; oldest != null; oldest = cached.first) {
    if (oldest.data < position || oldest.data >= end) return;
    cached.first = oldest.link;
    oldest.link = null;
    oldest.data = 0;
  }
}

/** Remembers the bytes that were laid where `roomInCache` said. */
export function cacheBlob(object: PackObject, size: u32): void {
  object.data = position;
  object.size = size;
  enqueue(cached, object);
  position = (position + size + 16) & ~15;
}

/** Sees to it that the bytes of a small blob are in memory, and stay there when room for `further` bytes is made. */
export function recallBlob(object: PackObject, further: usize): void {
  const size = object.kind == BLOB ? <u32>object.content!.size : object.size;
  const at = roomInCache(size + further + 2 * INFLATE_SLACK);
  if (object.data != 0) return;
  if (object.kind == BLOB) readContent(object.content as Content, at);
  else readHistory(object, at);
  cacheBlob(object, size);
}

/** Forgets all that is in the cache. */
export function forgetCache(): void {
  cached.first = null;
}

/** Reads a part of a scratch file. */
export function readPart(file: i32, to: usize, length: usize, offset: u64): void {
  if (!readWhole(file, to, length, offset)) fail(EXIT_FILES, 'a scratch file is too short');
}

/** Reads a whole content into memory. */
export function readContent(content: Content, to: usize): void {
  const file = openContent(content);
  if (file < 0) fail(EXIT_FILES, 'a scratch file is gone');
  readPart(file, to, <usize>content.size, 0);
  close(file);
}
