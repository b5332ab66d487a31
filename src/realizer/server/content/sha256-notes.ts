import type { Digest } from '../../../foundation/index.ts';
import type { Store } from '../../../store/index.ts';
import type { ContentDigest } from '../../protocol/index.ts';

type Note = Parameters<Store['noteSha256']>[0][number];

/** Notes under which SHA-256 blobs were uploaded: what comes in one turn goes into one transaction. */
export class Sha256Notes {
  readonly #store: Store;
  #waiting: Note[] = [];
  #written: Promise<void> | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Settles when it is written. */
  add(
    digest: Digest,
    { hash, size }: Extract<ContentDigest, { readonly function: 'sha256' }>,
  ): Promise<void> {
    this.#waiting.push({ hashed: { kind: 'file', digest }, reference: { sha256: hash, size } });
    this.#written ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const notes = this.#waiting;
        this.#waiting = [];
        this.#written = undefined;
        try {
          this.#store.noteSha256(notes);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    return this.#written;
  }
}
