import type { Digest } from '../../foundation/index.ts';
import { decodeDirectory } from '../directory-encoding.ts';
import type { Directory } from '../directory.ts';
import { cannotTell } from '../faults.ts';
import type { Metadata } from '../metadata.ts';
import { BlobRanks } from './blob-ranks.ts';
import type { Pace } from './pace.ts';

const repairHint = "run 'cab store verify --repair' first: nothing was removed";

/** The rank of what stays. */
export const liveRank = 0x7fff_ffff;
/** The rank of what no output holds: its writer was interrupted, or what held it is gone. */
export const looseRank = 1;
/** The rank of the output that goes first; the next ones follow. */
export const firstOutputRank = 2;

/**
 * Gives each directory and each blob the rank of the last output that holds it. Blobs that no directory holds have no rank, which
 * counts as 0.
 */
export class Marking {
  readonly blobs = new BlobRanks();
  readonly #ranks = new Map<Digest, number>();
  /** The directories that may go, children before what holds them. */
  readonly #mortal: Digest[] = [];
  readonly #metadata: Metadata;
  readonly #pace: Pace;

  constructor(metadata: Metadata, pace: Pace) {
    this.#metadata = metadata;
    this.#pace = pace;
  }

  /**
   * Ranks a tree as far as it has no rank yet: the last outputs come first. Directories that are not there are passed over.
   *
   * @throws DiagnosticError CAB5020 where a directory that is not to go cannot be read.
   */
  async mark(root: Digest, rank: number): Promise<void> {
    const way: { readonly digest: Digest; readonly children: Digest[] }[] = [];
    const enter = (digest: Digest): void => {
      if (this.#ranks.has(digest)) return;
      this.#ranks.set(digest, rank);
      const directory = this.#read(digest, rank);
      for (const file of directory?.files ?? []) this.blobs.setFirst(file.digest, rank);
      way.push({ digest, children: (directory?.directories ?? []).map((child) => child.digest) });
    };
    enter(root);
    for (let last = way.at(-1); last !== undefined; last = way.at(-1)) {
      await this.#pace.rest();
      const child = last.children.pop();
      if (child !== undefined) {
        enter(child);
        continue;
      }
      if (rank !== liveRank) this.#mortal.push(last.digest);
      way.pop();
    }
  }

  /** Has a tree stay that was to go. */
  async keep(root: Digest): Promise<void> {
    const waiting = [root];
    for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
      if (this.#ranks.get(digest) === liveRank) continue;
      this.#ranks.set(digest, liveRank);
      const directory = this.#read(digest, liveRank);
      for (const file of directory?.files ?? []) this.blobs.set(file.digest, liveRank);
      for (const child of directory?.directories ?? []) waiting.push(child.digest);
      await this.#pace.rest();
    }
  }

  /** The directories up to a rank, each before what it holds. */
  upTo(rank: number): Digest[] {
    return this.#mortal.filter((digest) => (this.#ranks.get(digest) as number) <= rank).toReversed();
  }

  /** The rank of a directory, or 0 where it has none. */
  rankOf(digest: Digest): number {
    return this.#ranks.get(digest) ?? 0;
  }

  has(digest: Digest): boolean {
    return this.#ranks.has(digest);
  }

  #read(digest: Digest, rank: number): Directory | undefined {
    const row = this.#metadata.get('SELECT encoding FROM trees WHERE digest = ?', digest);
    if (row === undefined) return undefined;
    try {
      return decodeDirectory(row['encoding'] as Uint8Array);
    } catch (error) {
      if (rank !== liveRank) return undefined;
      throw cannotTell(`the directory ${digest}`, {
        reason: 'it is damaged',
        hint: repairHint,
        cause: error,
      });
    }
  }
}
