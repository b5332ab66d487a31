import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import type { BlobReference, Blobs, ReferenceScanner } from '../../../../store/index.ts';
import { hostLimits } from '../limits.ts';

let count = 0;

/** A file of the machine for content that is too large for memory and is not written in order. It has no name there. */
export class TemporaryFile {
  readonly #descriptor: number;
  #size = 0;
  #open = true;

  constructor(folder: string) {
    const file = path.join(folder, `${process.pid}-${threadId}-${count++}`);
    this.#descriptor = openSync(file, 'wx+', 0o600);
    unlinkSync(file);
  }

  get size(): number {
    return this.#size;
  }

  read(target: Uint8Array, offset: number): number {
    if (offset >= this.#size || target.length === 0) return 0;
    return readSync(this.#descriptor, target, 0, target.length, offset);
  }

  write(source: Uint8Array, offset: number): void {
    for (let written = 0; written < source.length;) {
      written += writeSync(this.#descriptor, source, written, source.length - written, offset + written);
    }
    this.#size = Math.max(this.#size, offset + source.length);
  }

  resize(size: number): void {
    ftruncateSync(this.#descriptor, size);
    this.#size = size;
  }

  /** Puts the content into the store, and ends the file. */
  store(blobs: Blobs, scanner: ReferenceScanner | undefined): BlobReference {
    const writer = blobs.writer(scanner);
    try {
      const piece = Buffer.allocUnsafe(hostLimits.fileInMemory);
      for (let offset = 0; offset < this.#size;) {
        const length = this.read(piece, offset);
        if (length === 0) throw new Error('a temporary file has become shorter by itself');
        writer.write(piece.subarray(0, length));
        offset += length;
      }
    } catch (error) {
      writer.abort();
      throw error;
    }
    this.close();
    return writer.finish();
  }

  close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }
}
