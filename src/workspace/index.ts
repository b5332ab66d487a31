export * from './beside.ts';
export * from './browsing/index.ts';
export * from './derivations-in.ts';
export * from './image-platform.ts';
export * from './installable.ts';
export * from './lock-claims.ts';
export * from './lock-session.ts';
export * from './locations.ts';
export * from './named-islands.ts';
export * from './project.ts';
export * from './realizer-survey.ts';
export * from './store-repair.ts';
export * from './version.ts';
export * from './workspace.ts';

// What commands show or take of the layers below comes through this door.
export {
  type Island,
  type IslandBody,
  type IslandResult,
  type LockFile,
  islandTypes,
  lockFileName,
  looksLikeIsland,
  makeIsland,
  parseIsland,
  parseLockFile,
} from '../islands/index.ts';
export { type Derivation, encodeDerivation, formatClaim } from '../derivations/index.ts';
export type { Outputs, ScheduleResult, Wanted } from '../realizer/index.ts';
export {
  type ArchivedOutput,
  type Chains,
  ClosureGraph,
  type ClosurePart,
  type ClosureSize,
  ClosureSizes,
  type CollectionOptions,
  type CollectionPlan,
  type CollectionStep,
  type Deriver,
  type IgnoreRules,
  type Mention,
  MentionFinder,
  type OutputRecord,
  type PackageChange,
  type Root,
  type RepairAction,
  type Salvaged,
  type Sha256Reference,
  type Store,
  StorePathDifferences,
  type StorePlace,
  type VerifyCounts,
  type VerifyFinding,
  chainsBetween,
  compareClosures,
  firstDifference,
  followLinks,
  ignoreRulesFor,
  packageNameOf,
  systemFault,
} from '../store/index.ts';
