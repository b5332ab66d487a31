import { crc32 } from '../../archive/crc32.ts';
import { EXIT_CORRUPT, EXIT_UNSUPPORTED, fail } from '../../host/failure.ts';
import { HASH_STATE, SHA256 as HASH_SHA256, beginHash, endHash, updateHash } from '../../hashes/message.ts';
import { take } from '../input.ts';
import { crc64 } from './crc64.ts';

/** The check of a block's content, of the kind that the stream's header names. */
const NONE: u32 = 0;
const CRC32: u32 = 1;
const CRC64: u32 = 4;
const SHA256: u32 = 10;

const hash = memory.data(HASH_STATE, 8);
const digest = memory.data(32, 8);
let kind: u32 = NONE;
let checksum: u64 = 0;
let checked: u64 = 0;

export function chooseCheck(id: u32): void {
  if (id != NONE && id != CRC32 && id != CRC64 && id != SHA256)
    fail(EXIT_UNSUPPORTED, 'the xz data has a check that is not supported:', 0, 0, id);
  kind = id;
}

export function beginCheck(): void {
  checksum = checked = 0;
  if (kind == SHA256) beginHash(hash, HASH_SHA256);
}

export function updateCheck(bytes: usize, length: usize): void {
  checked += length;
  if (kind == CRC32) checksum = crc32(<u32>checksum, bytes, length);
  else if (kind == CRC64) checksum = crc64(checksum, bytes, length);
  else if (kind == SHA256) updateHash(hash, bytes, length);
}

/** How many bytes have been looked at. */
export function checkedLength(): u64 {
  return checked;
}

export function lengthOfCheck(): usize {
  return kind == NONE ? 0 : kind == CRC32 ? 4 : kind == CRC64 ? 8 : 32;
}

/** Reads the check that lies behind a block, and compares. */
export function verifyCheck(): void {
  if (kind == SHA256) endHash(hash, digest);
  else store<u64>(digest, checksum);
  const length = lengthOfCheck();
  if (memory.compare(take(length), digest, length) != 0)
    fail(EXIT_CORRUPT, 'the content differs from its check');
}
