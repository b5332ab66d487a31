import type { ContentDigest } from '../../protocol/index.ts';
import type { ContentStore, ContentWriter } from '../content/content-store.ts';
import type { Room } from './room.ts';
import type { StoreKeeper } from './store-keeper.ts';

/** Content of a store that is never to be larger than it may be: whoever puts something waits for room first. */
export class KeptContent implements ContentStore {
  readonly #inner: ContentStore;
  readonly #keeper: StoreKeeper;

  constructor(inner: ContentStore, keeper: StoreKeeper) {
    this.#inner = inner;
    this.#keeper = keeper;
  }

  missing(digests: readonly ContentDigest[]): Promise<readonly ContentDigest[]> {
    return this.#inner.missing(digests);
  }

  read(digest: ContentDigest): Promise<Uint8Array | undefined> {
    return this.#inner.read(digest);
  }

  pieces(...asked: Parameters<ContentStore['pieces']>): ReturnType<ContentStore['pieces']> {
    return this.#inner.pieces(...asked);
  }

  async put(digest: ContentDigest, content: Uint8Array): Promise<boolean> {
    using room = await this.#keeper.admit(content.length);
    const isPut = await this.#inner.put(digest, content);
    if (isPut) room.fill();
    return isPut;
  }

  writer(digest: ContentDigest): ContentWriter {
    return new KeptWriter(this.#inner.writer(digest), digest.size, this.#keeper);
  }
}

/** Waits for room for all of it with its first piece. */
class KeptWriter implements ContentWriter {
  readonly #inner: ContentWriter;
  readonly #size: number;
  readonly #keeper: StoreKeeper;
  #room: Room | undefined;
  #isOver = false;

  constructor(inner: ContentWriter, size: number, keeper: StoreKeeper) {
    this.#inner = inner;
    this.#size = size;
    this.#keeper = keeper;
  }

  get written(): number {
    return this.#inner.written;
  }

  write(piece: Uint8Array): void | Promise<void> {
    return this.#room === undefined ? this.#begin(piece) : this.#inner.write(piece);
  }

  async finish(): Promise<boolean> {
    try {
      const isPut = await this.#inner.finish();
      if (isPut) this.#room?.fill();
      return isPut;
    } finally {
      this.#end();
    }
  }

  abandon(): void {
    this.#inner.abandon();
    this.#end();
  }

  async #begin(piece: Uint8Array): Promise<void> {
    const room = await this.#keeper.admit(this.#size);
    if (this.#isOver) {
      room[Symbol.dispose]();
      return;
    }
    this.#room = room;
    await this.#inner.write(piece);
  }

  #end(): void {
    this.#isOver = true;
    this.#room?.[Symbol.dispose]();
  }
}
