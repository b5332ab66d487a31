import type { Digest, StorePath } from '../../foundation/index.ts';
import { type TreeContents, type TreeNode, childrenOf } from '../../islands/index.ts';
import type { Store } from '../../store/index.ts';
import { type BrowsedTree, StoredTree } from './browsed-tree.ts';

/** What trees of the store hold, all of which is there. */
class StoredContents implements TreeContents {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  children({ digest }: TreeNode & { kind: 'directory' }): ReadonlyMap<string, TreeNode> | undefined {
    return digest === undefined ? undefined : childrenOf(this.#store.getTree(digest));
  }

  content({
    digest,
    size,
  }: TreeNode & { kind: 'file' }): { readonly digest: Digest; readonly size: number } | undefined {
    return digest === undefined || size === undefined ? undefined : { digest, size };
  }

  target({ target }: TreeNode & { kind: 'symlink' }): string | undefined {
    return target;
  }
}

/** An output of the store, to be looked through without a project. */
export function openOutput(store: Store, output: StorePath, display: string): BrowsedTree {
  const record = store.get(output);
  if (record === undefined) throw new Error(`${output} is not in the store`);
  return new StoredTree({ display, contents: new StoredContents(store), tree: record.tree });
}
