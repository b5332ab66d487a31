import { closeSync, openSync, readSync } from 'node:fs';
import type { BlobReference, BlobWriter, Blobs } from '../../../../store/index.ts';

/** A blob of the store that is read as a file. It is opened by the first read and stays open until `close`. */
export class StoredFile {
  readonly reference: BlobReference;
  readonly #blobs: Blobs;
  #descriptor: number | undefined;

  constructor(blobs: Blobs, reference: BlobReference) {
    this.#blobs = blobs;
    this.reference = reference;
  }

  get size(): number {
    return this.reference.size;
  }

  read(target: Uint8Array, offset: number): number {
    if (offset >= this.size || target.length === 0) return 0;
    this.#descriptor ??= openSync(this.#blobs.file(this.reference.digest), 'r');
    return readSync(this.#descriptor, target, 0, target.length, offset);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** A file on its way into the store, that is only appended to. */
export class StreamedFile {
  readonly #writer: BlobWriter;

  constructor(writer: BlobWriter) {
    this.#writer = writer;
  }

  get size(): number {
    return this.#writer.size;
  }

  append(piece: Uint8Array): void {
    this.#writer.write(piece);
  }

  finish(): BlobReference {
    return this.#writer.finish();
  }

  abort(): void {
    this.#writer.abort();
  }
}
