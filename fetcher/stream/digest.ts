import { EXIT_OTHER_DIGEST, EXIT_UNSUPPORTED, fail } from '../host/failure.ts';
import { SHA1_STATE, sha1Begin, sha1End, sha1Update } from '../hashes/sha1.ts';
import { SHA256_STATE, sha256Begin, sha256End, sha256Update } from '../hashes/sha256.ts';
import { SHA512_STATE, sha512Begin, sha512End, sha512Update } from '../hashes/sha512.ts';
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
const NONE: i32 = 0;
const SHA1: i32 = 20;
const SHA256: i32 = 32;
const SHA512: i32 = 64;

const state = memory.data(SHA512_STATE, 8);
const digest = memory.data(64);
let algorithm: i32 = NONE;
let hexadecimal: bool = false;

/** Begins to hash as the digest says that was published, or will be made. */
export function beginDigest(published: usize, length: i32): void {
  algorithm = NONE;
  if (startsWith(published, length, 'sha512')) {
    algorithm = SHA512;
    sha512Begin(state);
  } else if (startsWith(published, length, 'sha256')) {
    algorithm = SHA256;
    sha256Begin(state);
  } else if (startsWith(published, length, 'sha1-')) {
    algorithm = SHA1;
    sha1Begin(state);
  } else {
    fail(EXIT_UNSUPPORTED, 'there is no way to check the published digest', published, length);
  }
  hexadecimal = load<u8>(published, 6) == 0x3a;
}

export function digestBytes(bytes: usize, length: usize): void {
  if (algorithm == SHA512) sha512Update(state, bytes, length);
  else if (algorithm == SHA256) sha256Update(state, bytes, length);
  else if (algorithm == SHA1) sha1Update(state, bytes, length);
}

/** Appends the digest of what has come to the text. */
export function appendDigest(): void {
  if (algorithm == SHA512) sha512End(state, digest);
  else if (algorithm == SHA256) sha256End(state, digest);
  else sha1End(state, digest);
  append(algorithm == SHA512 ? 'sha512' : algorithm == SHA256 ? 'sha256' : 'sha1');
  appendByte(hexadecimal ? 0x3a : 0x2d);
  if (hexadecimal) appendHexadecimal(digest, algorithm);
  else appendBase64(digest, algorithm);
  algorithm = NONE;
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
