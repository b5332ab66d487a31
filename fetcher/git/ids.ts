import { SHA1, SHA256, beginHash } from '../hashes/message.ts';

/** Object ids, and the hash that makes them: SHA-1, or SHA-256 in a repository of that format. */
const SHA1_LENGTH: i32 = 20;
export const LONGEST_ID: i32 = 32;

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

/** Begins a hash of the repository's kind. */
export function beginObjectHash(state: usize): void {
  beginHash(state, usesSha256() ? SHA256 : SHA1);
}
