import { type Digest, DigestHasher } from '../foundation/index.ts';
import { DiagnosticError } from '../diagnostics/index.ts';
import type { Blobs } from './blobs.ts';

/**
 * A blob's content piece by piece, as `Blobs.chunks` gives it, for what leaves the store: where the bytes on the disk are not those that the
 * digest names, or not as many as the tree says, it ends in an error and not in a copy of the damage.
 *
 * @throws DiagnosticError CAB5003 where the blob is damaged, CAB5004 where there is none.
 */
export function* verifiedChunks(blobs: Blobs, digest: Digest, size: number): Generator<Uint8Array> {
  const hasher = new DigestHasher();
  let rest = size;
  for (const chunk of blobs.chunks(digest)) {
    rest -= chunk.length;
    if (rest < 0) throw blobChanged(digest);
    hasher.update(chunk);
    yield chunk;
  }
  if (rest !== 0 || hasher.digest() !== digest) throw blobChanged(digest);
}

function blobChanged(digest: Digest): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5003',
    severity: 'error',
    message: `the blob ${digest} is damaged: its content is not what it was`,
    hint: "run 'cab store verify' to see what else is",
  });
}
