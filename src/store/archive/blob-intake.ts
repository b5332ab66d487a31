import { existsSync } from 'node:fs';
import {
  type Digest,
  DigestHasher,
  digestOf,
  type HashPart,
  hashPartLength,
  isTurnOver,
  nextTurn,
} from '../../foundation/index.ts';
import type { Blobs } from '../blobs.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type { ReferenceScanner } from '../reference-scanner.ts';
import type { ByteSource } from './byte-source.ts';

/** Blobs up to this size are held in memory and put at once, in bytes. */
const wholeSize = 1 << 20;

/** Of how many blobs it is kept in mind what was found when they were read; the others are looked at again. */
const rememberedBlobs = 1 << 17;

interface Known {
  readonly size: number;
  /** Which outputs it mentions. */
  readonly mentions: readonly HashPart[];
}

const nothing: readonly HashPart[] = [];

/** Takes in the blobs of an archive, and knows what they mention. */
export class BlobIntake {
  readonly #blobs: Blobs;
  readonly #scanner: ReferenceScanner;
  readonly #known = new BoundedCache<Digest, Known>(rememberedBlobs);

  constructor(blobs: Blobs, scanner: ReferenceScanner) {
    this.#blobs = blobs;
    this.#scanner = scanner;
  }

  /** Reads a content, puts it where the store lacks it, and says what digest it has, which is to be the expected one. */
  async take(source: ByteSource, expected: Digest, size: number): Promise<Digest> {
    const stream = this.#scanner.stream();
    const writer = size > wholeSize && !this.#blobs.use(expected) ? this.#blobs.writer() : undefined;
    if (size <= wholeSize) {
      const content = await source.read(size);
      stream.scan(content);
      const digest = this.#isThereAsProgram(expected) ? digestOf(content) : this.#blobs.put(content).digest;
      return this.#remember(digest, size, stream.found);
    }
    const hasher = new DigestHasher();
    try {
      for await (const piece of source.pieces(size)) {
        stream.scan(piece);
        if (writer === undefined) hasher.update(piece);
        else writer.write(piece);
      }
      return this.#remember(writer?.finish().digest ?? hasher.digest(), size, stream.found);
    } finally {
      writer?.abort();
    }
  }

  /** What is put is looked for in its plain variant; a store that built it may have only the other one. */
  #isThereAsProgram(digest: Digest): boolean {
    return existsSync(this.#blobs.pathOf(digest, true)) && this.#blobs.use(digest);
  }

  /** The size of a blob that is there, and stays there until the import has ended. */
  sizeOf(digest: Digest): number | undefined {
    const known = this.#known.get(digest);
    if (known !== undefined) return known.size;
    return this.#blobs.use(digest) ? this.#blobs.size(digest) : undefined;
  }

  /** What a blob mentions, which is there. */
  async mentionsOf({
    digest,
    size,
  }: {
    readonly digest: Digest;
    readonly size: number;
  }): Promise<readonly HashPart[]> {
    if (size < hashPartLength) return nothing;
    const known = this.#known.get(digest);
    if (known !== undefined) return known.mentions;
    const stream = this.#scanner.stream();
    for (const chunk of this.#blobs.chunks(digest)) {
      stream.scan(chunk);
      if (isTurnOver()) await nextTurn();
    }
    this.#remember(digest, size, stream.found);
    return [...stream.found];
  }

  #remember(digest: Digest, size: number, found: ReadonlySet<HashPart>): Digest {
    const mentions = found.size === 0 ? nothing : [...found];
    this.#known.set(digest, { size, mentions }, 1 + mentions.length);
    return digest;
  }
}
