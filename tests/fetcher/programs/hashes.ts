import { sha1Begin, sha1End, sha1Update } from '../../../fetcher/hashes/sha1.ts';
import { isAttack } from '../../../fetcher/hashes/sha1-attack.ts';
import {
  sha256Begin,
  sha256End,
  sha256Update,
  sha512Begin,
  sha512End,
  sha512Update,
} from '../../../fetcher/hashes/sha2.ts';
import { blake3Begin, blake3End, blake3Update } from '../../../fetcher/hashes/blake3.ts';
import { appendBase32, appendBase64, lengthSince, mark } from '../../../fetcher/text/text.ts';
import { allocate } from '../../../fetcher/host/memory.ts';

/** The hashes as a module that tests can call, since no server can make a program hash just what a test wants. */
export {
  allocate,
  appendBase32,
  appendBase64,
  blake3Begin,
  blake3End,
  blake3Update,
  isAttack,
  lengthSince,
  mark,
  sha1Begin,
  sha1End,
  sha1Update,
  sha256Begin,
  sha256End,
  sha256Update,
  sha512Begin,
  sha512End,
  sha512Update,
};
