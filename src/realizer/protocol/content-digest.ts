import type { Digest as OwnDigest, Sha256 } from '../../foundation/index.ts';
import { DigestFunction_Value } from './generated/build/bazel/remote/execution/v2/remote_execution_pb.js';

/** The digest functions that are spoken: BLAKE3 is the store's own, SHA-256 is what every client of the API knows. */
export type DigestFunctionName = 'blake3' | 'sha256';

/** Content as the Remote Execution API names it: by function, hash in 64 lower-case hexadecimal digits, and size in bytes. */
export type ContentDigest =
  | { readonly function: 'blake3'; readonly hash: OwnDigest; readonly size: number }
  | { readonly function: 'sha256'; readonly hash: Sha256; readonly size: number };

/** Content by its number in a message; UNKNOWN is what clients from before there was a choice send, and means SHA-256. */
export function digestFunctionOf(value: DigestFunction_Value): DigestFunctionName | undefined {
  if (value === DigestFunction_Value.UNKNOWN || value === DigestFunction_Value.SHA256) return 'sha256';
  return value === DigestFunction_Value.BLAKE3 ? 'blake3' : undefined;
}

export function digestFunctionValue(name: DigestFunctionName): DigestFunction_Value {
  return name === 'blake3' ? DigestFunction_Value.BLAKE3 : DigestFunction_Value.SHA256;
}

/** A digest as it stands in messages. */
interface MessageDigest {
  readonly hash: string;
  readonly sizeBytes: bigint;
}

/** The digest of a message, or undefined where it is none: a hash that is not 64 lower-case hexadecimal digits, or no size. */
export function contentDigestOf(
  name: DigestFunctionName,
  digest: MessageDigest | undefined,
): ContentDigest | undefined {
  if (digest === undefined || !/^[0-9a-f]{64}$/.test(digest.hash)) return undefined;
  const size = Number(digest.sizeBytes);
  if (!Number.isSafeInteger(size) || size < 0) return undefined;
  return { function: name, hash: digest.hash, size } as ContentDigest;
}

export function messageDigestOf({ hash, size }: ContentDigest): { hash: string; sizeBytes: bigint } {
  return { hash, sizeBytes: BigInt(size) };
}

/** Such as `blobs/blake3/HASH/SIZE`; SHA-256 has no segment of its own there. */
export function resourceNameOf({ function: name, hash, size }: ContentDigest): string {
  return name === 'blake3' ? `blobs/blake3/${hash}/${size}` : `blobs/${hash}/${size}`;
}
