import type { Digest, StorePath } from '../../foundation/index.ts';
import type { Metadata } from '../metadata.ts';
import { blobFiles, bytesOnDisk, statusOf } from './blob-files.ts';
import { type JudgedOutput, judgeOutputs } from './judgement.ts';
import { Marking, firstOutputRank, liveRank, looseRank } from './marking.ts';
import type { Pace } from './pace.ts';
import { databaseFileBytes, logBytes } from './size.ts';

/** An output that is to go. */
export interface PlannedOutput {
  readonly path: StorePath;
  /** When it, or what refers to it, was last used, in milliseconds since 1970; 0 where nobody noted it. */
  readonly usedMs: number;
  /** What comes free with it on disk, in bytes: what it shares with something that stays, or goes later, is not in it. */
  readonly bytes: number;
}

/** What a collection is about to do. */
export interface CollectionPlan {
  /** In the order in which they go. */
  readonly outputs: readonly PlannedOutput[];
  /** What no output holds: it goes first. */
  readonly loose: { readonly blobs: number; readonly directories: number; readonly bytes: number };
  /** All that comes free on disk. */
  readonly bytes: number;
  /** What the store takes on disk before; undefined where nobody wants to know. */
  readonly storeBytes: number | undefined;
  /** How many outputs stay. */
  readonly kept: number;
}

/** How much is to go. */
export interface CollectionLimits {
  /** The size that the store may have, in bytes. */
  readonly keepBytes?: number | undefined;
  /** How much is to come free, in bytes, before the collection stops. */
  readonly maxFreeBytes?: number | undefined;
}

/** A plan with what is needed to carry it out. */
export interface Survey {
  readonly plan: CollectionPlan;
  readonly outputs: readonly JudgedOutput[];
  readonly marking: Marking;
  /** The highest rank that goes. */
  readonly rank: number;
  /** What was used at this time or later stays, in milliseconds since 1970. */
  readonly usedMs: number;
}

export interface SurveyOptions extends CollectionLimits {
  readonly store: string;
  readonly metadata: Metadata;
  readonly roots: ReadonlySet<StorePath>;
  /** What was used at this time or later stays, in milliseconds since 1970. */
  readonly boundaryMs: number;
  readonly pace: Pace;
}

/** Looks at what there is, and says what goes. */
export async function survey(options: SurveyOptions): Promise<Survey> {
  const { metadata, roots, boundaryMs, pace } = options;
  const { live, dead } = judgeOutputs(metadata, roots, boundaryMs);
  const marking = new Marking(metadata, pace);
  for (const { tree } of live) await marking.mark(tree, liveRank);
  for (const digest of usedTrees(metadata, boundaryMs)) await marking.mark(digest, liveRank);
  for (const [index, { tree }] of [...dead.entries()].toReversed()) {
    await marking.mark(tree, firstOutputRank + index);
  }
  for (const digest of allTrees(metadata)) await marking.mark(digest, looseRank);
  const weight = await weigh(options, marking);
  const count = countOf(weight, options, dead.length);
  const outputs = dead.slice(0, count);
  const rank = firstOutputRank + count - 1;
  const planned = outputs.map(({ path: output, usedMs }, index) => ({
    path: output,
    usedMs,
    bytes: weight.bytes[firstOutputRank + index] ?? 0,
  }));
  const loose = {
    blobs: weight.looseBlobs,
    directories: marking.upTo(looseRank).length,
    bytes: weight.looseBytes,
  };
  const bytes = planned.reduce((sum, output) => sum + output.bytes, loose.bytes);
  const kept = live.length + dead.length - count;
  const storeBytes = options.keepBytes === undefined ? undefined : weight.storeBytes;
  const plan = { outputs: planned, loose, bytes, storeBytes, kept };
  return { plan, outputs, marking, rank, usedMs: boundaryMs };
}

/** The directories that a running work has put or found lately; no output may hold them yet. */
export function usedTrees(metadata: Metadata, boundaryMs: number): Digest[] {
  return metadata
    .all('SELECT digest FROM trees WHERE used >= ?', boundaryMs)
    .map((row) => row['digest'] as Digest);
}

function allTrees(metadata: Metadata): Digest[] {
  return metadata.all('SELECT digest FROM trees').map((row) => row['digest'] as Digest);
}

interface Weight {
  /** What comes free with each rank, in bytes. */
  readonly bytes: readonly number[];
  readonly looseBlobs: number;
  readonly looseBytes: number;
  /** What the store takes as a whole; 0 where nobody wants to know. */
  readonly storeBytes: number;
}

async function weigh(
  { store, boundaryMs, pace, keepBytes }: SurveyOptions,
  marking: Marking,
): Promise<Weight> {
  const bytes: number[] = [];
  let [looseBlobs, looseBytes] = [0, 0];
  let storeBytes = keepBytes === undefined ? 0 : databaseFileBytes(store) + logBytes(store);
  for (const { digest, file } of blobFiles(store)) {
    await pace.rest();
    const rank = marking.blobs.get(digest);
    if (rank === liveRank && keepBytes === undefined) continue;
    const status = statusOf(file);
    if (status === undefined) continue;
    const size = bytesOnDisk(status);
    storeBytes += size;
    if (rank === liveRank || status.atimeMs >= boundaryMs) continue;
    if (rank > looseRank) {
      bytes[rank] = (bytes[rank] ?? 0) + size;
      continue;
    }
    looseBlobs++;
    looseBytes += size;
  }
  return { bytes, looseBlobs, looseBytes, storeBytes };
}

/** How many outputs go, from the first one on: what is loose goes before them. */
function countOf(weight: Weight, { keepBytes, maxFreeBytes }: CollectionLimits, limit: number): number {
  let free = weight.looseBytes;
  for (let count = 0; count < limit; count++) {
    if (maxFreeBytes !== undefined && free >= maxFreeBytes) return count;
    if (keepBytes !== undefined && weight.storeBytes - free <= keepBytes) return count;
    free += weight.bytes[firstOutputRank + count] ?? 0;
  }
  return limit;
}
