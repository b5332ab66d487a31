import { createHash } from 'node:crypto';
import { digestOf } from '../../../../src/foundation/index.ts';
import type { ContentStore, ContentWriter } from '../../../../src/realizer/server/index.ts';
import type { ContentDigest } from '../../../../src/realizer/protocol/index.ts';

/** The digest of some content. */
export function named(
  content: Uint8Array | string,
  name: ContentDigest['function'] = 'blake3',
): ContentDigest {
  const bytes = Buffer.from(content);
  return { function: name, hash: hashOf(name, bytes), size: bytes.length } as ContentDigest;
}

function hashOf(name: ContentDigest['function'], bytes: Uint8Array): string {
  return name === 'blake3' ? digestOf(bytes) : createHash('sha256').update(bytes).digest('hex');
}

/** Content in memory: what the services see of a store, for tests of the services themselves. */
export class MemoryStore implements ContentStore {
  readonly contents = new Map<string, Buffer>();
  /** Uploads that were given up. */
  abandoned = 0;

  add(content: Uint8Array | string, name?: ContentDigest['function']): ContentDigest {
    const digest = named(content, name);
    this.contents.set(keyOf(digest), Buffer.from(content));
    return digest;
  }

  async missing(digests: readonly ContentDigest[]): Promise<readonly ContentDigest[]> {
    return digests.filter((digest) => digest.size > 0 && !this.contents.has(keyOf(digest)));
  }

  async read(digest: ContentDigest): Promise<Uint8Array | undefined> {
    return digest.size === 0 ? new Uint8Array() : this.contents.get(keyOf(digest));
  }

  async pieces(
    digest: ContentDigest,
    { offset, limit }: { readonly offset: number; readonly limit: number },
  ): Promise<Iterable<Uint8Array> | undefined> {
    const content = await this.read(digest);
    if (content === undefined) return undefined;
    return piecesOf(content.subarray(offset, limit === 0 ? undefined : offset + limit));
  }

  async put(digest: ContentDigest, content: Uint8Array): Promise<boolean> {
    const right = hashOf(digest.function, content) === digest.hash && content.length === digest.size;
    if (right) this.contents.set(keyOf(digest), Buffer.from(content));
    return right;
  }

  writer(digest: ContentDigest): ContentWriter {
    const pieces: Buffer[] = [];
    let written = 0;
    return {
      get written() {
        return written;
      },
      write: (piece) => {
        pieces.push(Buffer.from(piece));
        written += piece.length;
      },
      finish: () => this.put(digest, Buffer.concat(pieces)),
      abandon: () => {
        this.abandoned += 1;
      },
    };
  }
}

function keyOf({ function: name, hash, size }: ContentDigest): string {
  return `${name}/${hash}/${size}`;
}

/** In one buffer again and again, as a store that saves memory does it. */
function* piecesOf(content: Uint8Array): Generator<Uint8Array> {
  const buffer = Buffer.alloc(64 << 10);
  for (let start = 0; start < content.length; start += buffer.length) {
    const piece = content.subarray(start, start + buffer.length);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}
