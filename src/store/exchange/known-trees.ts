import type { Digest, StorePath } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type { Outputs } from '../outputs.ts';
import type { TreeSummary } from './tree-summaries.ts';

/** How much is kept in mind: a directory counts for one, and for one more with each hash part that it may mention. */
const rememberedLimit = 1 << 18;

/** A directory of an output that was recorded. */
interface KnownTree {
  readonly summary: TreeSummary;
  readonly holder: StorePath;
}

/**
 * Directories of outputs that came from other stores, so that of the next output, which is mostly like one before, only what is new is
 * looked at. What is in them is there as long as the output is that holds them.
 */
export class KnownTrees {
  readonly #known = new BoundedCache<Digest, KnownTree>(rememberedLimit);

  summaryOf(digest: Digest): TreeSummary | undefined {
    return this.#known.get(digest)?.summary;
  }

  /** Notes a directory of an output that is recorded. */
  note(digest: Digest, summary: TreeSummary, holder: StorePath): void {
    this.#known.set(digest, { summary, holder }, 1 + (summary.parts?.length ?? 0));
  }

  /** Those of the directories of which it is not known that they are there with all that is in them; the others stay. */
  others(asked: readonly BlobReference[], outputs: Outputs): readonly BlobReference[] {
    const holders = new Map(
      asked.flatMap(({ digest, size }) => {
        const known = this.#known.get(digest);
        return known?.summary.encodingSize === size ? [[digest, known.holder] as const] : [];
      }),
    );
    if (holders.size === 0) return asked;
    const there = outputs.use(new Set(holders.values()));
    return asked.filter(({ digest }) => {
      const holder = holders.get(digest);
      return holder === undefined || !there.has(holder);
    });
  }
}
