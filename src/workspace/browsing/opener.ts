import path from 'node:path';
import { type StorePath, toStoreName } from '../../foundation/index.ts';
import { GitIds, gitSourceOf } from '../../islands/index.ts';
import { allOf } from '../../language/evaluation/index.ts';
import type { Store } from '../../store/index.ts';
import type { StoredReading } from '../reading/stored-reading.ts';
import type { StoredRoot, WorkspaceRoot } from '../roots.ts';
import { type BrowsedTree, PartsTree, StoredTree } from './browsed-tree.ts';

/** Opens trees to be looked through. Each function throws `EffectNeeded` where a tree has to come first. */
export class TreeOpener {
  readonly #store: Store;
  readonly #stored: StoredReading;
  readonly #ids = new Map<number, GitIds>();
  /** What local places held when they were first looked at in this run. */
  readonly #locals = new Map<string, StorePath>();

  constructor(store: Store, stored: StoredReading) {
    this.#store = store;
    this.#stored = stored;
  }

  /** What stands behind an island; one of git in parts, unless the store has it whole. */
  root(root: WorkspaceRoot): BrowsedTree {
    if (root.kind === 'local') return this.local(root.folder, root.display);
    const stored = this.#stored;
    const present = stored.present(root);
    const isWhole = present !== undefined || root.island === undefined;
    const read = isWhole ? undefined : stored.partsOf(root.island, root.derivation);
    if (read === undefined) {
      return this.output(present ?? stored.whole(root), root.display, this.#idsOf(root));
    }
    return new PartsTree({
      display: root.display,
      parts: read.parts,
      need: (words) => stored.needParts(read, words),
      needWhole: () => stored.needOutput(read.derivation),
    });
  }

  /** A folder or file of this machine, without what git ignores. */
  local(place: string, display: string): BrowsedTree {
    const output = this.#locals.get(place) ?? this.#store.addLocal(place, toStoreName(path.basename(place)));
    this.#locals.set(place, output);
    return this.output(output, display);
  }

  /** An output that the store has. */
  output(output: StorePath, display: string, ids?: GitIds): BrowsedTree {
    const record = this.#store.get(output);
    if (record === undefined) throw new Error(`${output} is not in the store`);
    return new StoredTree({ display, contents: this.#stored.objects, tree: record.tree, ids });
  }

  /** Computes something for each item; one that has to wait does not keep the others from asking. */
  all<Item, Result>(items: readonly Item[], compute: (item: Item) => Result): Result[] {
    return allOf(items, compute);
  }

  /** The ids that files have, or would have, in a git repository whose ids have so many digits. */
  gitIds(idLength: number): GitIds {
    const ids = this.#ids.get(idLength) ?? new GitIds(this.#store, idLength);
    this.#ids.set(idLength, ids);
    return ids;
  }

  #idsOf({ island, derivation }: StoredRoot): GitIds | undefined {
    if (island === undefined || gitSourceOf(island) === undefined) return undefined;
    return this.gitIds(this.#stored.commitOf(derivation)?.length ?? 40);
  }
}
