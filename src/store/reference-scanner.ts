import { type Digest, type HashPart, hashPartLength } from '../foundation/index.ts';

/** 1 for the bytes of base32 characters. */
const isBase32 = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyz234567') isBase32[character.charCodeAt(0)] = 1;

/**
 * Finds which of some hash parts content mentions. A hash part is 52 base32 characters, and runs of that length are
 * rare, so the scan looks at the last character that one could have and mostly skips the rest.
 */
export class ReferenceScanner {
  readonly #candidates: ReadonlySet<string>;
  /** One bit for each possible beginning of three characters: spares most look-ups within long runs. */
  readonly #beginnings = new Uint8Array(1 << 15);
  readonly #found = new Set<HashPart>();
  readonly #blobs = new Map<HashPart, Set<Digest>>();
  readonly #stream: ScanStream;

  constructor(candidates: Iterable<HashPart>) {
    this.#candidates = new Set(candidates);
    for (const candidate of this.#candidates) this.#beginnings[beginningOf(Buffer.from(candidate), 0)] = 1;
    this.#stream = this.stream();
  }

  /** Scans the next piece of one content; what lies across two pieces is found too. */
  scan(chunk: Uint8Array): void {
    this.#stream.scan(chunk);
  }

  /** What all content together mentioned so far. */
  found(): ReadonlySet<HashPart> {
    return this.#found;
  }

  /** Which of the blobs that were put with this scanner mention the hash part. */
  blobsWith(hashPart: HashPart): ReadonlySet<Digest> {
    return this.#blobs.get(hashPart) ?? new Set();
  }

  /** A scan of one more content, whose pieces may come between those of others. */
  stream(): ScanStream {
    return new ScanStream((content, found) => this.#scanWhole(content, found), this.#candidates.size);
  }

  /** Notes what a finished blob mentions. */
  record(stream: ScanStream, digest: Digest): void {
    for (const hashPart of stream.found) {
      this.#found.add(hashPart);
      const blobs = this.#blobs.get(hashPart);
      if (blobs === undefined) this.#blobs.set(hashPart, new Set([digest]));
      else blobs.add(digest);
    }
  }

  #scanWhole(content: Uint8Array, found: Set<HashPart>): void {
    const last = content.length - hashPartLength;
    let start = 0;
    while (start <= last) {
      let position = start + hashPartLength - 1;
      while (position >= start && isBase32[content[position] as number] === 1) position--;
      if (position >= start) {
        start = position + 1;
        continue;
      }
      // Within a run longer than a hash part, each further step needs a look at one new character only.
      do this.#look(content, start++, found);
      while (start <= last && isBase32[content[start + hashPartLength - 1] as number] === 1);
      start += hashPartLength;
    }
  }

  #look(content: Uint8Array, start: number, found: Set<HashPart>): void {
    if (this.#beginnings[beginningOf(content, start)] !== 1) return;
    const text = Buffer.from(content.buffer, content.byteOffset + start, hashPartLength).toString('latin1');
    if (!this.#candidates.has(text)) return;
    found.add(text as HashPart);
    this.#found.add(text as HashPart);
  }
}

/** The scan of one content that comes piece by piece. */
export class ScanStream {
  /** What this content mentions. */
  readonly found = new Set<HashPart>();
  readonly #scanWhole: (content: Uint8Array, found: Set<HashPart>) => void;
  readonly #candidates: number;
  #tail: Uint8Array = new Uint8Array(0);

  constructor(scanWhole: (content: Uint8Array, found: Set<HashPart>) => void, candidates: number) {
    this.#scanWhole = scanWhole;
    this.#candidates = candidates;
  }

  scan(chunk: Uint8Array): void {
    if (this.found.size === this.#candidates) return;
    const overlap = hashPartLength - 1;
    if (this.#tail.length > 0)
      this.#scanWhole(concatenate(this.#tail, chunk.subarray(0, overlap)), this.found);
    this.#scanWhole(chunk, this.found);
    this.#tail =
      chunk.length >= overlap
        ? chunk.slice(chunk.length - overlap)
        : concatenate(this.#tail, chunk).slice(-overlap);
  }
}

function concatenate(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

function beginningOf(content: Uint8Array, start: number): number {
  const first = (content[start] as number) & 31;
  const second = (content[start + 1] as number) & 31;
  return (first << 10) | (second << 5) | ((content[start + 2] as number) & 31);
}
