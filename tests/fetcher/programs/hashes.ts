import { beginHash, endHash, updateHash } from '../../../fetcher/hashes/message.ts';
import { isAttack } from '../../../fetcher/hashes/sha1-attack.ts';
import { blake3Begin, blake3End, blake3Update } from '../../../fetcher/hashes/blake3.ts';
import { appendBase32, appendBase64, lengthSince, mark } from '../../../fetcher/text/text.ts';
import { allocate } from '../../../fetcher/host/memory.ts';

/** The hashes as a module that tests can call, since no server can make a program hash just what a test wants. */
export {
  allocate,
  appendBase32,
  appendBase64,
  beginHash,
  blake3Begin,
  blake3End,
  blake3Update,
  endHash,
  isAttack,
  lengthSince,
  mark,
  updateHash,
};
