import { type Digest, type HashPart, hashPartLength, isTurnOver, nextTurn } from '../../foundation/index.ts';
import type { BlobReference, Blobs } from '../blobs.ts';
import { BoundedCache } from '../bounded-cache.ts';
import { PartScan } from './part-scan.ts';

/** How much is kept in mind: a blob counts for one, and for one more with each hash part that it may mention. */
const rememberedLimit = 1 << 18;

const none: readonly HashPart[] = [];

/**
 * What blobs may mention of outputs, whichever there are: the hash parts in them. Most have none, and who has scanned them on their way
 * in spares that they are read again for that.
 */
export class PossibleMentions {
  readonly #blobs: Blobs;
  readonly #known = new BoundedCache<Digest, readonly HashPart[]>(rememberedLimit);

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /** Notes what a blob, all of which was scanned, may mention. */
  note(digest: Digest, scan: PartScan): readonly HashPart[] | undefined {
    const parts = scan.parts();
    if (parts !== undefined) this.#known.set(digest, parts.length === 0 ? none : parts, 1 + parts.length);
    return parts;
  }

  /** What a blob that is there may mention, or undefined where that is too much to tell. */
  async of({ digest, size }: BlobReference): Promise<readonly HashPart[] | undefined> {
    if (size < hashPartLength) return none;
    const known = this.#known.get(digest);
    if (known !== undefined) return known;
    const scan = new PartScan();
    for (const piece of this.#blobs.chunks(digest)) {
      scan.scan(piece);
      if (isTurnOver()) await nextTurn();
    }
    return this.note(digest, scan);
  }
}
