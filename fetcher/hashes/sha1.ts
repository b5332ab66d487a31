import { HASH_STATE, SHA1, beginHash, endHash, updateHash } from './message.ts';

/** SHA-1, of which a pack needs two at once: of the pack and of the object in it. A collision attack ends the program. */
export const SHA1_STATE: usize = HASH_STATE;

export function sha1Begin(state: usize): void {
  beginHash(state, SHA1);
}

export function sha1Update(state: usize, bytes: usize, length: usize): void {
  updateHash(state, bytes, length);
}

/** Writes the 20 bytes of the digest. */
export function sha1End(state: usize, digest: usize): void {
  endHash(state, digest);
}
