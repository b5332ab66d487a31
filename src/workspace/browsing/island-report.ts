import type { Pins } from '../../derivations/index.ts';
import { type Extent, type GitSource, type Island, extentOf, gitSourceOf } from '../../islands/index.ts';
import type { Store } from '../../store/index.ts';
import type { LockSession } from '../lock-session.ts';
import { refWord } from '../reading/companions.ts';
import type { StoredReading } from '../reading/stored-reading.ts';
import type { StoredRoot, WorkspaceRoot } from '../roots.ts';

/** What is known of an island without its tree being fetched. */
export interface IslandReport {
  readonly island: string;
  readonly type: string;
  /** Where on this machine it is, of an island that is a local tree, a part of Cab, or overridden. */
  readonly folder?: string;
  readonly origin?: string;
  readonly git?: GitSource;
  /** How its pins are known: from the lock, or because its origin was asked just now. */
  readonly standing?: 'pinned' | 'asked' | 'unknown';
  readonly pins?: Pins;
  readonly derivation?: string;
  /** The whole tree, where the store has it. */
  readonly tree?: { readonly path: string; readonly size: number };
  /** What of the commit's tree the store has, where it has not all of it. */
  readonly parts?: Extent;
}

export interface ReportOptions {
  readonly store: Store;
  readonly stored: StoredReading;
  readonly lock: LockSession;
}

/** @throws EffectNeeded where its origin has to be asked what a ref stands for. */
export function reportOnIsland(island: Island, root: WorkspaceRoot, options: ReportOptions): IslandReport {
  const { key, type, source } = island;
  const head = { island: key, type };
  if (root.kind === 'local') return { ...head, folder: root.folder };
  resolve(island, root, options);
  const { stored, lock } = options;
  const git = gitSourceOf(island);
  return {
    ...head,
    ...(source.kind === 'fetched' && { origin: source.arguments[1] as string }),
    ...(git !== undefined && { git }),
    standing: lock.standingOf(root.derivation),
    pins: lock.blockOf(root.derivation),
    derivation: root.derivation.id,
    ...(stored.present(root) === undefined ? partsOf(island, root, options) : treeOf(root, options)),
  };
}

/** Learns what the ref of an island of git stands for, where that is neither pinned nor forbidden. */
function resolve(island: Island, { derivation }: StoredRoot, { stored, lock }: ReportOptions): void {
  const read = stored.partsOf(island, derivation);
  if (read === undefined || read.parts.commit !== undefined || lock.isOffline) return;
  stored.needParts(read, [refWord]);
}

function treeOf(root: StoredRoot, { store, stored }: ReportOptions): Pick<IslandReport, 'tree'> {
  const path = stored.whole(root);
  return { tree: { path, size: store.get(path)?.size ?? 0 } };
}

function partsOf(
  island: Island,
  { derivation }: StoredRoot,
  { stored }: ReportOptions,
): Pick<IslandReport, 'parts'> {
  const parts = stored.partsOf(island, derivation)?.parts;
  const commit = parts?.commit;
  const tree = commit === undefined ? undefined : parts?.objects.rootOf(commit);
  return parts === undefined || tree === undefined ? {} : { parts: extentOf(parts.objects, tree) };
}
