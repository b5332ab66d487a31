import type { BlobReference, KnownContent } from '../../../../store/index.ts';
import type { ProgramLimits } from '../../../program-limits.ts';
import { programLimits } from '../limits.ts';
import { type ContentContext, FileContent } from './content.ts';
import { type Errno, errno, isErrno } from './errno.ts';
import { DirectoryNode, type FileNode, type Node, type WritableNames } from './node.ts';
import { type Location, walk } from './path.ts';
import { Quota } from './quota.ts';
import { type TreeReader, placeTree } from './store-tree.ts';
import { type Times, constantTimes } from './times.ts';

/** How a file is to be opened. */
export interface OpenMode {
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
  readonly directory: boolean;
  readonly write: boolean;
  readonly followLast: boolean;
}

/** What the host puts into the root. */
const hostNames = new Set(['build', 'cab', 'tmp']);

/**
 * The files of one program: a root of its own, into which parts of the store are hung. Each operation does all of what it is
 * asked, or nothing and answers an error number.
 */
export class FileSystem {
  readonly root: DirectoryNode;
  readonly #context: ContentContext;
  readonly #nodes: Quota;
  readonly #directoryEntries: number;
  /** Where a program has set any: few do, and most files need no room for them. */
  readonly #times = new WeakMap<object, Times>();
  #lastInode = 0n;

  /** What exists at one time of files, directories and symbolic links is bounded, and what of it lies in one directory. */
  constructor(context: ContentContext, limits: Pick<ProgramLimits, 'nodes' | 'directoryEntries'>) {
    this.#context = context;
    this.#nodes = new Quota(limits.nodes);
    this.#directoryEntries = limits.directoryEntries;
    this.root = new DirectoryNode({
      inode: this.#nextInode(),
      writable: { allBut: hostNames },
      parent: undefined,
    });
  }

  // What the host puts in place, whatever a program may write there.

  placeDirectory(
    parent: DirectoryNode,
    name: string,
    writable: WritableNames,
    load?: (directory: DirectoryNode) => ReadonlyMap<string, Node>,
  ): DirectoryNode {
    const directory = this.newDirectory(parent, writable, load);
    parent.set(name, directory);
    return directory;
  }

  newDirectory(
    parent: DirectoryNode,
    writable: WritableNames,
    load?: (directory: DirectoryNode) => ReadonlyMap<string, Node>,
  ): DirectoryNode {
    const inode = this.#nextInode();
    return new DirectoryNode({ inode, writable, parent, ...(load === undefined ? {} : { load }) });
  }

  newStoredFile({ digest, size }: BlobReference, executable: boolean): FileNode {
    const content = FileContent.stored(this.#context, this.#nextInode(), { digest, size });
    content.links = 1;
    return { kind: 'file', content, executable };
  }

  newSymlink(target: string): Node {
    return { kind: 'symlink', inode: this.#nextInode(), target };
  }

  newClaims(): Node {
    return { kind: 'claims', inode: this.#nextInode() };
  }

  // What a program does.

  walk(base: DirectoryNode, path: string, followLast: boolean): Location | Errno {
    return walk(this.root, base, path, followLast);
  }

  /** The node that a path leads to. */
  find(base: DirectoryNode, path: string, followLast: boolean): Node | Errno {
    const location = this.walk(base, path, followLast);
    if (isErrno(location)) return location;
    return location.node ?? errno.noEntry;
  }

  open(base: DirectoryNode, path: string, mode: OpenMode): Exclude<Node, { kind: 'symlink' }> | Errno {
    const location = this.walk(base, path, mode.followLast && !(mode.create && mode.exclusive));
    if (isErrno(location)) return location;
    const { node } = location;
    if (node === undefined) return mode.create ? this.#createFile(location, mode) : errno.noEntry;
    if (mode.create && mode.exclusive) return errno.exists;
    if (mode.directory && node.kind !== 'directory') return errno.notDirectory;
    if (node.kind === 'symlink') return errno.loop;
    if (node.kind === 'directory')
      return mode.create || mode.truncate || mode.write ? errno.isDirectory : node;
    if (node.kind === 'claims') return node;
    if (!mode.write && !mode.truncate) return node;
    if (!location.parent.allows(location.name)) return errno.readOnly;
    if (mode.truncate) {
      const fault = node.content.resize(0);
      if (fault !== errno.success) return fault;
    }
    return node;
  }

  createDirectory(base: DirectoryNode, path: string): Errno {
    const location = this.#newPlace(base, path);
    if (isErrno(location)) return location;
    location.parent.set(location.name, this.newDirectory(location.parent, 'any'));
    return errno.success;
  }

  symlink(target: string, base: DirectoryNode, path: string): Errno {
    if (target === '') return errno.noEntry;
    if (target.includes('\0')) return errno.invalid;
    if (Buffer.byteLength(target) > programLimits.path) return errno.nameTooLong;
    const location = this.#newPlace(base, path);
    if (isErrno(location)) return location;
    if (location.trailingSlash) return errno.noEntry;
    location.parent.set(location.name, this.newSymlink(target));
    return errno.success;
  }

  /** Makes a further name for a file. One for a file that cannot be written is a copy, so that it can never change that file. */
  link(
    from: { readonly base: DirectoryNode; readonly path: string; readonly followLast: boolean },
    base: DirectoryNode,
    path: string,
  ): Errno {
    const source = this.walk(from.base, from.path, from.followLast);
    if (isErrno(source)) return source;
    const { node } = source;
    if (node === undefined) return errno.noEntry;
    if (node.kind === 'directory' || node.kind === 'claims') return errno.notPermitted;
    const location = this.#newPlace(base, path);
    if (isErrno(location)) return location;
    if (location.trailingSlash) return errno.noEntry;
    if (node.kind === 'symlink') {
      location.parent.set(location.name, node);
      return errno.success;
    }
    const own = source.parent.allows(source.name);
    const content = own ? node.content : node.content.copy(this.#nextInode());
    content.links++;
    location.parent.set(location.name, { kind: 'file', content, executable: node.executable });
    return errno.success;
  }

  /** Makes content that the store has appear at a new path: a file that is a copy where it is written to, or a directory that cannot be. */
  placeStored(base: DirectoryNode, path: string, content: KnownContent, readTree: TreeReader): Errno {
    const location = this.#newPlace(base, path);
    if (isErrno(location)) return location;
    if (content.kind === 'directory') {
      placeTree(this, location.parent, location.name, content, readTree);
      return errno.success;
    }
    if (location.trailingSlash) return errno.noEntry;
    location.parent.set(location.name, this.newStoredFile(content, false));
    return errno.success;
  }

  unlink(base: DirectoryNode, path: string): Errno {
    const location = this.walk(base, path, false);
    if (isErrno(location)) return location;
    const { node, parent, name } = location;
    if (node === undefined) return errno.noEntry;
    if (node.kind === 'directory') return errno.isDirectory;
    if (!parent.allows(name)) return errno.readOnly;
    if (node.kind === 'claims') return errno.notPermitted;
    this.#remove(parent, name, node);
    return errno.success;
  }

  removeDirectory(base: DirectoryNode, path: string): Errno {
    const location = this.walk(base, path, false);
    if (isErrno(location)) return location;
    const { node, parent, name } = location;
    if (node === undefined) return errno.noEntry;
    if (node.kind !== 'directory') return errno.notDirectory;
    if (name === '.') return errno.invalid;
    if (!parent.allows(name)) return errno.readOnly;
    if (!node.isEmpty) return errno.notEmpty;
    this.#remove(parent, name, node);
    return errno.success;
  }

  rename(fromBase: DirectoryNode, fromPath: string, toBase: DirectoryNode, toPath: string): Errno {
    const from = this.walk(fromBase, fromPath, false);
    if (isErrno(from)) return from;
    const to = this.walk(toBase, toPath, false);
    if (isErrno(to)) return to;
    if (from.node === undefined) return errno.noEntry;
    if (from.name === '.' || to.name === '.') return errno.invalid;
    if (!from.parent.allows(from.name) || !to.parent.allows(to.name)) return errno.readOnly;
    if (from.node.kind === 'claims' || to.node?.kind === 'claims') return errno.notPermitted;
    if (to.parent.removed) return errno.noEntry;
    const refusal = refusalToReplace(from.node, to);
    if (refusal !== undefined) return refusal;
    if (isSameFile(from.node, to.node)) return errno.success;
    const isMoved = to.node === undefined && to.parent !== from.parent;
    if (isMoved && to.parent.size >= this.#directoryEntries) return errno.noSpace;
    if (to.node !== undefined) this.#remove(to.parent, to.name, to.node);
    from.parent.delete(from.name);
    to.parent.set(to.name, from.node);
    return errno.success;
  }

  times(node: Node): Times {
    return this.#times.get(ownerOfTimes(node)) ?? constantTimes;
  }

  setTimes(node: Node, times: Times): void {
    this.#times.set(ownerOfTimes(node), times);
  }

  #createFile(location: Location, mode: OpenMode): FileNode | Errno {
    if (mode.directory) return errno.invalid;
    if (location.trailingSlash) return errno.isDirectory;
    const refusal = this.#refusalToCreate(location);
    if (refusal !== undefined) return refusal;
    const content = FileContent.empty(this.#context, this.#nextInode());
    content.links = 1;
    const node: FileNode = { kind: 'file', content, executable: false };
    location.parent.set(location.name, node);
    return node;
  }

  #newPlace(base: DirectoryNode, path: string): Location | Errno {
    const location = this.walk(base, path, false);
    if (isErrno(location)) return location;
    if (location.node !== undefined) return errno.exists;
    return this.#refusalToCreate(location) ?? location;
  }

  #refusalToCreate(location: Location): Errno | undefined {
    if (!location.parent.allows(location.name)) return errno.readOnly;
    if (location.parent.removed) return errno.noEntry;
    if (location.parent.size >= this.#directoryEntries) return errno.noSpace;
    return this.#nodes.take(1) ? undefined : errno.noSpace;
  }

  #remove(parent: DirectoryNode, name: string, node: Node): void {
    parent.delete(name);
    this.#nodes.take(-1);
    if (node.kind === 'file') node.content.unlink();
    if (node.kind === 'directory') node.removed = true;
  }

  #nextInode(): bigint {
    return ++this.#lastInode;
  }
}

/** All names of a file have its times in common. */
function ownerOfTimes(node: Node): object {
  return node.kind === 'file' ? node.content : node;
}

function refusalToReplace(node: Node, to: Location): Errno | undefined {
  if (node.kind === 'directory') {
    if (to.parent.isWithin(node)) return errno.invalid;
    if (to.node === undefined || to.node === node) return undefined;
    if (to.node.kind !== 'directory') return errno.notDirectory;
    return to.node.isEmpty ? undefined : errno.notEmpty;
  }
  if (to.node?.kind === 'directory') return errno.isDirectory;
  return to.trailingSlash ? errno.notDirectory : undefined;
}

function isSameFile(from: Node, to: Node | undefined): boolean {
  if (from === to) return true;
  return from.kind === 'file' && to?.kind === 'file' && from.content === to.content;
}
