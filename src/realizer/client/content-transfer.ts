import { BoundedPool } from '../../foundation/index.ts';
import type { BlobReference } from '../../store/index.ts';
import type { ContentDigest } from '../protocol/index.ts';
import type { Connection } from './connection.ts';
import { realizerFailed } from './faults.ts';
import type { Patience } from './patience.ts';
import { inMessages, messageSize } from './small-content.ts';

/** How many calls move content at once. */
const callsAtOnce = 6;
/** How many digests are asked for in one call. */
const digestsAtOnce = 20_000;

/** A content that is here. */
export interface Source extends BlobReference {
  /** Its bytes from an offset on; a piece holds only until the next one is asked for. */
  readonly pieces: (offset: number) => Iterable<Uint8Array>;
}

/** Takes a content that comes in pieces. */
export interface Sink {
  /** Takes the bytes before it returns. */
  write(piece: Uint8Array): void;
  /** Answers false where it is not the content that was asked for: then nothing is kept. */
  finish(): boolean;
  abandon(): void;
}

export interface ContentTransferOptions {
  readonly connection: Connection;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** Moves contents in bulk. Where a connection was lost it goes on when that is there again. */
export class ContentTransfer {
  readonly #options: ContentTransferOptions;
  readonly #calls = new BoundedPool(callsAtOnce);
  #bytes = 0;

  constructor(options: ContentTransferOptions) {
    this.#options = options;
  }

  /** How many bytes of content have come and gone. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Those that are not there. */
  async missing(references: readonly BlobReference[]): Promise<readonly BlobReference[]> {
    const { connection, signal } = this.#options;
    const lists: BlobReference[][] = [];
    for (let start = 0; start < references.length; start += digestsAtOnce)
      lists.push(references.slice(start, start + digestsAtOnce));
    const hashes = new Set<string>();
    await this.#each(lists, async (list) => {
      const missing = await connection.content.missing(list.map(digestOf), { signal });
      for (const { hash } of missing) hashes.add(hash);
    });
    return references.filter(({ digest }) => hashes.has(digest));
  }

  /** Sends contents: small ones together, a large one by itself. */
  async send(sources: readonly Source[]): Promise<void> {
    const [small, large] = bySize(sources);
    await Promise.all([
      this.#each(
        inMessages(small, ({ size }) => size),
        (some) => this.#sendBatch(some),
      ),
      this.#eachOnce(large, (source) => this.#sendLarge(source)),
    ]);
  }

  /** Brings contents. Each is whole where its sink has finished, whatever happens to the others. */
  async receive(
    references: readonly BlobReference[],
    sinkFor: (reference: BlobReference) => Sink,
  ): Promise<void> {
    const [small, large] = bySize(references);
    await Promise.all([
      this.#each(
        inMessages(small, ({ size }) => size),
        (some) => this.#receiveBatch(some, sinkFor),
      ),
      this.#eachOnce(large, (reference) => this.#receiveLarge(reference, sinkFor(reference))),
    ]);
  }

  async #sendBatch(sources: readonly Source[]): Promise<void> {
    const { connection, signal } = this.#options;
    const contents = sources.map((source) => ({ digest: digestOf(source), content: whole(source) }));
    await connection.content.putBatch(contents, { signal });
    for (const { size } of sources) this.#bytes += size;
  }

  async #sendLarge(source: Source): Promise<void> {
    const { connection, patience, signal } = this.#options;
    const digest = digestOf(source);
    const upload = connection.content.beginUpload(digest);
    await patience.attempt(signal, async () => {
      this.#bytes += await connection.content.write(upload, digest, source.pieces, { signal });
    });
  }

  async #receiveBatch(
    references: readonly BlobReference[],
    sinkFor: (reference: BlobReference) => Sink,
  ): Promise<void> {
    const { connection, signal } = this.#options;
    const found = await connection.content.readBatch(references.map(digestOf), { signal });
    for (const reference of references) {
      const content = found.get(reference.digest);
      // What is lacking is told by whoever counts what has come.
      if (content === undefined) continue;
      const sink = sinkFor(reference);
      sink.write(content);
      this.#finish(sink, reference);
      this.#bytes += content.length;
    }
  }

  /** Goes on where it was, where the connection was lost. */
  async #receiveLarge(reference: BlobReference, sink: Sink): Promise<void> {
    const { connection, patience, signal } = this.#options;
    let offset = 0;
    const take = (piece: Uint8Array): void => {
      offset += piece.length;
      if (offset > reference.size) throw this.#isAnother(reference);
      sink.write(piece);
      this.#bytes += piece.length;
    };
    try {
      await patience.attempt(signal, () =>
        connection.content.read(digestOf(reference), offset, take, { signal }),
      );
    } catch (error) {
      sink.abandon();
      throw error;
    }
    this.#finish(sink, reference);
  }

  #finish(sink: Sink, reference: BlobReference): void {
    if (!sink.finish()) throw this.#isAnother(reference);
  }

  #isAnother({ digest }: BlobReference): Error {
    return realizerFailed(
      this.#options.connection.named,
      `what it gives as the content ${digest} is another one`,
    );
  }

  /** Does it for each, and again where the connection was lost within it. */
  #each<Item>(items: readonly Item[], operation: (item: Item) => Promise<void>): Promise<void> {
    const { patience, signal } = this.#options;
    return this.#eachOnce(items, (item) => patience.attempt(signal, () => operation(item)));
  }

  async #eachOnce<Item>(items: readonly Item[], operation: (item: Item) => Promise<void>): Promise<void> {
    await Promise.all(items.map((item) => this.#calls.run(() => operation(item), this.#options.signal)));
  }
}

function digestOf({ digest, size }: BlobReference): ContentDigest {
  return { function: 'blake3', hash: digest, size };
}

function whole({ size, pieces }: Source): Uint8Array {
  const content = Buffer.allocUnsafe(size);
  let length = 0;
  for (const piece of pieces(0)) {
    content.set(piece, length);
    length += piece.length;
  }
  return content;
}

/** Those that fit a message beside others, and those that have calls of their own. */
function bySize<Item extends BlobReference>(items: readonly Item[]): readonly [Item[], Item[]] {
  const isSmall = ({ size }: Item): boolean => size <= messageSize / 2;
  return [items.filter(isSmall), items.filter((item) => !isSmall(item))];
}
