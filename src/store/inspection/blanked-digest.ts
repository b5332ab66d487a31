import {
  type Digest,
  DigestHasher,
  type StorePath,
  hashPartLength,
  hashPartOfStorePath,
  nameOfStorePath,
  storeNameLengthLimit,
} from '../../foundation/index.ts';
import { packageNameOf } from './package-name.ts';
import { joined } from './joined.ts';

/** The end of a piece that is kept for the next one: an entry's name may have begun in it. */
const heldSize = hashPartLength + 1 + storeNameLengthLimit;

/** 1 for the bytes that hash parts are made of. */
const isBase32 = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyz234567') isBase32[character.charCodeAt(0)] = 1;

/** What a mention is made of, and what stands for it. */
interface Blank {
  /** What stands behind the hash part where the whole name is mentioned. */
  readonly suffix: Buffer;
  /** The name without hash and version, between bytes that no text has. */
  readonly replacement: Buffer;
}

/** Hashes content with the names of some store paths in it blanked, but for what package they are of. */
export class BlankedDigests {
  readonly #blanks: ReadonlyMap<string, Blank>;

  constructor(paths: Iterable<StorePath>) {
    this.#blanks = new Map(
      [...paths].map((path) => [
        hashPartOfStorePath(path),
        {
          suffix: Buffer.from(`-${nameOfStorePath(path)}`),
          replacement: Buffer.from(`\0cab store path ${packageNameOf(path).name}\0`),
        },
      ]),
    );
  }

  of(chunks: Iterable<Uint8Array>): Digest {
    const hasher = new DigestHasher();
    let held = Buffer.alloc(0);
    for (const chunk of chunks) {
      const content = joined(held, chunk);
      held = Buffer.from(this.#hash(hasher, content, content.length - heldSize));
    }
    this.#hash(hasher, held, held.length);
    return hasher.digest();
  }

  /** Hashes up to `end`, and answers what is left; a mention that begins before it is hashed whole. */
  #hash(hasher: DigestHasher, content: Buffer, end: number): Buffer {
    let done = 0;
    for (let at = nextRun(content, 0); at < end && at !== -1;) {
      const blank = this.#blanks.get(content.toString('latin1', at, at + hashPartLength));
      if (blank === undefined) {
        at = nextInRun(content, at);
        continue;
      }
      hasher.update(content.subarray(done, at)).update(blank.replacement);
      done = at + hashPartLength;
      if (content.subarray(done, done + blank.suffix.length).equals(blank.suffix))
        done += blank.suffix.length;
      at = nextRun(content, done);
    }
    const rest = Math.max(done, end);
    hasher.update(content.subarray(done, rest));
    return content.subarray(rest);
  }
}

/** The next place behind one where as many characters stand: within a longer run one more has to be looked at. */
function nextInRun(content: Uint8Array, at: number): number {
  const behind = at + hashPartLength;
  if (behind >= content.length) return -1;
  return isBase32[content[behind] as number] === 1 ? at + 1 : nextRun(content, behind + 1);
}

/** Where at or behind `from` so many characters of base32 stand in a row as a hash part has; -1 where nowhere. */
function nextRun(content: Uint8Array, from: number): number {
  let start = from;
  while (start + hashPartLength <= content.length) {
    let at = start + hashPartLength - 1;
    while (at >= start && isBase32[content[at] as number] === 1) at--;
    if (at < start) return start;
    start = at + 1;
  }
  return -1;
}
