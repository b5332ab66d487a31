export { firstDifference } from './first-difference.ts';
export { type Chains, chainsBetween } from './chains.ts';
export { type ClosurePart, type PackageChange, compareClosures } from './closure-difference.ts';
export { ClosureGraph } from './closure-graph.ts';
export { type ClosureSize, ClosureSizes } from './closure-sizes.ts';
export { type Followed, type StorePlace, followLinks } from './follow-links.ts';
export { type Mention, MentionFinder } from './mentions.ts';
export { packageNameOf } from './package-name.ts';
export { StorePathDifferences } from './store-path-differences.ts';
