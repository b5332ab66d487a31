import { encodeBase32, decodeBase32 } from './base32.ts';
import { newBlake3Hasher } from './blake3.ts';

/** The BLAKE3-256 of some bytes as 64 lower-case hexadecimal digits. Made only in this file. */
export type Digest = string & { readonly __brand: 'Digest' };

/** The same 32 bytes as a `Digest`, as 52 characters of lower-case base32: the hash part of a store path. */
export type HashPart = string & { readonly __brand: 'HashPart' };

/** The length of a hash part in characters. */
export const hashPartLength = 52;

/** Used again and again: to make one costs as much as to hash a small file. */
let shared: ReturnType<typeof newBlake3Hasher> | undefined;

/** The digest of bytes, or of a string's UTF-8 encoding. */
export function digestOf(content: Uint8Array | string): Digest {
  shared ??= newBlake3Hasher();
  shared.reset();
  return shared.update(viewOf(content)).digest('hex') as Digest;
}

/** The digest that 32 bytes are. */
export function digestFromBytes(bytes: Uint8Array): Digest {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex') as Digest;
}

/** The same bytes, not copied, as the native code wants them. */
function viewOf(content: Uint8Array | string): Buffer | string {
  if (typeof content === 'string' || Buffer.isBuffer(content)) return content;
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

/** Hashes content that comes piece by piece. */
export class DigestHasher {
  readonly #hasher = newBlake3Hasher();

  update(content: Uint8Array | string): this {
    this.#hasher.update(viewOf(content));
    return this;
  }

  digest(): Digest {
    return this.#hasher.digest('hex') as Digest;
  }
}

/** The text as a digest, or undefined if it is not 64 lower-case hexadecimal digits. */
export function parseDigest(text: string): Digest | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? (text as Digest) : undefined;
}

/** A digest in the form that store paths and Cab hashes carry. */
export function hashPartOf(digest: Digest): HashPart {
  return encodeBase32(digest) as HashPart;
}

/** The digest that a hash part stands for. */
export function digestOfHashPart(hashPart: HashPart): Digest {
  const bytes = decodeBase32(hashPart);
  if (bytes === undefined) throw new Error(`'${hashPart}' is no hash part`);
  return Buffer.from(bytes).toString('hex') as Digest;
}

/** The text as a hash part, or undefined if it is not the canonical base32 of 32 bytes. */
export function parseHashPart(text: string): HashPart | undefined {
  if (text.length !== hashPartLength) return undefined;
  const bytes = decodeBase32(text);
  if (bytes?.length !== 32 || encodeBase32(Buffer.from(bytes).toString('hex')) !== text) return undefined;
  return text as HashPart;
}
