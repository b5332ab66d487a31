import { BoundedCache } from '../../../store/index.ts';
import type { ContentDigest } from '../../protocol/index.ts';
import type { ContentStore, ContentWriter } from '../content/content-store.ts';

/** What is larger is read each time, in bytes. */
const smallSize = 1 << 16;
/** Of all that is remembered, in bytes. */
const rememberedSize = 16 << 20;

/**
 * Content, of which small pieces that were read lately are remembered: the directories and commands of actions that are asked for one
 * after the other are mostly the same. What is remembered is right whatever has become of it in the store.
 */
export class RememberedContent implements ContentStore {
  readonly #content: ContentStore;
  readonly #remembered = new BoundedCache<string, Uint8Array>(rememberedSize);

  constructor(content: ContentStore) {
    this.#content = content;
  }

  async read(digest: ContentDigest): Promise<Uint8Array | undefined> {
    const key = `${digest.function}:${digest.hash}:${digest.size}`;
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const content = await this.#content.read(digest);
    if (content !== undefined && content.length <= smallSize)
      this.#remembered.set(key, content, content.length + key.length);
    return content;
  }

  missing(digests: readonly ContentDigest[]): Promise<readonly ContentDigest[]> {
    return this.#content.missing(digests);
  }

  pieces(
    digest: ContentDigest,
    range: { readonly offset: number; readonly limit: number },
  ): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined> {
    return this.#content.pieces(digest, range);
  }

  put(digest: ContentDigest, content: Uint8Array): Promise<boolean> {
    return this.#content.put(digest, content);
  }

  writer(digest: ContentDigest): ContentWriter {
    return this.#content.writer(digest);
  }
}
