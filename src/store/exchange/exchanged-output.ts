import type { BlobReference } from '../blobs.ts';
import type { OutputRecord } from '../records.ts';

/** An output as stores tell each other of it. */
export interface ExchangedOutput extends OutputRecord {
  /** The size of its root directory's encoding, in bytes. */
  readonly treeSize: number;
}

/** Its root directory. */
export function rootOf({ tree, treeSize }: ExchangedOutput): BlobReference {
  return { digest: tree, size: treeSize };
}

/** Contents that are not there, each once. */
export interface Lacking {
  readonly directories: readonly BlobReference[];
  readonly blobs: readonly BlobReference[];
}

export const nothingLacking: Lacking = { directories: [], blobs: [] };
