export type { BrowsedTree, Place } from './browsed-tree.ts';
export { type Compared, type TreeChange, compareTrees } from './compare.ts';
export { findFollowing } from './follow.ts';
export type { IslandReport } from './island-report.ts';
export { type ListedEntry, listTree } from './list.ts';
export type { TreeOpener } from './opener.ts';
export { type IslandPlace, parseIslandPlace } from './place.ts';
export { openOutput } from './stored-contents.ts';
