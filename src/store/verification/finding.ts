import type { Digest, StorePath } from '../../foundation/index.ts';

export type FindingKind =
  | 'database-damaged'
  | 'row-dangling'
  | 'derivation-corrupt'
  | 'blob-corrupt'
  | 'blob-mode'
  | 'blob-missing'
  | 'tree-corrupt'
  | 'tree-missing'
  | 'path-wrong'
  | 'materialised-differs';

/** Something in the store that is not as it should be. `path` is a file of the store, or what names the thing. */
export interface VerifyFinding {
  readonly kind: FindingKind;
  readonly path: string;
  readonly detail: string;
  /** The blob or directory that is damaged or missing. */
  readonly digest?: Digest;
  /** The output that the finding is about. */
  readonly output?: StorePath;
}

/** How much was looked at. */
export interface VerifyCounts {
  blobs: number;
  trees: number;
  outputs: number;
  materialised: number;
  findings: number;
}
