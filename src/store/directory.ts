import { type Digest, compareCodePoints, unreachable } from '../foundation/index.ts';

/** A file of a directory: its content's digest and size in bytes. */
export interface FileNode<AnyDigest = Digest> {
  readonly name: string;
  readonly digest: AnyDigest;
  readonly size: number;
  readonly executable: boolean;
}

/** A directory of a directory: the digest and size in bytes of the child's encoding. */
export interface DirectoryNode<AnyDigest = Digest> {
  readonly name: string;
  readonly digest: AnyDigest;
  readonly size: number;
}

/** A symbolic link, whose target is kept as it was written. */
export interface SymlinkNode {
  readonly name: string;
  readonly target: string;
}

/**
 * One directory of a tree. An output that is a single file, or a single symbolic link, is the directory that holds it
 * under the empty name.
 */
export interface Directory<AnyDigest = Digest> {
  readonly files: readonly FileNode<AnyDigest>[];
  readonly directories: readonly DirectoryNode<AnyDigest>[];
  readonly symlinks: readonly SymlinkNode[];
}

export const emptyDirectory: Directory = { files: [], directories: [], symlinks: [] };

/** What is wrong with the names of a directory, as a sentence's end, or undefined. */
export function faultOfNames(directory: Directory): string | undefined {
  const names = new Set<string>();
  for (const { name } of entriesOf(directory)) {
    if (names.has(name)) return `it holds '${name}' twice`;
    names.add(name);
    if (name === '') continue;
    if (name === '.' || name === '..') return `it holds the name '${name}'`;
    if (/[/\0]/.test(name)) return `it holds the name '${name.replaceAll('\0', '\\0')}'`;
  }
  if (!names.has('')) return undefined;
  if (names.size > 1) return 'it holds an entry without a name beside others';
  return directory.directories.length === 0 ? undefined : 'it holds a directory without a name';
}

/** The entries without their order. */
export function* entriesOf(directory: Directory): Generator<FileNode | DirectoryNode | SymlinkNode> {
  yield* directory.files;
  yield* directory.directories;
  yield* directory.symlinks;
}

/** The entries in the order of the canonical encoding, the list itself where it has that order already. */
export function sortedByName<Node extends { readonly name: string }>(
  nodes: readonly Node[],
): readonly Node[] {
  for (let index = 1; index < nodes.length; index++) {
    const before = nodes[index - 1] as Node;
    if (compareCodePoints(before.name, (nodes[index] as Node).name) > 0) {
      return nodes.toSorted((left, right) => compareCodePoints(left.name, right.name));
    }
  }
  return nodes;
}

/** What a symbolic link, a file or a directory in a tree is, as a look into the tree finds it. */
export type Entry =
  | { readonly kind: 'file'; readonly digest: Digest; readonly size: number; readonly executable: boolean }
  | { readonly kind: 'directory'; readonly tree: Directory }
  | { readonly kind: 'symlink'; readonly target: string };

/** The root of the tree that an entry is by itself. */
export function directoryOf(entry: Entry): Directory {
  switch (entry.kind) {
    case 'directory':
      return entry.tree;
    case 'file':
      return { ...emptyDirectory, files: [{ name: '', ...pick(entry) }] };
    case 'symlink':
      return { ...emptyDirectory, symlinks: [{ name: '', target: entry.target }] };
    default:
      return unreachable(entry);
  }
}

function pick({ digest, size, executable }: Entry & { kind: 'file' }): Omit<FileNode, 'name'> {
  return { digest, size, executable };
}
