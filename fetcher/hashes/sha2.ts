import { HASH_STATE, SHA256, SHA512, beginHash, endHash, updateHash } from './message.ts';

/** SHA-256 and SHA-512. */
export const SHA256_STATE: usize = HASH_STATE;
export const SHA512_STATE: usize = HASH_STATE;

export function sha256Begin(state: usize): void {
  beginHash(state, SHA256);
}

export function sha256Update(state: usize, bytes: usize, length: usize): void {
  updateHash(state, bytes, length);
}

/** Writes the 32 bytes of the digest. */
export function sha256End(state: usize, digest: usize): void {
  endHash(state, digest);
}

export function sha512Begin(state: usize): void {
  beginHash(state, SHA512);
}

export function sha512Update(state: usize, bytes: usize, length: usize): void {
  updateHash(state, bytes, length);
}

/** Writes the 64 bytes of the digest. */
export function sha512End(state: usize, digest: usize): void {
  endHash(state, digest);
}
