import { type Digest, DigestHasher, digestOf } from '../foundation/index.ts';
import type { Blobs } from './blobs.ts';
import { damagedContent } from './faults.ts';

/** How much is read at once, in bytes. */
const chunkSize = 1 << 20;

/**
 * Reads blobs that leave the store: where the bytes on the disk are not those that the digest names, or not as many as the tree says, that
 * ends in an error and not in a copy of the damage. All is read into one and the same memory, one blob after the other.
 */
export class VerifiedReader {
  readonly #blobs: Blobs;
  readonly #buffer = Buffer.allocUnsafeSlow(chunkSize);

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /**
   * A blob's content piece by piece; a piece holds only until the next one is asked for. The last one comes when all is verified.
   *
   * @throws DiagnosticError CAB5003 where the blob is damaged, CAB5004 where there is none.
   */
  *chunks(digest: Digest, size: number): Generator<Uint8Array> {
    const hash = new PieceHash();
    let rest = size;
    for (const chunk of this.#blobs.chunks(digest, this.#buffer)) {
      rest -= chunk.length;
      hash.update(chunk, chunk.length === size);
      if (rest < 0 || (rest === 0 && hash.digest() !== digest)) break;
      yield chunk;
      if (rest === 0) return;
    }
    if (size > 0 || digest !== digestOf('')) throw damagedContent(`the blob ${digest}`);
  }
}

/** Most blobs are one piece, and that is hashed faster without a hasher of its own. */
class PieceHash {
  #whole: Digest | undefined;
  #hasher: DigestHasher | undefined;

  update(piece: Uint8Array, isWhole: boolean): void {
    if (isWhole) this.#whole = digestOf(piece);
    else (this.#hasher ??= new DigestHasher()).update(piece);
  }

  digest(): Digest {
    return this.#hasher?.digest() ?? this.#whole ?? digestOf('');
  }
}
