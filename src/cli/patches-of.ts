import { unreachable } from '../foundation/index.ts';
import type { BrowsedTree, Compared, Place, Store, TreeChange, TreeOpener } from '../workspace/index.ts';
import type { FilePatch, PatchSide } from './patch.ts';

/** Two trees that are compared. */
export interface Sides {
  readonly one: Compared;
  readonly other: Compared;
}

/** What is larger is not taken for a text that somebody would read the lines of, in bytes. */
const largestText = 64 << 20;

/** The changes with the content of both sides, which is fetched where it has to be. */
export function patchesOf(
  changes: readonly TreeChange[],
  { one, other }: Sides,
  { opener, store }: { readonly opener: Pick<TreeOpener, 'all'>; readonly store: Store },
): readonly FilePatch[] {
  const sides = changes.flatMap(({ before, after }) => [
    { tree: one.tree, place: before },
    { tree: other.tree, place: after },
  ]);
  const contents = opener.all(sides, ({ tree, place }) => place && patchSide(tree, place, store));
  return changes.map(({ path }, index) => ({
    path,
    before: contents[2 * index],
    after: contents[2 * index + 1],
  }));
}

function patchSide(tree: BrowsedTree, place: Place, store: Store): PatchSide | undefined {
  const { node } = place;
  switch (node.kind) {
    case 'file': {
      const { digest, size } = tree.content(place);
      const content = size > largestText ? undefined : store.blobs.read(digest);
      return { mode: node.executable ? '100755' : '100644', content };
    }
    case 'symlink':
      return { mode: '120000', content: Buffer.from(tree.target(place)) };
    case 'submodule':
      return { mode: '160000', content: Buffer.from(`Subproject commit ${node.id}\n`) };
    case 'directory':
      return undefined;
    default:
      return unreachable(node);
  }
}
