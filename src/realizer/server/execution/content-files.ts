import { chmodSync, closeSync, constants, copyFileSync, openSync, writeSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import type { Digest } from '../../../foundation/index.ts';
import type { Store } from '../../../store/index.ts';
import type { ContentDigest } from '../../protocol/index.ts';
import type { ContentStore } from '../content/content-store.ts';
import { missingContent } from './action-fault.ts';

/** What is larger is copied while others have their turn, in bytes. */
const smallSize = 1 << 20;

/** Puts content into files that whoever gets them may write to. */
export class ContentFiles {
  readonly #store: Store;
  readonly #content: ContentStore;

  constructor(store: Store, content: ContentStore) {
    this.#store = store;
    this.#content = content;
  }

  /** Makes the file, which is not there yet. @throws ActionFault where the content is not there. */
  async put(digest: ContentDigest, target: string, executable: boolean): Promise<void> {
    const mode = executable ? 0o755 : 0o644;
    if (digest.size === 0) return closeSync(openSync(target, 'wx', mode));
    const blob = this.#blobOf(digest);
    if (blob === undefined) return await this.#write(digest, target, mode);
    await this.#copy(blob, digest.size, target);
    // The blob is read-only, and so is a copy.
    chmodSync(target, mode);
  }

  /** The blob that the store has of the content, unless it is a directory's encoding, which is no file there. */
  #blobOf(digest: ContentDigest): Digest | undefined {
    const { blobs } = this.#store;
    if (digest.function === 'blake3') return blobs.use(digest.hash) ? digest.hash : undefined;
    const known = this.#store.findBySha256([digest.hash]).get(digest.hash) ?? [];
    return known.find(({ kind, digest: own, size }) => {
      return kind === 'file' && size === digest.size && blobs.use(own);
    })?.digest;
  }

  async #copy(blob: Digest, size: number, target: string): Promise<void> {
    const flags = constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL;
    const { blobs } = this.#store;
    if (size > smallSize) await copyFile(blobs.file(blob), target, flags);
    else blobs.withFile(blob, false, (file) => copyFileSync(file, target, flags));
  }

  async #write(digest: ContentDigest, target: string, mode: number): Promise<void> {
    const pieces = await this.#content.pieces(digest, { offset: 0, limit: 0 });
    if (pieces === undefined) throw missingContent([digest]);
    const descriptor = openSync(target, 'wx', mode);
    try {
      for await (const piece of pieces) {
        for (let done = 0; done < piece.length;) done += writeSync(descriptor, piece, done);
      }
    } finally {
      closeSync(descriptor);
    }
  }
}
