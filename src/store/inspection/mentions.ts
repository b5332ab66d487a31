import { type Digest, type HashPart, compareCodePoints } from '../../foundation/index.ts';
import { entriesOf } from '../directory.ts';
import type { Store } from '../store.ts';
import { type ContentMention, findInContent } from './content-mention.ts';

/** A place in a tree where a hash part stands. */
export type Mention =
  | ({ readonly in: 'content' } & Placed & ContentMention)
  | ({ readonly in: 'target'; readonly text: string } & Placed)
  /** In the name of the entry itself. */
  | ({ readonly in: 'name' } & Placed);

interface Placed {
  /** From the top of the tree, such as `/bin/run`; `/` where the tree is that file or link alone. */
  readonly path: string;
  /** How often it stands there. */
  readonly count: number;
}

/** Where in trees of the store a hash part is mentioned. Each blob is read once. */
export class MentionFinder {
  readonly #store: Store;
  readonly #hashPart: HashPart;
  readonly #blobs = new Map<Digest, ContentMention | undefined>();

  constructor(store: Store, hashPart: HashPart) {
    this.#store = store;
    this.#hashPart = hashPart;
  }

  /** In the order of the paths. */
  *in(tree: Digest, top = ''): Generator<Mention> {
    const entries = [...entriesOf(this.#store.getTree(tree))];
    for (const entry of entries.toSorted((one, other) => compareCodePoints(one.name, other.name))) {
      const path = `${top}/${entry.name}`;
      const inName = countOf(entry.name, this.#hashPart);
      if (inName > 0) yield { path, in: 'name', count: inName };
      if ('target' in entry) yield* this.#inTarget(path, entry.target);
      else if ('executable' in entry) yield* this.#inBlob(path, entry.digest);
      else yield* this.in(entry.digest, path);
    }
  }

  *#inTarget(path: string, target: string): Generator<Mention> {
    const count = countOf(target, this.#hashPart);
    if (count > 0) yield { path, in: 'target', text: target, count };
  }

  *#inBlob(path: string, digest: Digest): Generator<Mention> {
    if (!this.#blobs.has(digest)) {
      this.#blobs.set(digest, findInContent(this.#store.blobs.chunks(digest), this.#hashPart));
    }
    const found = this.#blobs.get(digest);
    if (found !== undefined) yield { path, in: 'content', ...found };
  }
}

function countOf(text: string, hashPart: HashPart): number {
  return text.split(hashPart).length - 1;
}
