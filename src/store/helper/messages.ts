import type { HashPart } from '../../foundation/index.ts';

/** What the helper is started with. */
export interface HelperSettings {
  readonly storeFolder: string;
}

/** What is done with a batch: files are read and become blobs, are moved and become blobs, are put as links to blobs, or are only hashed. */
export type BatchWork =
  | { readonly type: 'take' | 'link' | 'hash' }
  | { readonly type: 'adopt'; /** What is looked for in them. */ readonly hashParts: readonly HashPart[] };

/** What the helper is asked to do: the work of a batch, or the pieces of one file to write. */
export type HelperRequest =
  | (BatchWork & { readonly memory: SharedArrayBuffer })
  | { readonly type: 'pipe'; readonly memory: SharedArrayBuffer; readonly descriptor: number };
