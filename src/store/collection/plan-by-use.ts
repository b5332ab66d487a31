import type { Digest } from '../../foundation/index.ts';
import type { Metadata } from '../metadata.ts';
import { Ages } from './ages.ts';
import { blobFiles, bytesOnDisk, statusOf } from './blob-files.ts';
import { type JudgedOutput, judgeOutputs } from './judgement.ts';
import { Marking, liveRank } from './marking.ts';
import { databaseBytes, logBytes } from './size.ts';
import {
  type CollectionPlan,
  type PlannedOutput,
  type Survey,
  type SurveyOptions,
  usedTrees,
} from './plan.ts';

/** What a row takes besides its content, with its share of the indexes, in bytes. */
const rowBytes = 200;
/** How many rows are read at once. */
const rowsAtOnce = 2048;

/** What holds content until it goes itself: an output, or a directory that was put. */
interface Holder {
  readonly tree: Digest;
  /** When it was last used, in milliseconds since 1970. */
  readonly usedMs: number;
}

interface TreeRow extends Holder {
  readonly bytes: number;
}

/**
 * Finds the time before which all that was last used then has to go, so that the store is as large as it may be: outputs, directories and
 * blobs that no output holds, results of actions. What is held by something that stays, stays.
 */
export async function surveyByUse(options: SurveyOptions): Promise<Survey> {
  const { metadata, roots, boundaryMs, pace, keepBytes, maxFreeBytes } = options;
  const { live, dead } = judgeOutputs(metadata, roots, boundaryMs);
  const marking = new Marking(metadata, pace);
  for (const { tree } of live) await marking.mark(tree, liveRank);
  for (const digest of usedTrees(metadata, boundaryMs)) await marking.mark(digest, liveRank);
  const rows = await treeRows(options);
  const holders = [...dead, ...rows].toSorted((a, b) => a.usedMs - b.usedMs);
  // The rank is the place among the holders, from 1 on: whichever goes last is the one that counts.
  for (let rank = holders.length; rank > 0; rank--) {
    await marking.mark((holders[rank - 1] as Holder).tree, rank);
  }
  const weight = new Weight(options, { holders, marking });
  await weight.add(rows);
  const toFree = keepBytes === undefined ? Number.POSITIVE_INFINITY : weight.storeBytes - keepBytes;
  const usedMs = Math.min(boundaryMs, weight.all.timeOf(Math.min(toFree, maxFreeBytes ?? toFree)));
  const outputs = dead.filter((output) => output.usedMs < usedMs);
  const plan = { ...weight.plan(outputs, usedMs), kept: live.length + dead.length - outputs.length };
  return { plan, outputs, marking, rank: holders.findLastIndex((each) => each.usedMs < usedMs) + 1, usedMs };
}

async function treeRows({ metadata, boundaryMs, pace }: SurveyOptions): Promise<TreeRow[]> {
  const page = `SELECT id, digest, used, length(encoding) AS size FROM trees WHERE id > ? ORDER BY id LIMIT ${rowsAtOnce}`;
  const found: TreeRow[] = [];
  for (const rows of metadata.pages(page, 'id', 0)) {
    for (const row of rows) {
      const [tree, usedMs] = [row['digest'] as Digest, row['used'] as number];
      if (usedMs < boundaryMs) found.push({ tree, usedMs, bytes: (row['size'] as number) + rowBytes });
    }
    await pace.rest();
  }
  return found;
}

/** What there is, by when it was last used, itself or by what holds it. */
class Weight {
  readonly all = new Ages();
  storeBytes = 0;
  readonly #blobs = new Ages();
  readonly #trees = new Ages();
  /** What comes free with each holder, in bytes. */
  readonly #held: Float64Array;
  readonly #options: SurveyOptions;
  readonly #holders: readonly Holder[];
  readonly #marking: Marking;

  constructor(
    options: SurveyOptions,
    { holders, marking }: { readonly holders: readonly Holder[]; readonly marking: Marking },
  ) {
    this.#options = options;
    this.#holders = holders;
    this.#marking = marking;
    this.#held = new Float64Array(holders.length + 1);
  }

  async add(rows: readonly TreeRow[]): Promise<void> {
    const { store, metadata, pace } = this.#options;
    this.storeBytes = databaseBytes(metadata) + logBytes(store);
    for (const { tree, bytes } of rows) {
      const rank = this.#marking.rankOf(tree);
      if (rank === liveRank) continue;
      this.all.add(this.#usedMs(rank), bytes);
      this.#trees.add(this.#usedMs(rank), bytes);
      await pace.rest();
    }
    for (const { digest, file } of blobFiles(store)) {
      this.#addBlob(digest, file);
      await pace.rest();
    }
    for (const { usedMs, bytes } of results(metadata)) this.all.add(usedMs, bytes);
  }

  plan(outputs: readonly JudgedOutput[], usedMs: number): Omit<CollectionPlan, 'kept'> {
    const held = new Map<Holder, number>();
    for (const [index, holder] of this.#holders.entries()) held.set(holder, this.#held[index + 1] as number);
    const planned = outputs.map((output): PlannedOutput => {
      return { path: output.path, usedMs: output.usedMs, bytes: held.get(output) ?? 0 };
    });
    const { bytes } = this.all.before(usedMs);
    const loose = {
      blobs: this.#blobs.before(usedMs).count,
      directories: this.#trees.before(usedMs).count,
      bytes: bytes - planned.reduce((sum, output) => sum + output.bytes, 0),
    };
    return { outputs: planned, loose, bytes, storeBytes: this.storeBytes };
  }

  #addBlob(digest: Digest, file: string): void {
    const status = statusOf(file);
    if (status === undefined) return;
    const bytes = bytesOnDisk(status);
    this.storeBytes += bytes;
    const rank = this.#marking.blobs.get(digest);
    const heldMs = this.#usedMs(rank);
    const usedMs = Math.max(heldMs, status.atimeMs);
    if (usedMs >= this.#options.boundaryMs) return;
    this.all.add(usedMs, bytes);
    if (heldMs < usedMs) this.#blobs.add(usedMs, bytes);
    else this.#held[rank] = (this.#held[rank] as number) + bytes;
  }

  #usedMs(rank: number): number {
    if (rank === liveRank) return Number.POSITIVE_INFINITY;
    return this.#holders[rank - 1]?.usedMs ?? 0;
  }
}

function results(metadata: Metadata): readonly { readonly usedMs: number; readonly bytes: number }[] {
  const rows = metadata.all('SELECT used, length(result) AS size FROM action_results');
  return rows.map((row) => ({ usedMs: row['used'] as number, bytes: (row['size'] as number) + rowBytes }));
}
