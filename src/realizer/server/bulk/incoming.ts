import { type ZstdDecompress, createZstdDecompress } from 'node:zlib';
import { Code, ConnectError } from '@connectrpc/connect';
import type { ContentStore, ContentWriter } from '../content/content-store.ts';
import { type ContentDigest, type UploadResource, decompressionOptions } from '../../protocol/index.ts';

/** Content that comes in pieces, as they were sent: compressed or not. */
export interface Incoming {
  /** Bytes of what was sent. */
  readonly received: number;
  /** Takes a piece, which is the caller's again when it settles. @throws ConnectError where it is more than the digest says. */
  write(piece: Uint8Array): void | Promise<void>;
  /** @throws ConnectError where the content is not what the digest names. */
  finish(): Promise<void>;
  abandon(): void;
}

export function openIncoming(store: ContentStore, { digest, compressor }: UploadResource): Incoming {
  const writer = store.writer(digest);
  return compressor === 'zstd' ? new CompressedIncoming(writer, digest) : new PlainIncoming(writer, digest);
}

export function wrongContent({ hash, size }: ContentDigest): ConnectError {
  return new ConnectError(`the content is not what the digest ${hash}/${size} names`, Code.InvalidArgument);
}

function tooMuch({ hash, size }: ContentDigest): ConnectError {
  return new ConnectError(
    `more than the ${size} bytes have come that the digest ${hash} says`,
    Code.InvalidArgument,
  );
}

class PlainIncoming implements Incoming {
  readonly #writer: ContentWriter;
  readonly #digest: ContentDigest;

  constructor(writer: ContentWriter, digest: ContentDigest) {
    this.#writer = writer;
    this.#digest = digest;
  }

  get received(): number {
    return this.#writer.written;
  }

  write(piece: Uint8Array): void | Promise<void> {
    if (this.#writer.written + piece.length > this.#digest.size) throw tooMuch(this.#digest);
    return this.#writer.write(piece);
  }

  async finish(): Promise<void> {
    if (!(await this.#writer.finish())) throw wrongContent(this.#digest);
  }

  abandon(): void {
    this.#writer.abandon();
  }
}

class CompressedIncoming implements Incoming {
  readonly #writer: ContentWriter;
  readonly #digest: ContentDigest;
  readonly #decompressor: ZstdDecompress = createZstdDecompress(decompressionOptions);
  /** Fulfilled with what has gone wrong, so that it is no unhandled rejection while nobody waits for it. */
  readonly #end: Promise<Error | undefined>;
  #received = 0;

  constructor(writer: ContentWriter, digest: ContentDigest) {
    this.#writer = writer;
    this.#digest = digest;
    this.#end = this.#pump().then(
      () => undefined,
      (error: Error) => error,
    );
  }

  get received(): number {
    return this.#received;
  }

  async write(piece: Uint8Array): Promise<void> {
    const isTaken = await new Promise<boolean>((resolve) => {
      // Where the decompressor has failed it takes nothing more.
      const onClose = (): void => resolve(false);
      this.#decompressor.once('close', onClose);
      this.#decompressor.write(piece, (error) => {
        this.#decompressor.off('close', onClose);
        resolve(!error);
      });
    });
    if (!isTaken) throw (await this.#end) ?? wrongContent(this.#digest);
    this.#received += piece.length;
  }

  async finish(): Promise<void> {
    this.#decompressor.end();
    const failure = await this.#end;
    if (failure !== undefined) throw failure;
    if (!(await this.#writer.finish())) throw wrongContent(this.#digest);
  }

  abandon(): void {
    this.#decompressor.destroy();
    this.#writer.abandon();
  }

  async #pump(): Promise<void> {
    const pieces = this.#decompressor as AsyncIterable<Uint8Array>;
    try {
      for await (const piece of pieces) {
        if (this.#writer.written + piece.length > this.#digest.size) throw tooMuch(this.#digest);
        await this.#writer.write(piece);
      }
    } catch (error) {
      throw error instanceof Error && isZstdError(error) ? notCompressed(error) : error;
    }
  }
}

function isZstdError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^(?:ZSTD_|Z_|ERR_ZLIB)/.test(error.code);
}

function notCompressed(error: Error): ConnectError {
  return new ConnectError(`the content is not compressed by zstd (${error.message})`, Code.InvalidArgument);
}
