import {
  type Digest,
  type Sha256,
  Sha256Hasher,
  digestOf,
  isTurnOver,
  nextTurn,
  sha256Of,
} from '../../../foundation/index.ts';
import {
  type BlobWriter,
  BoundedCache,
  type KnownContent,
  PartScan,
  type PossibleMentions,
  type Store,
  isDamagedContent,
} from '../../../store/index.ts';
import type { ContentDigest } from '../../protocol/index.ts';
import type { ContentStore, ContentWriter } from './content-store.ts';
import { Sha256Notes } from './sha256-notes.ts';
import { VerifiedBlobs } from './verified-blobs.ts';

/** What the store may have of a digest that was asked for: a directory's encoding, a blob, or either. */
interface Candidate {
  readonly kind: KnownContent['kind'] | 'either';
  readonly digest: Digest;
}

interface Range {
  readonly offset: number;
  readonly limit: number;
}

/** How many digests are looked up at once. */
const lookUpAtOnce = 256;
/** What is read as a whole, in bytes, and so verified before any of it goes out. */
const wholeSize = 1 << 18;

/** Up to this size, in bytes, it is noted on the way in what outputs content may mention, so that it is not read again for that. */
const scannedSize = 1 << 20;

/** Of how many digests of SHA-256 it is remembered what they are the digests of. */
const foundLimit = 20_000;

const empty = new Uint8Array(0);
const emptyHashes: ReadonlySet<string> = new Set([digestOf(empty), sha256Of(empty)]);

/**
 * The content of a store: its blobs and its directories' encodings by BLAKE3, and by SHA-256 what was uploaded so, and what of its own it
 * has the SHA-256 of. What is damaged counts as missing, and lies aside as soon as that is seen, so that it can be uploaded again.
 */
export class StoreContent implements ContentStore {
  readonly #store: Store;
  readonly #notes: Sha256Notes;
  readonly #verified: VerifiedBlobs;
  /** What was found by SHA-256 lately: that stays right, but more may be known by now. */
  readonly #found = new BoundedCache<Sha256, readonly KnownContent[]>(foundLimit);

  constructor(store: Store) {
    this.#store = store;
    this.#notes = new Sha256Notes(store);
    this.#verified = new VerifiedBlobs(store);
  }

  async missing(digests: readonly ContentDigest[]): Promise<readonly ContentDigest[]> {
    const missing: ContentDigest[] = [];
    for (let start = 0; start < digests.length; start += lookUpAtOnce) {
      // Short look-ups are no reason to wait: where there are many of them, each would wait for all before it to have had a turn.
      if (start > 0 && isTurnOver()) await nextTurn();
      missing.push(...this.#missingOf(digests.slice(start, start + lookUpAtOnce)));
    }
    return missing;
  }

  async read(digest: ContentDigest): Promise<Uint8Array | undefined> {
    if (isEmpty(digest)) return empty;
    return (
      (await this.#readFound(digest)) ?? (this.#doubt(digest) ? await this.#readFound(digest) : undefined)
    );
  }

  async pieces(digest: ContentDigest, { offset, limit }: Range): Promise<Iterable<Uint8Array> | undefined> {
    const length = Math.min(Math.max(0, digest.size - offset), limit === 0 ? Infinity : limit);
    if (digest.size > wholeSize) {
      const blob = await this.#largeBlob(digest);
      if (blob !== undefined) {
        if (length === digest.size) return this.#verified.pieces({ digest: blob, size: digest.size });
        if (!(await this.#verified.verify({ digest: blob, size: digest.size }))) return undefined;
        return this.#store.blobs.part(blob, offset, length);
      }
    }
    const content = await this.read(digest);
    return content && [content.subarray(offset, offset + length)];
  }

  async put(digest: ContentDigest, content: Uint8Array): Promise<boolean> {
    if (content.length !== digest.size) return false;
    const own = digestOf(content);
    const isRight = digest.function === 'blake3' ? own === digest.hash : sha256Of(content) === digest.hash;
    if (!isRight) return false;
    this.#store.blobs.putHashed(content, own);
    if (digest.function === 'blake3' && content.length <= scannedSize) {
      const scan = new PartScan();
      scan.scan(content);
      this.#store.mentions.note(own, scan);
    }
    if (digest.function === 'sha256') await this.#notes.add(own, digest);
    return true;
  }

  writer(digest: ContentDigest): ContentWriter {
    return new StoreContentWriter(digest, this.#store, this.#notes);
  }

  /** What each may be in the store. Nothing is looked at but the table of SHA-256. */
  #candidatesOf(asked: readonly ContentDigest[]): ReadonlyMap<ContentDigest, readonly Candidate[]> {
    const known = this.#findBySha256(asked);
    return new Map(
      asked.map((digest): [ContentDigest, readonly Candidate[]] => {
        if (digest.function === 'blake3') return [digest, [{ kind: 'either', digest: digest.hash }]];
        return [digest, (known.get(digest.hash) ?? []).filter(({ size }) => size === digest.size)];
      }),
    );
  }

  #findBySha256(asked: readonly ContentDigest[]): ReadonlyMap<Sha256, readonly KnownContent[]> {
    const known = new Map<Sha256, readonly KnownContent[]>();
    const others: Sha256[] = [];
    for (const digest of asked) {
      if (digest.function !== 'sha256') continue;
      const found = this.#found.get(digest.hash);
      if (found === undefined) others.push(digest.hash);
      else known.set(digest.hash, found);
    }
    if (others.length === 0) return known;
    for (const [hash, found] of this.#store.findBySha256(others)) {
      this.#found.set(hash, found, 1);
      known.set(hash, found);
    }
    return known;
  }

  /** Whether what was found by a digest was only remembered: it is not any more, so that it is looked for anew. */
  #doubt({ function: name, hash }: ContentDigest): boolean {
    if (name !== 'sha256' || this.#found.get(hash) === undefined) return false;
    this.#found.delete(hash);
    return true;
  }

  /** Those that are not there; what is there stays. */
  #missingOf(asked: readonly ContentDigest[]): readonly ContentDigest[] {
    const missing = this.#lackingOf(asked);
    const doubted = missing.filter((digest) => this.#doubt(digest));
    if (doubted.length === 0) return missing;
    const gone = new Set(this.#lackingOf(doubted));
    const found = new Set(doubted.filter((digest) => !gone.has(digest)));
    return missing.filter((digest) => !found.has(digest));
  }

  /** Of a directory in its SHA-256 form the size was compared before. */
  #lackingOf(asked: readonly ContentDigest[]): readonly ContentDigest[] {
    const candidates = this.#candidatesOf(asked);
    const all = [...candidates.values()].flat();
    const trees = this.#store.useTrees(all.flatMap(({ kind, digest }) => (kind === 'file' ? [] : [digest])));
    const isTree = ({ kind, digest }: Candidate, size: number): boolean =>
      kind === 'directory' ? trees.has(digest) : kind === 'either' && trees.get(digest) === size;
    const others = asked.filter((digest) => {
      return !isEmpty(digest) && !candidates.get(digest)?.some((each) => isTree(each, digest.size));
    });
    const files = others.flatMap((digest) => candidates.get(digest) ?? []);
    const sizes = this.#store.blobs.useSizes(
      files.flatMap(({ kind, digest }) => (kind === 'directory' ? [] : [digest])),
    );
    return others.filter(
      (digest) => !candidates.get(digest)?.some((each) => sizes.get(each.digest) === digest.size),
    );
  }

  async #readFound(digest: ContentDigest): Promise<Uint8Array | undefined> {
    for (const candidate of this.#candidatesOf([digest]).get(digest) ?? []) {
      const content = await this.#readWhole(candidate, digest);
      if (content !== undefined) return content;
    }
    return undefined;
  }

  async #readWhole(candidate: Candidate, asked: ContentDigest): Promise<Uint8Array | undefined> {
    const { kind, digest } = candidate;
    const blob = kind === 'directory' ? undefined : this.#verified.read({ digest, size: asked.size });
    return blob ?? (kind === 'file' ? undefined : await this.#readDirectory(digest, asked));
  }

  async #readDirectory(
    digest: Digest,
    { function: name, size }: ContentDigest,
  ): Promise<Uint8Array | undefined> {
    if (!this.#store.useTrees([digest]).has(digest)) return undefined;
    try {
      const encoding =
        name === 'blake3' ? this.#store.getTreeEncoding(digest) : await this.#store.sha256Encoding(digest);
      return encoding.length === size ? encoding : undefined;
    } catch (error) {
      if (isDamagedContent(error)) return undefined;
      throw error;
    }
  }

  /** The blob of content that is not to be read as a whole, if it is there as one. */
  async #largeBlob(asked: ContentDigest): Promise<Digest | undefined> {
    for (const { kind, digest } of this.#candidatesOf([asked]).get(asked) ?? []) {
      if (kind !== 'directory' && this.#store.blobs.useSize(digest) === asked.size) return digest;
    }
    return undefined;
  }
}

/** The empty content is always there, whether or not somebody has put it. */
function isEmpty({ hash, size }: ContentDigest): boolean {
  return size === 0 && emptyHashes.has(hash);
}

/** Content that comes piece by piece; under SHA-256 it is hashed with both functions. */
class StoreContentWriter implements ContentWriter {
  readonly #digest: ContentDigest;
  readonly #blob: BlobWriter;
  readonly #notes: Sha256Notes;
  readonly #mentions: PossibleMentions;
  readonly #sha256: Sha256Hasher | undefined;
  readonly #scan: PartScan | undefined;
  #written = 0;

  constructor(digest: ContentDigest, store: Store, notes: Sha256Notes) {
    this.#digest = digest;
    this.#blob = store.blobs.writer();
    this.#notes = notes;
    this.#mentions = store.mentions;
    if (digest.function === 'sha256') this.#sha256 = new Sha256Hasher();
    else if (digest.size <= scannedSize) this.#scan = new PartScan();
  }

  get written(): number {
    return this.#written;
  }

  write(piece: Uint8Array): void {
    this.#written += piece.length;
    // What is too long cannot be right any more, and takes no room.
    if (this.#written > this.#digest.size) {
      this.#blob.abort();
      return;
    }
    this.#sha256?.update(piece);
    this.#scan?.scan(piece);
    this.#blob.write(piece);
  }

  async finish(): Promise<boolean> {
    if (this.#written !== this.#digest.size) {
      this.#blob.abort();
      return false;
    }
    if (this.#digest.function === 'blake3') return this.#finishOwn(this.#digest.hash);
    if (this.#sha256?.digest() !== this.#digest.hash) {
      this.#blob.abort();
      return false;
    }
    const { digest } = this.#blob.finish();
    await this.#notes.add(digest, this.#digest);
    return true;
  }

  abandon(): void {
    this.#blob.abort();
  }

  #finishOwn(digest: Digest): boolean {
    const isRight = this.#blob.finishAs(digest);
    if (isRight && this.#scan !== undefined) this.#mentions.note(digest, this.#scan);
    return isRight;
  }
}
