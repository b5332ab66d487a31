import type { StorePath } from '../../foundation/index.ts';
import type { Blobs } from '../blobs.ts';
import { cannotTell, diskFault } from '../faults.ts';
import type { Locks } from '../lock.ts';
import type { Metadata } from '../metadata.ts';
import type { Outputs } from '../outputs.ts';
import { type LockReader, RootLook, type RootState, type Roots } from '../roots.ts';
import type { Session } from '../session.ts';
import type { Trees } from '../trees.ts';
import { blobFiles } from './blob-files.ts';
import { Condemned, blobsAtOnce, recoverBlobs } from './blobs-sweep.ts';
import { Boundary } from './boundary.ts';
import { recoverLogs, removeLogs } from './logs-sweep.ts';
import { moveFoldersAway } from './folders-sweep.ts';
import { outputsAtOnce, removeOutputs } from './outputs-sweep.ts';
import { Pace } from './pace.ts';
import { type CollectionLimits, type CollectionPlan, type Survey, survey } from './plan.ts';
import { surveyByUse } from './plan-by-use.ts';
import { removeRecords, removeResults } from './records-sweep.ts';
import { keptByRoots } from './kept-by-roots.ts';
import { removeTrees, treesAtOnce } from './trees-sweep.ts';

const dayMs = 24 * 3600 * 1000;
/** How long it stays known what an output was, and what a build said, once nobody asks for it any more, in milliseconds. */
const knowledgeMs = 90 * dayMs;

export interface CollectionOptions extends CollectionLimits {
  readonly readLock: LockReader;
  /**
   * What goes first: what no output holds, or, of all that there is, what was used least recently. The latter is for a store that serves, to
   * which others bring content before anything of it is an output.
   */
  readonly order?: 'loose-first' | 'by-use';
  /** Whether to work at full speed though others have the store open, since somebody waits for the room; asked again and again. */
  readonly isUrgent?: () => boolean;
  /** Only what was not used for so long goes, in milliseconds. */
  readonly olderThanMs?: number | undefined;
  /** Ends with the plan. */
  readonly isDryRun?: boolean;
  readonly signal?: AbortSignal;
  /** Told once, where another collection is at work, which process that is; this one waits for it. */
  readonly onWait?: (holder: string) => void;
  /** The time in milliseconds since 1970, where it is not to be the system's. */
  readonly now?: () => number;
}

/** What a collection has just done, or is about to. */
export type CollectionStep =
  /** What it is about to do: nothing was removed before. */
  | { readonly kind: 'planned'; readonly plan: CollectionPlan }
  | { readonly kind: 'output-removed'; readonly path: StorePath }
  /** It was to go, and somebody has used it since. */
  | { readonly kind: 'output-kept'; readonly path: StorePath }
  | { readonly kind: 'directories-removed'; readonly count: number }
  /** Nobody has used these blobs since the boundary: they are next. */
  | { readonly kind: 'blobs-chosen'; readonly count: number }
  /** They are out of the way, and come back where they are used now. */
  | { readonly kind: 'blobs-condemned'; readonly count: number }
  | { readonly kind: 'blobs-removed'; readonly count: number; readonly bytes: number }
  /** What actions of others came to. */
  | { readonly kind: 'results-removed'; readonly count: number }
  | { readonly kind: 'logs-removed'; readonly count: number; readonly bytes: number }
  | { readonly kind: 'records-removed'; readonly count: number }
  | { readonly kind: 'root-dropped'; readonly path: string };

export interface CollectedStore {
  readonly folder: string;
  readonly metadata: Metadata;
  readonly session: Session;
  readonly locks: Locks;
  readonly blobs: Blobs;
  readonly trees: Trees;
  readonly outputs: Outputs;
  readonly roots: Roots;
}

/**
 * Removes what nothing keeps, a little at a time: iterate over it until it ends. It may be given up, or killed, between any two
 * steps and within them. docs/reference/garbage-collection.md says why that harms nobody.
 */
export class Collection implements AsyncIterable<CollectionStep> {
  readonly #store: CollectedStore;
  readonly #options: CollectionOptions;
  readonly #nowMs: number;

  constructor(store: CollectedStore, options: CollectionOptions) {
    this.#store = store;
    this.#options = options;
    this.#nowMs = (options.now ?? Date.now)();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CollectionStep> {
    try {
      yield* this.#steps();
    } catch (error) {
      throw diskFault(this.#store.folder, firstOf(error));
    }
  }

  async *#steps(): AsyncGenerator<CollectionStep> {
    const { folder, session, locks } = this.#store;
    const { signal, onWait, isDryRun, olderThanMs } = this.#options;
    using _lock = await locks.take('collection', {
      ...(signal && { signal }),
      ...(onWait && { onWait }),
    });
    using boundary = new Boundary(folder, session);
    const pace = new Pace(folder, boundary.own, { signal, isUrgent: this.#options.isUrgent });
    const oldestMs = olderThanMs === undefined ? Number.POSITIVE_INFINITY : this.#nowMs - olderThanMs;
    const boundaryMs = Math.min(boundary.usedMs, oldestMs);
    recoverBlobs(folder);
    recoverLogs(folder);
    const { states, kept } = this.#lookAtRoots();
    const { metadata } = this.#store;
    const { keepBytes, maxFreeBytes } = this.#options;
    const limits = { keepBytes, maxFreeBytes };
    const look = this.#options.order === 'by-use' ? surveyByUse : survey;
    const found = await look({ store: folder, metadata, roots: kept, boundaryMs, pace, ...limits });
    yield { kind: 'planned', plan: found.plan };
    if (isDryRun === true) return;
    yield* this.#dropRoots(states);
    if (found.plan.bytes === 0 && this.#options.order === 'by-use') return;
    const condemned = new Condemned(folder, found.usedMs);
    yield* this.#removeOutputs(found, pace);
    await condemned.removeFolders(pace);
    yield* this.#removeTrees(found, pace);
    try {
      yield* this.#removeBlobs(found, condemned, pace);
    } finally {
      condemned.putBack();
    }
    yield* this.#removeResults(found, pace);
    yield* this.#removeRest(pace);
  }

  /** @throws DiagnosticError CAB5020 where one cannot be read. */
  #lookAtRoots(): { readonly states: readonly RootState[]; readonly kept: ReadonlySet<StorePath> } {
    const { folder, metadata, roots } = this.#store;
    const look = new RootLook({ metadata, store: folder, readLock: this.#options.readLock });
    const states = roots.all().map((root) => look.stateOf(root));
    for (const { path, state, reason } of states) {
      if (state !== 'unreadable') continue;
      throw cannotTell(`'${path}'`, { reason: reason ?? '', hint: unreadableHint(path) });
    }
    return { states, kept: keptByRoots(states, look, this.#store) };
  }

  *#dropRoots(states: readonly RootState[]): Generator<CollectionStep> {
    for (const { path, state } of states) {
      if (state !== 'gone') continue;
      this.#store.roots.remove(path);
      yield { kind: 'root-dropped', path };
    }
  }

  async *#removeOutputs(
    { outputs, marking, usedMs: boundaryMs }: Survey,
    pace: Pace,
  ): AsyncGenerator<CollectionStep> {
    const { folder, metadata } = this.#store;
    const options = { metadata, boundaryMs, nowMs: this.#nowMs };
    for (let start = 0; start < outputs.length; start += outputsAtOnce) {
      const batch = outputs.slice(start, start + outputsAtOnce);
      const gone = removeOutputs(batch, options);
      for (const { path, tree } of batch) {
        if (!gone.has(path)) await marking.keep(tree);
        yield { kind: gone.has(path) ? 'output-removed' : 'output-kept', path };
      }
      await pace.rest();
    }
    for (const _path of moveFoldersAway(folder, metadata)) await pace.rest();
  }

  async *#removeTrees(
    { marking, rank, usedMs: boundaryMs }: Survey,
    pace: Pace,
  ): AsyncGenerator<CollectionStep> {
    const digests = marking.upTo(rank);
    for (let start = 0; start < digests.length; start += treesAtOnce) {
      const batch = digests.slice(start, start + treesAtOnce);
      const used = removeTrees(batch, this.#store.metadata, boundaryMs);
      for (const digest of used) await marking.keep(digest);
      yield { kind: 'directories-removed', count: batch.length - used.length };
      await pace.rest();
    }
  }

  async *#removeBlobs(
    { marking, rank, outputs }: Survey,
    condemned: Condemned,
    pace: Pace,
  ): AsyncGenerator<CollectionStep> {
    // Where no output has to go, what is loose is enough, and perhaps a part of it.
    const limit = outputs.length === 0 ? (this.#options.maxFreeBytes ?? Infinity) : Infinity;
    let free = 0;
    for (const blob of blobFiles(this.#store.folder)) {
      if (free >= limit) break;
      if (marking.blobs.get(blob.digest) > rank) continue;
      condemned.choose(blob);
      if (condemned.count >= blobsAtOnce) free += yield* removeCondemned(condemned);
      await pace.rest();
    }
    yield* removeCondemned(condemned);
  }

  async *#removeResults({ usedMs }: Survey, pace: Pace): AsyncGenerator<CollectionStep> {
    for (const count of removeResults(this.#store.metadata, usedMs)) {
      if (count > 0) yield { kind: 'results-removed', count };
      await pace.rest();
    }
  }

  async *#removeRest(pace: Pace): AsyncGenerator<CollectionStep> {
    const { folder, metadata, blobs } = this.#store;
    const sinceMs = this.#nowMs - knowledgeMs;
    for (const bytes of removeLogs(folder, sinceMs)) {
      yield { kind: 'logs-removed', count: 1, bytes };
      await pace.rest();
    }
    for (const count of removeRecords({ metadata, blobs, knowledgeMs: sinceMs })) {
      if (count > 0) yield { kind: 'records-removed', count };
      await pace.rest();
    }
  }
}

function* removeCondemned(condemned: Condemned): Generator<CollectionStep, number> {
  if (condemned.count === 0) return 0;
  const { count } = condemned;
  yield { kind: 'blobs-chosen', count };
  condemned.moveAway();
  yield { kind: 'blobs-condemned', count };
  const removed = condemned.remove();
  yield { kind: 'blobs-removed', ...removed };
  return removed.bytes;
}

/** What went wrong first: where a disk fails for good, locks and sessions cannot be let go of either. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}

function unreadableHint(path: string): string {
  return `mend it, or run 'cab store roots remove ${path}' if nothing is to be kept for it`;
}
