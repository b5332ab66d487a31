import { type Digest, unreachable } from '../../foundation/index.ts';
import type { GitId, TreeNode } from '../../islands/index.ts';
import { allOf } from '../../language/evaluation/index.ts';
import type { BrowsedTree, Place } from './browsed-tree.ts';

/** An entry of a directory, with what is known of it without its content being fetched. */
export interface ListedEntry {
  /** Relative to what is listed. */
  readonly path: string;
  readonly kind: TreeNode['kind'];
  readonly executable?: boolean;
  /** Its git id, in an island of git. */
  readonly id?: GitId;
  /** What the store has it under. */
  readonly digest?: Digest;
  /** In bytes. */
  readonly size?: number;
  /** Of a symbolic link. */
  readonly target?: string;
}

export interface ListOptions {
  readonly recursive: boolean;
  /** Whether ids and sizes are wanted. */
  readonly details: boolean;
  /** Whether the store's digests are wanted, as far as they are known. */
  readonly digests?: boolean;
}

/** The entries of a directory by name, and with `recursive` of all that are below; a file or link is listed as itself. */
export function listTree(tree: BrowsedTree, place: Place, options: ListOptions): readonly ListedEntry[] {
  if (place.node.kind !== 'directory') {
    return [describe(tree, place.node, place.path.slice(place.path.lastIndexOf('/') + 1), options)];
  }
  return within(place, '');

  function within(directory: Place, prefix: string): readonly ListedEntry[] {
    const names = [...tree.entries(directory)].toSorted(([one], [other]) => (one < other ? -1 : 1));
    return allOf(names, ([name, node]) => {
      const path = `${prefix}${name}`;
      const entry = describe(tree, node, path, options);
      if (node.kind !== 'directory' || !options.recursive) return [entry];
      const inner = { node, path: `${directory.path === '/' ? '' : directory.path}/${name}` };
      return [entry, ...within(inner, `${path}/`)];
    }).flat();
  }
}

function describe(tree: BrowsedTree, node: TreeNode, path: string, options: ListOptions): ListedEntry {
  const { details, digests } = options;
  const id = details ? tree.gitId(node) : undefined;
  const digest = digests === true && 'digest' in node ? node.digest : undefined;
  const common = {
    path,
    kind: node.kind,
    ...(id !== undefined && { id }),
    ...(digest !== undefined && { digest }),
  };
  switch (node.kind) {
    case 'file': {
      const size = details ? tree.contents.content(node)?.size : undefined;
      return { ...common, executable: node.executable, ...(size !== undefined && { size }) };
    }
    case 'symlink': {
      const target = details ? tree.contents.target(node) : undefined;
      return { ...common, ...(target !== undefined && { target }) };
    }
    case 'directory':
    case 'submodule':
      return common;
    default:
      return unreachable(node);
  }
}
