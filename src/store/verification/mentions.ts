import {
  type Digest,
  type HashPart,
  hashPartLength,
  parseHashPart,
  storeFolder,
} from '../../foundation/index.ts';
import type { Blobs } from '../blobs.ts';
import { type Directory, entriesOf } from '../directory.ts';
import { ReferenceScanner } from '../reference-scanner.ts';

/** What content mentions of the store: hash parts that are known, and whether it names a path that is not. */
export interface Mentions {
  readonly known: ReadonlySet<HashPart>;
  readonly namesUnknown: boolean;
}

const beginning = Buffer.from(`${storeFolder}/`);
const pathLength = beginning.length + hashPartLength;

/** Reads again what trees mention. What was found of a file or directory is kept. */
export class MentionReader {
  readonly #blobs: Blobs;
  readonly #readTree: (digest: Digest) => Directory;
  readonly #candidates: ReadonlySet<HashPart>;
  readonly #scanner: ReferenceScanner;
  readonly #found = new Map<Digest, Mentions>();

  constructor(blobs: Blobs, readTree: (digest: Digest) => Directory, candidates: ReadonlySet<HashPart>) {
    this.#blobs = blobs;
    this.#readTree = readTree;
    this.#candidates = candidates;
    this.#scanner = new ReferenceScanner(candidates);
  }

  ofTree(digest: Digest): Mentions {
    const found = this.#found.get(digest);
    if (found !== undefined) return found;
    const directory = this.#readTree(digest);
    const all: Mentions[] = [];
    for (const entry of entriesOf(directory)) {
      all.push(this.#scan([Buffer.from(entry.name)]));
      if ('target' in entry) all.push(this.#scan([Buffer.from(entry.target)]));
      else all.push('executable' in entry ? this.#ofBlob(entry.digest) : this.ofTree(entry.digest));
    }
    const mentions = together(all);
    this.#found.set(digest, mentions);
    return mentions;
  }

  #ofBlob(digest: Digest): Mentions {
    const found = this.#found.get(digest) ?? this.#scan(this.#blobs.chunks(digest));
    this.#found.set(digest, found);
    return found;
  }

  #scan(chunks: Iterable<Uint8Array>): Mentions {
    const stream = this.#scanner.stream();
    let namesUnknown = false;
    let held = Buffer.alloc(0);
    for (const chunk of chunks) {
      stream.scan(chunk);
      const content = Buffer.concat([held, chunk]);
      namesUnknown ||= this.#namesUnknown(content);
      held = Buffer.from(content.subarray(Math.max(0, content.length - pathLength + 1)));
    }
    return { known: stream.found, namesUnknown };
  }

  #namesUnknown(content: Buffer): boolean {
    for (let at = content.indexOf(beginning); at !== -1; at = content.indexOf(beginning, at + 1)) {
      const part = parseHashPart(content.toString('latin1', at + beginning.length, at + pathLength));
      if (part !== undefined && !this.#candidates.has(part)) return true;
    }
    return false;
  }
}

const nothing: Mentions = { known: new Set(), namesUnknown: false };

function together(all: readonly Mentions[]): Mentions {
  const some = all.filter(({ known, namesUnknown }) => known.size > 0 || namesUnknown);
  if (some.length === 0) return nothing;
  return {
    known: new Set(some.flatMap(({ known }) => [...known])),
    namesUnknown: some.some(({ namesUnknown }) => namesUnknown),
  };
}
