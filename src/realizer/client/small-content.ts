import type { ContentDigest } from '../protocol/index.ts';
import type { Connection } from './connection.ts';
import type { Content } from './content.ts';
import { TurnBatch } from './turn-batch.ts';

/** What one message holds at most, in bytes, so that it fits what servers take: 4 MiB with all that is around it. */
export const messageSize = 3 << 20;

/** How many blobs are sent or asked for in one message. */
const blobsAtOnce = 4000;

/** What is about as long as a digest itself has to be counted too. */
const sizeAround = 100;

/** Of how many blobs it is remembered that they were sent. */
const rememberedLimit = 100_000;

/** Content that fits a message: what belongs to actions, and directories. What is asked in one turn goes in one call. */
export class SmallContent {
  readonly #connection: Connection;
  readonly #sent = new Set<string>();
  readonly #reads = new TurnBatch<ContentDigest, Uint8Array | undefined>(blobsAtOnce, (digests) =>
    this.#readAll(digests),
  );
  readonly #writes = new TurnBatch<readonly Content[], void>(blobsAtOnce, async (lists) => {
    await this.#writeAll(lists.flat());
    return lists.map(() => undefined);
  });

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The content, or undefined where it is not there. Nobody has hashed it. */
  read(digest: ContentDigest): Promise<Uint8Array | undefined> {
    return this.#reads.answerTo(digest);
  }

  /** Sends what was not sent before. */
  async write(blobs: readonly Content[]): Promise<void> {
    const unsent = this.unsent(blobs);
    if (unsent.length > 0) await this.#writes.answerTo(unsent);
  }

  /** Those that were not sent before. */
  unsent(blobs: readonly Content[]): readonly Content[] {
    return blobs.filter(({ digest }) => !this.#sent.has(digest.hash));
  }

  /** They went there with something else. */
  noteSent(blobs: readonly Content[]): void {
    if (this.#sent.size + blobs.length > rememberedLimit) this.#sent.clear();
    for (const { digest } of blobs) this.#sent.add(digest.hash);
  }

  /** It is not there any more, or never was. */
  forget(): void {
    this.#sent.clear();
  }

  async #readAll(digests: readonly ContentDigest[]): Promise<readonly (Uint8Array | undefined)[]> {
    const wanted = new Map(digests.map((digest) => [digest.hash as string, digest]));
    const found = new Map<string, Uint8Array>();
    await Promise.all(
      inMessages([...wanted.values()], ({ size }) => size).map(async (some) => {
        const read = await this.#connection.call((_, options) =>
          this.#connection.content.readBatch(some, options),
        );
        for (const [hash, content] of read) found.set(hash, content);
      }),
    );
    return digests.map(({ hash }) => found.get(hash));
  }

  async #writeAll(blobs: readonly Content[]): Promise<void> {
    const different = new Map(blobs.map((blob) => [blob.digest.hash as string, blob]));
    await Promise.all(
      inMessages([...different.values()], ({ digest }) => digest.size).map((some) =>
        this.#connection.call((_, options) => this.#connection.content.putBatch(some, options)),
      ),
    );
    this.noteSent([...different.values()]);
  }
}

/** The items in their order, in as many lists as it takes for each to fit a message. */
export function inMessages<Item>(items: readonly Item[], sizeOf: (item: Item) => number): readonly Item[][] {
  const lists: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item) + sizeAround;
    const list = lists.at(-1);
    if (list === undefined || size > room || list.length >= blobsAtOnce) {
      lists.push([item]);
      room = messageSize - size;
    } else {
      list.push(item);
      room -= size;
    }
  }
  return lists;
}
