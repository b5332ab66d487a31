import { gunzipped } from '../archive/gzip.ts';
import { unzipped } from '../archive/zip.ts';
import { writeContent } from '../output/content.ts';
import { deltaBytes } from '../git/delta.ts';
import { HASH_STATE, updateHash } from '../hashes/message.ts';

/** Where inflated bytes go that do not fit into memory. */
export const TO_NOTHING: i32 = 0;
/** Into the content being written, and into the hash of the git object that it is. */
export const TO_BLOB: i32 = 1;
/** To what applies deltas. */
export const TO_DELTA: i32 = 3;
/** To the reader of archives. */
export const TO_ARCHIVE: i32 = 2;
/** Into the file of a zip archive. */
export const TO_ZIP: i32 = 4;

/** The hash of the git object that is passing. */
export const objectHash = memory.data(HASH_STATE, 8);
let target: i32 = TO_NOTHING;
let delivered: u64 = 0;

export function aimSink(at: i32): void {
  target = at;
  delivered = 0;
}

/** How many bytes came since the sink was aimed. */
export function deliveredLength(): u64 {
  return delivered;
}

export function deliver(bytes: usize, length: usize): void {
  delivered += length;
  if (length == 0) return;
  if (target == TO_BLOB) deliverBlob(bytes, length);
  else if (target == TO_DELTA) deltaBytes(bytes, length);
  else if (target == TO_ARCHIVE) gunzipped(bytes, length);
  else if (target == TO_ZIP) unzipped(bytes, length);
}

export function deliverBlob(bytes: usize, length: usize): void {
  updateHash(objectHash, bytes, length);
  writeContent(bytes, length);
}
