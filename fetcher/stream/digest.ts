import { EXIT_OTHER_DIGEST, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import {
  HASH_STATE,
  SHA1,
  SHA256,
  SHA512,
  beginHash,
  digestLength,
  endHash,
  updateHash,
} from '../hashes/message.ts';
import { equal, startsWith } from '../text/bytes.ts';
import {
  append,
  appendBase64,
  appendByte,
  appendBytes,
  appendHexadecimal,
  lengthSince,
  mark,
} from '../text/text.ts';

/**
 * The hash of a body as it comes, for the digest that its origin has published: `sha512-` and the like with base64 (Subresource
 * Integrity), or `sha256:` with hexadecimal digits (container images).
 */
const state = memory.data(HASH_STATE, 8);
const digest = memory.data(64);
let active: bool = false;
let algorithm: u32 = SHA1;
let hexadecimal: bool = false;

/** Begins to hash as the digest says that was published, or will be made. */
export function beginDigest(published: usize, length: i32): void {
  if (startsWith(published, length, 'sha512')) algorithm = SHA512;
  else if (startsWith(published, length, 'sha256')) algorithm = SHA256;
  else if (startsWith(published, length, 'sha1-')) algorithm = SHA1;
  else fail(EXIT_UNSUPPORTED, 'there is no way to check the published digest', published, length);
  beginHash(state, algorithm);
  active = true;
  hexadecimal = load<u8>(published, 6) == 0x3a;
}

export function digestBytes(bytes: usize, length: usize): void {
  if (active) updateHash(state, bytes, length);
}

/** Appends the digest of what has come to the text. */
export function appendDigest(): void {
  endHash(state, digest);
  active = false;
  append(algorithm == SHA512 ? 'sha512' : algorithm == SHA256 ? 'sha256' : 'sha1');
  const length = digestLength(algorithm);
  appendByte(hexadecimal ? 0x3a : 0x2d);
  if (hexadecimal) appendHexadecimal(digest, length);
  else appendBase64(digest, length);
}

/** Refuses what has come if its digest is not the published one. */
export function checkDigest(published: usize, length: i32): void {
  const start = mark();
  appendDigest();
  compareDigests(start, published, length);
}

/** Refuses an appended digest that is not the published one. */
export function compareDigests(start: usize, published: usize, length: i32): void {
  const own = lengthSince(start);
  if (own == length && equal(start, published, length)) return;
  append(' and not ');
  appendBytes(published, length);
  fail(EXIT_OTHER_DIGEST, 'what came is not what was published: its digest is', start, lengthSince(start));
}
