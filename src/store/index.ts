export type { ActionKey, ActionResults } from './action-results.ts';
export { type NativeOutput } from './add-output.ts';
export { type BuiltTree, type PreparedTree } from './add-tree.ts';
export type { ArchivedOutput } from './archive/index.ts';
export { type BlobWriter } from './blob-writer.ts';
export { type BlobReference, Blobs } from './blobs.ts';
export { BoundedCache } from './bounded-cache.ts';
export type { Collection, CollectionOptions, CollectionStep } from './collection/collection.ts';
export type { CollectionPlan, PlannedOutput } from './collection/plan.ts';
export { decodeDirectory, encodeDirectory } from './directory-encoding.ts';
export type { Directory, DirectoryNode, Entry, FileNode, SymlinkNode } from './directory.ts';
export {
  type ContentSource,
  type ExchangedOutput,
  type Lacking,
  type OutputReceiver,
  PartScan,
  type PossibleMentions,
  type SentContent,
  refersToAllOf,
} from './exchange/index.ts';
export { findDiskFull, isDamagedContent, systemFault } from './faults.ts';
export * from './inspection/index.ts';
export { type IgnoreRules, ignoreRulesFor } from './local/ignore-rules.ts';
export { type LocalOptions } from './local/add-local.ts';
export { type LockOptions } from './lock.ts';
export { type Logs } from './logs.ts';
export { type NamedOutputs } from './named-outputs.ts';
export type { ImagePlatform } from './oci/index.ts';
export { isLeftBehind, ownedName } from './owner.ts';
export * from './records.ts';
export type { LockReader, Root, RootState } from './roots.ts';
export { ReferenceScanner } from './reference-scanner.ts';
export { type Change, Store } from './store.ts';
export { type TemporaryFolder } from './temporary.ts';
export type { FindingKind, VerifyCounts, VerifyFinding } from './verification/finding.ts';
export type { Repair, RepairAction } from './verification/repair.ts';
export type { Salvaged } from './verification/salvage.ts';
export type { Verification } from './verification/verification.ts';
