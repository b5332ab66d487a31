import path from 'node:path';
import { type StorePath, toStoreName } from '../../foundation/index.ts';
import type { Store } from '../../store/index.ts';
import type { StoredReading } from '../reading/stored-reading.ts';
import type { WorkspaceRoot } from '../roots.ts';
import { type BrowsedTree, PartsTree, StoredTree } from './browsed-tree.ts';

/** Opens trees to be looked through. Each function throws `EffectNeeded` where a tree has to come first. */
export class TreeOpener {
  readonly #store: Store;
  readonly #stored: StoredReading;

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
    if (read === undefined) return this.output(present ?? stored.whole(root), root.display);
    return new PartsTree({
      display: root.display,
      parts: read.parts,
      need: (words) => stored.needParts(read, words),
      needWhole: () => stored.needOutput(read.derivation),
    });
  }

  /** A folder or file of this machine, without what git ignores. */
  local(place: string, display: string): BrowsedTree {
    return this.output(this.#store.addLocal(place, toStoreName(path.basename(place))), display);
  }

  /** An output that the store has. */
  output(output: StorePath, display: string): BrowsedTree {
    const record = this.#store.get(output);
    if (record === undefined) throw new Error(`${output} is not in the store`);
    return new StoredTree({ display, contents: this.#stored.objects, tree: record.tree });
  }
}
