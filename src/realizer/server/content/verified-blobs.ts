import { type Digest, isTurnOver, nextTurn } from '../../../foundation/index.ts';
import { type BlobReference, type Store, isDamagedContent } from '../../../store/index.ts';

/** Of how many blobs it is remembered that they were verified. */
const rememberedLimit = 100_000;

/** Reads blobs that go out to others. One that turns out to be damaged lies aside from then on, and is missing. */
export class VerifiedBlobs {
  readonly #store: Store;
  readonly #verified = new Set<Digest>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The whole of a blob of this size, which is used, or undefined where it is damaged or not there. */
  read({ digest, size }: BlobReference): Uint8Array | undefined {
    const { blobs } = this.#store;
    const content = blobs.readUsed(digest, size);
    if (content !== undefined || blobs.useSize(digest) !== size) return content;
    try {
      return blobs.read(digest);
    } catch (error) {
      if (!isDamagedContent(error)) throw error;
      this.#layAside(digest);
      return undefined;
    }
  }

  /**
   * The content piece by piece, the last one only when all is verified.
   *
   * @throws DiagnosticError CAB5003 where it turns out to be damaged.
   */
  *pieces(blob: BlobReference): Generator<Uint8Array> {
    try {
      yield* this.#store.verifiedPieces(blob);
      this.#remember(blob.digest);
    } catch (error) {
      if (isDamagedContent(error)) this.#layAside(blob.digest);
      throw error;
    }
  }

  /** Whether all of a blob is right: it is hashed once, for those who want a part of it. */
  async verify(blob: BlobReference): Promise<boolean> {
    if (this.#verified.has(blob.digest)) return true;
    try {
      for (const _piece of this.pieces(blob)) if (isTurnOver()) await nextTurn();
      return true;
    } catch (error) {
      if (isDamagedContent(error)) return false;
      throw error;
    }
  }

  #remember(digest: Digest): void {
    if (this.#verified.size >= rememberedLimit) this.#verified.clear();
    this.#verified.add(digest);
  }

  #layAside(digest: Digest): void {
    this.#verified.delete(digest);
    for (const executable of [false, true]) this.#store.blobs.doubt(digest, executable);
  }
}
