/** What happens to the size of a store that is kept. */
export type KeeperEvent =
  /** A collection has ended. */
  | {
      readonly kind: 'collected';
      /** What came free on disk of blobs and logs, in bytes. */
      readonly freedBytes: number;
      /** What the store takes then, in bytes. */
      readonly storeBytes: number;
      readonly durationMs: number;
    }
  /** A collection could not be carried out; it is tried again. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Somebody has waited for room and got none. */
  | { readonly kind: 'refused'; readonly bytes: number; readonly storeBytes: number };
