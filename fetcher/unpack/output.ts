import { write } from '../host/files.ts';
import { updateContentHash } from './zstd/content-hash.ts';
import { filterFrom } from './xz/filters.ts';

/** What is to be done with decompressed bytes before they are standard output. */
export const TO_OUTPUT: i32 = 0;
export const TO_XZ_FILTERS: i32 = 1;
export const TO_CONTENT_HASH: i32 = 2;

const STANDARD_OUTPUT: i32 = 1;
let target: i32 = TO_OUTPUT;

export function aimOutput(at: i32): void {
  target = at;
}

/** Takes what has been decompressed. */
export function deliver(bytes: usize, length: usize): void {
  if (target == TO_XZ_FILTERS) {
    filterFrom(0, bytes, length);
    return;
  }
  if (target == TO_CONTENT_HASH) updateContentHash(bytes, length);
  putOut(bytes, length);
}

export function putOut(bytes: usize, length: usize): void {
  write(STANDARD_OUTPUT, bytes, length);
}
