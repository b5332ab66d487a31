import { type Digest, DigestHasher } from '../../foundation/index.ts';
import { fileChunks } from '../blobs.ts';
import { errorCode } from '../faults.ts';
import type { Batch } from '../helper/batch.ts';

/** What comes out for a file that cannot be read: no content has it. */
const noDigest = '0'.repeat(64) as Digest;

/** Does the work of a batch, on whichever thread: hashes files, whatever their names promise. */
export function hashFiles(batch: Batch): void {
  for (let index = 0; index < batch.count; index++) {
    batch.setBlob(index, { digest: digestAt(batch.path(index)), size: batch.size(index) });
  }
}

function digestAt(file: string): Digest {
  try {
    const hasher = new DigestHasher();
    for (const chunk of fileChunks(file)) hasher.update(chunk);
    return hasher.digest();
  } catch (error) {
    // It is looked at again by whoever asked, and can say why.
    if (errorCode(error) === undefined) throw error;
    return noDigest;
  }
}
