export { type ExchangedOutput, type Lacking, refersToAllOf } from './exchanged-output.ts';
export { findClosure, findOutputs } from './find-outputs.ts';
export { KnownTrees } from './known-trees.ts';
export { PartScan } from './part-scan.ts';
export { PossibleMentions } from './possible-mentions.ts';
export { type OutputReceiver, type SentContent, sendOutputs } from './send-outputs.ts';
export { storedSource } from './stored-source.ts';
export { takeOutputs, takeTrees } from './take-outputs.ts';
export type { ContentSource } from './tree-intake.ts';
