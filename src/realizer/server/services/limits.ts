/** What calls about content may carry. */
export interface ContentLimits {
  /** Of all blobs in one batch, in bytes. */
  readonly batchBytes: number;
  /** Of one blob. */
  readonly blobBytes: number;
  /** Of a message of ByteStream. */
  readonly pieceBytes: number;
  /** Directories that one GetTree goes through. */
  readonly treeDirectories: number;
}

export const defaultContentLimits: ContentLimits = {
  batchBytes: 4 << 20,
  blobBytes: 64 * 2 ** 30,
  pieceBytes: (4 << 20) + (16 << 10),
  treeDirectories: 1 << 20,
};
