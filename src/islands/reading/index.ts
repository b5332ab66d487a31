export { type Extent, extentOf } from './extent.ts';
export { type GitId, type GitTreeEntry, isGitId, parseGitTree, treeOfCommit } from './git-object.ts';
export { GitIds } from './git-ids.ts';
export { type GitSource, type ReadingWord, gitSourceOf, readingDerivation } from './git-source.ts';
export { type CommitState, IslandParts, type PartsResult, type Purpose } from './island-parts.ts';
export { KnownObjects, childrenOf } from './known-objects.ts';
export type { TreeContents, TreeNode } from './tree-node.ts';
export { type WalkResult, type WalkStart, walk, walkToSubtree } from './walk.ts';
