import type { Digest } from '../../../../foundation/index.ts';
import type { BlobReference, Directory } from '../../../../store/index.ts';
import type { FileSystem } from './file-system.ts';
import type { DirectoryNode, Node } from './node.ts';

/** Looks up a directory of the store by its digest. */
export type TreeReader = (digest: Digest) => Directory;

/** The top of an input: what its store path holds. */
export type InputRoot =
  | { readonly kind: 'directory'; readonly directory: Directory }
  | { readonly kind: 'file'; readonly digest: Digest; readonly size: number; readonly executable: boolean }
  | { readonly kind: 'symlink'; readonly target: string };

/** Hangs an input below `/cab/store`. Its directories are read from the store when the program looks into them. */
export function placeInput(
  files: FileSystem,
  parent: DirectoryNode,
  name: string,
  input: InputRoot,
  readTree: TreeReader,
): void {
  if (input.kind === 'directory') {
    files.placeDirectory(parent, name, 'none', (directory) =>
      entriesOf(files, directory, input.directory, readTree),
    );
  } else if (input.kind === 'file') {
    parent.set(name, files.newStoredFile(input, input.executable));
  } else {
    parent.set(name, files.newSymlink(input.target));
  }
}

/** Hangs a directory of the store into another one. As long as nobody looks into it, it costs nothing. */
export function placeTree(
  files: FileSystem,
  parent: DirectoryNode,
  name: string,
  { digest, size }: BlobReference,
  readTree: TreeReader,
): void {
  const load = (directory: DirectoryNode) => entriesOf(files, directory, readTree(digest), readTree);
  const directory = files.placeDirectory(parent, name, 'none', load);
  directory.stored = { digest, size };
}

function entriesOf(
  files: FileSystem,
  parent: DirectoryNode,
  directory: Directory,
  readTree: TreeReader,
): ReadonlyMap<string, Node> {
  const entries = new Map<string, Node>();
  for (const file of directory.files) entries.set(file.name, files.newStoredFile(file, file.executable));
  for (const { name, target } of directory.symlinks) entries.set(name, files.newSymlink(target));
  for (const { name, digest, size } of directory.directories) {
    const load = (node: DirectoryNode) => entriesOf(files, node, readTree(digest), readTree);
    const child = files.newDirectory(parent, 'none', load);
    child.stored = { digest, size };
    entries.set(name, child);
  }
  return entries;
}
