import type { ContentStore, ContentWriter } from '../content/content-store.ts';
import type { Account } from './account.ts';

/** The content of a store as one client may have it: what comes and goes is counted, and refused where it is too much. */
export function withinQuota(store: ContentStore, account: Account): ContentStore {
  return {
    missing: (digests) => store.missing(digests),
    async read(digest) {
      using _carried = account.carry(digest.size);
      return await store.read(digest);
    },
    async pieces(digest, range) {
      const left = Math.max(0, digest.size - range.offset);
      const carried = account.carry(range.limit === 0 ? left : Math.min(left, range.limit));
      const pieces = await store.pieces(digest, range).catch((error: unknown) => {
        carried[Symbol.dispose]();
        throw error;
      });
      if (pieces !== undefined) return carrying(pieces, carried);
      carried[Symbol.dispose]();
      return undefined;
    },
    async put(digest, content) {
      using _carried = account.carry(content.length);
      account.demandRoom(content.length);
      const isRight = await store.put(digest, content);
      if (isRight) account.noteStored(content.length);
      return isRight;
    },
    writer(digest) {
      account.demandRoom(digest.size);
      const carried = account.carry(digest.size);
      return new CountedWriter(store.writer(digest), account, carried);
    },
  };
}

async function* carrying(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  carried: Disposable,
): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } finally {
    carried[Symbol.dispose]();
  }
}

/** Counts its content as on its way from its beginning to its end, also while its client is gone and may come back. */
class CountedWriter implements ContentWriter {
  readonly #writer: ContentWriter;
  readonly #account: Account;
  readonly #carried: Disposable;

  constructor(writer: ContentWriter, account: Account, carried: Disposable) {
    this.#writer = writer;
    this.#account = account;
    this.#carried = carried;
  }

  get written(): number {
    return this.#writer.written;
  }

  write(piece: Uint8Array): void | Promise<void> {
    return this.#writer.write(piece);
  }

  async finish(): Promise<boolean> {
    using _carried = this.#carried;
    const isRight = await this.#writer.finish();
    if (isRight) this.#account.noteStored(this.#writer.written);
    return isRight;
  }

  abandon(): void {
    this.#carried[Symbol.dispose]();
    this.#writer.abandon();
  }
}
