import type { BrowsedTree, Place } from './browsed-tree.ts';

/** How many symbolic links one path may end in, one after the other. */
const symlinkLimit = 40;

/** What is at `inner` in the end, where that is a symbolic link; undefined where one leads nowhere, or out of the tree. */
export function findFollowing(tree: BrowsedTree, inner: string): Place | undefined {
  let place = tree.find(inner);
  for (let links = 0; place?.node.kind === 'symlink'; links++) {
    const target = tree.target(place);
    if (target.startsWith('/') || links === symlinkLimit) return undefined;
    place = tree.find(`${place.path.slice(0, place.path.lastIndexOf('/'))}/${target}`);
  }
  return place;
}
