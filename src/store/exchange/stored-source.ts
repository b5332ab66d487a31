import { digestOf, isTurnOver, nextTurn } from '../../foundation/index.ts';
import type { BlobReference, Blobs } from '../blobs.ts';
import { isDamagedContent } from '../faults.ts';
import type { ContentSource } from './tree-intake.ts';

/** Content that was put as blobs before, directories too. */
export function storedSource(blobs: Blobs): ContentSource {
  return {
    directories: async (asked) => {
      const encodings: Uint8Array[] = [];
      for (const reference of asked) {
        const encoding = readIfThere(reference, blobs);
        if (encoding !== undefined) encodings.push(encoding);
        if (isTurnOver()) await nextTurn();
      }
      return encodings;
    },
    blobs: async () => undefined,
  };
}

const emptyDigest = digestOf('');

/** Damage counts as missing, and is out of the way when it is sent again. */
function readIfThere({ digest }: BlobReference, blobs: Blobs): Uint8Array | undefined {
  if (digest === emptyDigest) return new Uint8Array(0);
  if (!blobs.use(digest)) return undefined;
  try {
    return blobs.read(digest);
  } catch (error) {
    if (!isDamagedContent(error)) throw error;
    for (const executable of [false, true]) blobs.doubt(digest, executable);
    return undefined;
  }
}
