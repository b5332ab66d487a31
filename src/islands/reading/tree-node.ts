import type { Digest } from '../../foundation/index.ts';
import type { GitId } from './git-object.ts';

/**
 * Something in a tree that may not be on this machine as a whole. It is named by its git id, by what the store has of it, or by
 * both: the content of what only its id names may have to be fetched first.
 */
export type TreeNode = DirectoryNode | FileNode | SymlinkNode | SubmoduleNode;

export interface DirectoryNode {
  readonly kind: 'directory';
  readonly id?: GitId;
  /** The store's directory that it is. */
  readonly digest?: Digest;
}

export interface FileNode {
  readonly kind: 'file';
  readonly executable: boolean;
  readonly id?: GitId;
  /** The store's blob, and its size in bytes. */
  readonly digest?: Digest;
  readonly size?: number;
}

export interface SymlinkNode {
  readonly kind: 'symlink';
  readonly id?: GitId;
  readonly target?: string;
}

/** A commit of another repository in the place of a directory. */
export interface SubmoduleNode {
  readonly kind: 'submodule';
  readonly id: GitId;
}

/** What of trees is on this machine. Each function answers undefined where it is not. */
export interface TreeContents {
  children(directory: DirectoryNode): ReadonlyMap<string, TreeNode> | undefined;
  /** The blob that a file is. */
  content(file: FileNode): { readonly digest: Digest; readonly size: number } | undefined;
  target(link: SymlinkNode): string | undefined;
}
