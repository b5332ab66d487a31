import type { ContentDigest } from '../../protocol/index.ts';

/** A directory whose encoding is longer, in bytes, is none that anybody has made: it is not read at all. */
export const largestDirectory = 64 << 20;

/** Content by digest, as the services of the Remote Execution API see it. Decorators of it count, bound and refuse. */
export interface ContentStore {
  /**
   * Those that are not there. What is there stays for as long as a client may need to begin the action that it asked for.
   * The empty content is always there.
   */
  missing(digests: readonly ContentDigest[]): Promise<readonly ContentDigest[]>;
  /** The whole of it, or undefined where it is not there; for what fits in memory. */
  read(digest: ContentDigest): Promise<Uint8Array | undefined>;
  /**
   * Its bytes from an offset on, at most `limit` of them where that is not 0; undefined where it is not there. A piece holds only until
   * the next one is asked for.
   */
  pieces(
    digest: ContentDigest,
    range: { readonly offset: number; readonly limit: number },
  ): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined>;
  /** Puts content that is in memory. Answers false where its digest is another one: then nothing is kept. */
  put(digest: ContentDigest, content: Uint8Array): Promise<boolean>;
  /** Puts content that comes piece by piece. */
  writer(digest: ContentDigest): ContentWriter;
}

export interface ContentWriter {
  /** Bytes written so far. */
  readonly written: number;
  /** Takes a piece, which is the caller's again when the promise is fulfilled. More than the digest's size is refused by `finish`. */
  write(piece: Uint8Array): void | Promise<void>;
  /** Answers false where the digest is another one: then nothing is kept. */
  finish(): Promise<boolean>;
  /** Gives it up; nothing is kept. */
  abandon(): void;
}
