import { SHA1_STATE, sha1Begin, sha1End, sha1Update } from '../hashes/sha1.ts';
import { SHA256_STATE, sha256Begin, sha256End, sha256Update } from '../hashes/sha256.ts';

/** Object ids, and the hash that makes them: SHA-1, or SHA-256 in a repository of that format. */
const SHA1_LENGTH: i32 = 20;
export const LONGEST_ID: i32 = 32;
export const HASH_STATE: usize = SHA1_STATE > SHA256_STATE ? SHA1_STATE : SHA256_STATE;

let length: i32 = SHA1_LENGTH;

export function idLength(): i32 {
  return length;
}

export function useSha256(): void {
  length = LONGEST_ID;
}

export function usesSha256(): bool {
  return length == LONGEST_ID;
}

export function hashBegin(state: usize): void {
  if (usesSha256()) sha256Begin(state);
  else sha1Begin(state);
}

export function hashUpdate(state: usize, bytes: usize, count: usize): void {
  if (usesSha256()) sha256Update(state, bytes, count);
  else sha1Update(state, bytes, count);
}

export function hashEnd(state: usize, digest: usize): void {
  if (usesSha256()) sha256End(state, digest);
  else sha1End(state, digest);
}
