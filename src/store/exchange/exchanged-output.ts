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

/**
 * Whether what a store knows of an output refers to all that another one says of it. What it refers to is read from its content, in
 * which only outputs count that are there: whoever sent it before them has kept it from being known.
 */
export function refersToAllOf(known: OutputRecord, said: OutputRecord): boolean {
  const references = new Set(known.references);
  return said.references.every((path) => references.has(path));
}

/** Contents that are not there, each once. */
export interface Lacking {
  readonly directories: readonly BlobReference[];
  readonly blobs: readonly BlobReference[];
}

export const nothingLacking: Lacking = { directories: [], blobs: [] };
