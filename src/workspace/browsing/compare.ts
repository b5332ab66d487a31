import { compareCodePoints } from '../../foundation/index.ts';
import type { GitIds, TreeNode } from '../../islands/index.ts';
import { allOf } from '../../language/evaluation/index.ts';
import type { BrowsedTree, Place } from './browsed-tree.ts';

/** A file, link or submodule that only one of two trees has, or that differs; paths begin at what is compared. */
export interface TreeChange {
  readonly path: string;
  readonly before: Place | undefined;
  readonly after: Place | undefined;
}

export interface Compared {
  readonly tree: BrowsedTree;
  readonly place: Place;
}

/**
 * What is different in two trees. Ids are compared where both are of git, and else content that is on this machine is hashed as git
 * does: no file is fetched, but where the two repositories name by different hashes.
 */
export function compareTrees(
  left: Compared,
  right: Compared,
  gitIds: (idLength: number) => GitIds,
): readonly TreeChange[] {
  return compare('', left.place, right.place);

  function compare(path: string, before: Place | undefined, after: Place | undefined): readonly TreeChange[] {
    const inBefore = childrenOf(left.tree, before);
    const inAfter = childrenOf(right.tree, after);
    if (inBefore === undefined && inAfter === undefined) {
      const same = before !== undefined && after !== undefined && areSame(before, after);
      return same ? [] : [{ path, before, after }];
    }
    if (before !== undefined && after !== undefined && areSame(before, after)) return [];
    const leaves = inBefore === undefined ? { before, after: undefined } : { before: undefined, after };
    const isMixed =
      inBefore === undefined ? before !== undefined : inAfter === undefined && after !== undefined;
    const own: readonly TreeChange[] = isMixed ? [{ path, ...leaves }] : [];
    const [ofBefore = none, ofAfter = none] = allOf([inBefore, inAfter], (children) => children?.() ?? none);
    const names = [...new Set([...ofBefore.keys(), ...ofAfter.keys()])].toSorted(compareCodePoints);
    const inner = allOf(names, (name) =>
      compare(
        path === '' ? name : `${path}/${name}`,
        placeIn(before, name, ofBefore),
        placeIn(after, name, ofAfter),
      ),
    );
    return [...own, ...inner.flat()];
  }

  function areSame({ node: before, path }: Place, { node: after, path: afterPath }: Place): boolean {
    if (before.kind !== after.kind) return false;
    if (before.kind === 'file' && after.kind === 'file' && before.executable !== after.executable)
      return false;
    const [one, other] = [before.id, after.id];
    if (one !== undefined && other !== undefined && one.length === other.length) return one === other;
    if (one === undefined && other === undefined) return sameInStore(before, after);
    if (one === undefined || other === undefined) {
      const id = (one ?? other) as string;
      return gitIds(id.length).of(one === undefined ? before : after) === id;
    }
    if (before.kind !== 'file') return false;
    const content = left.tree.content({ node: before, path });
    return content.digest === right.tree.content({ node: after, path: afterPath }).digest;
  }
}

const none: ReadonlyMap<string, TreeNode> = new Map();

/** How to get at what is in a directory; undefined for anything else. */
function childrenOf(
  tree: BrowsedTree,
  place: Place | undefined,
): (() => ReadonlyMap<string, TreeNode>) | undefined {
  return place?.node.kind === 'directory' ? () => tree.entries(place) : undefined;
}

function placeIn(
  directory: Place | undefined,
  name: string,
  children: ReadonlyMap<string, TreeNode>,
): Place | undefined {
  const node = children.get(name);
  if (directory === undefined || node === undefined) return undefined;
  return { node, path: `${directory.path === '/' ? '' : directory.path}/${name}` };
}

function sameInStore(before: TreeNode, after: TreeNode): boolean {
  if (before.kind === 'symlink' && after.kind === 'symlink') return before.target === after.target;
  if (before.kind === 'submodule' || after.kind === 'submodule') return false;
  if (before.kind === 'symlink' || after.kind === 'symlink') return false;
  return before.digest === after.digest;
}
