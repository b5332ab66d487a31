import { type Digest, unreachable } from '../../foundation/index.ts';
import { type KnownObjects, type TreeNode, childrenOf } from '../../islands/index.ts';
import type { EntryKind } from '../../language/evaluation/index.ts';
import type { Entry } from '../../store/index.ts';

/** What is at a place of a tree, as evaluation sees it. Its content is asked for only where the place was looked at to be read. */
export type Seen =
  | { readonly kind: 'file'; readonly digest: () => Digest }
  | { readonly kind: 'directory'; readonly entries: () => ReadonlyMap<string, EntryKind> }
  | { readonly kind: 'symlink' };

export function seenInStore(entry: Entry | undefined): Seen | undefined {
  switch (entry?.kind) {
    case undefined:
      return undefined;
    case 'file':
      return { kind: 'file', digest: () => entry.digest };
    case 'directory':
      return { kind: 'directory', entries: () => kindsOf(childrenOf(entry.tree)) };
    case 'symlink':
      return { kind: 'symlink' };
    default:
      return unreachable(entry);
  }
}

export function seenInParts(node: TreeNode, objects: KnownObjects): Seen {
  switch (node.kind) {
    case 'file':
      return { kind: 'file', digest: () => there(objects.content(node)).digest };
    case 'directory':
      return { kind: 'directory', entries: () => kindsOf(there(objects.children(node))) };
    case 'symlink':
      return { kind: 'symlink' };
    // As in a tree that is fetched whole.
    case 'submodule':
      return { kind: 'directory', entries: () => new Map() };
    default:
      return unreachable(node);
  }
}

function kindsOf(children: ReadonlyMap<string, TreeNode>): ReadonlyMap<string, EntryKind> {
  return new Map(
    [...children].map(([name, { kind }]) => [name, kind === 'submodule' ? 'directory' : kind] as const),
  );
}

function there<T>(content: T | undefined): T {
  if (content === undefined) throw new Error('what was read is not there');
  return content;
}
