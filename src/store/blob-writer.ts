import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { type Digest, DigestHasher, digestOf } from '../foundation/index.ts';
import type { BlobReference } from './blobs.ts';
import type { ReferenceScanner, ScanStream } from './reference-scanner.ts';

/** How much of a blob is held in memory before it goes to a file, in bytes. */
const spillSize = 256 << 10;
const firstSize = 1 << 12;

/** What the writer needs of the blobs it writes to. */
export interface BlobSink {
  readonly temporary: () => string;
  readonly onDisk: <T>(operation: () => T) => T;
  readonly put: (content: Uint8Array) => BlobReference;
  readonly putHashed: (content: Uint8Array, digest: Digest) => void;
  readonly adopt: (file: string, digest: Digest) => void;
  readonly scan: ReferenceScanner | undefined;
}

/** A blob in the making. It is hashed and scanned as it comes, and is in the store once `finish` has returned. */
export class BlobWriter {
  readonly #sink: BlobSink;
  readonly #hasher = new DigestHasher();
  #buffer = Buffer.allocUnsafe(firstSize);
  #length = 0;
  #size = 0;
  #spill:
    | { readonly file: string; readonly descriptor: number; readonly stream: ScanStream | undefined }
    | undefined;

  constructor(sink: BlobSink) {
    this.#sink = sink;
  }

  /** The bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** Takes the bytes before it returns: the caller may use their memory again. */
  write(chunk: Uint8Array): void {
    this.#size += chunk.length;
    let rest = chunk;
    while (this.#length + rest.length > spillSize) {
      const part = rest.subarray(0, spillSize - this.#length);
      this.#append(part);
      this.#flush();
      rest = rest.subarray(part.length);
    }
    this.#append(rest);
  }

  /** @throws DiagnosticError CAB5002 where the disk is full; nothing stays behind. */
  finish(): BlobReference {
    if (this.#spill === undefined) return this.#sink.put(this.#buffer.subarray(0, this.#length));
    this.#flush();
    return this.#settle(this.#hasher.digest());
  }

  /**
   * The same for content that is to have a digest that somebody else has told: answers whether it has. If not, nothing is kept. What it
   * mentions goes to nobody.
   */
  finishAs(expected: Digest): boolean {
    if (this.#spill !== undefined) this.#flush();
    const content = this.#buffer.subarray(0, this.#length);
    const isRight = (this.#spill === undefined ? digestOf(content) : this.#hasher.digest()) === expected;
    if (!isRight) this.abort();
    else if (this.#spill === undefined) this.#sink.putHashed(content, expected);
    else this.#settle(expected);
    return isRight;
  }

  /** Makes the file, all of which is written, the blob of this digest. */
  #settle(digest: Digest): BlobReference {
    if (this.#spill === undefined) throw new Error('there is no file to make a blob of');
    const { file, descriptor, stream } = this.#spill;
    this.#spill = undefined;
    closeSync(descriptor);
    if (stream !== undefined) this.#sink.scan?.record(stream, digest);
    try {
      this.#sink.adopt(file, digest);
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    }
    return { digest, size: this.#size };
  }

  /** Gives the blob up. Does nothing after `finish`. */
  abort(): void {
    this.#length = 0;
    if (this.#spill === undefined) return;
    const { file, descriptor } = this.#spill;
    this.#spill = undefined;
    closeSync(descriptor);
    rmSync(file, { force: true });
  }

  #append(part: Uint8Array): void {
    const needed = this.#length + part.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.min(spillSize, Math.max(needed, this.#buffer.length * 2)));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#buffer.set(part, this.#length);
    this.#length = needed;
  }

  #flush(): void {
    const content = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    try {
      const { descriptor, stream } = this.#spilled();
      this.#hasher.update(content);
      stream?.scan(content);
      this.#sink.onDisk(() => {
        for (let written = 0; written < content.length;) written += writeSync(descriptor, content, written);
      });
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  #spilled() {
    if (this.#spill === undefined) {
      const file = this.#sink.temporary();
      const descriptor = this.#sink.onDisk(() => openSync(file, 'wx', 0o600));
      this.#spill = { file, descriptor, stream: this.#sink.scan?.stream() };
    }
    return this.#spill;
  }
}
