import { type Digest, type HashPart, digestOf } from '../../../foundation/index.ts';
import {
  type BlobReference,
  type Directory,
  type ReferenceScanner,
  encodeDirectory,
} from '../../../store/index.ts';
import type { DirectoryNode, FileNode, Node } from './files/node.ts';
import type { NamedContents } from './known-content.ts';
import { hostLimits, programLimits } from './limits.ts';
import type { NamedContent, ProducedTree } from './messages.ts';

/** Directories lie in one another more deeply than the limit allows. */
export class TooDeep extends Error {}

/** What a program left, and what is looked for in it. */
export interface Production {
  /** What lies at an output's path. */
  readonly node: Node;
  /** The hash part of that path. */
  readonly own: HashPart;
  readonly candidates: readonly HashPart[];
  readonly scanner: ReferenceScanner | undefined;
  readonly named: NamedContents;
  /** Called before each piece of the work: what it answers is waited for. */
  readonly pause: () => Promise<void> | undefined;
}

/**
 * Turns what a program left at an output's path into a tree: every file becomes a blob, and every directory an
 * encoding, from the innermost to the root. A directory that is the store's already stays as it is. It lets others have their
 * turn on the way.
 *
 * @throws TooDeep
 */
export async function produceTree({
  node,
  own,
  candidates,
  scanner,
  named,
  pause,
}: Production): Promise<ProducedTree> {
  const encodings: Uint8Array[] = [];
  const blobs = new Set<Digest>();
  const made = new Map<DirectoryNode, BlobReference>();

  function encode(directory: Directory): BlobReference {
    const encoding = encodeDirectory(directory);
    encodings.push(encoding);
    return { digest: digestOf(encoding), size: encoding.length };
  }

  async function referenceTo(node: DirectoryNode, depth: number): Promise<BlobReference> {
    const kept = scanner === undefined ? node.stored : undefined;
    const reference = kept ?? encode(await directory(node, depth));
    made.set(node, reference);
    return reference;
  }

  function file(name: string, { content, executable }: FileNode): Directory['files'][number] {
    const reference = content.seal();
    if (scanner !== undefined && !content.scanned) scanStored(content, reference.digest, scanner);
    content.scanned = true;
    blobs.add(reference.digest);
    return { name, ...reference, executable };
  }

  async function directory(node: DirectoryNode, depth: number): Promise<Directory> {
    if (depth > programLimits.depth) throw new TooDeep();
    const files: Directory['files'][number][] = [];
    const directories: Directory['directories'][number][] = [];
    const symlinks: Directory['symlinks'][number][] = [];
    for (const [name, child] of node.sortedEntries()) {
      const pausing = pause();
      if (pausing !== undefined) await pausing;
      if (child.kind === 'file') files.push(file(name, child));
      if (child.kind === 'symlink') symlinks.push({ name, target: child.target });
      if (child.kind === 'directory') {
        directories.push({ name, ...(await referenceTo(child, depth + 1)) });
      }
    }
    return { files, directories, symlinks };
  }

  const root = node.kind === 'directory' ? await referenceTo(node, 1) : encode(single(node, file));
  const mentioning = (candidate: HashPart): Digest[] =>
    [...(scanner?.blobsWith(candidate) ?? [])].filter((digest) => blobs.has(digest));
  const references = candidates.filter((candidate) => mentioning(candidate).length > 0);
  return {
    root: root.digest,
    encodings,
    references: new Set(references),
    mentioning: new Set(mentioning(own)),
    contents: [...contentsOf(named, made, blobs)],
  };
}

/** What was named and is a part of the tree. */
function* contentsOf(
  named: NamedContents,
  made: ReadonlyMap<DirectoryNode, BlobReference>,
  blobs: ReadonlySet<Digest>,
): Generator<NamedContent> {
  for (const [id, node] of named) {
    if (node.kind === 'directory') {
      const reference = made.get(node);
      if (reference !== undefined) yield { id, kind: 'directory', ...reference };
    } else if (node.kind === 'file') {
      const reference = node.content.seal();
      if (blobs.has(reference.digest)) yield { id, kind: 'file', ...reference };
    }
  }
}

/** An output that is no directory: the directory that holds it under the empty name. */
function single(
  node: Exclude<Node, DirectoryNode>,
  file: (name: string, node: FileNode) => Directory['files'][number],
): Directory {
  if (node.kind === 'claims') throw new Error('the claims are no output');
  return {
    files: node.kind === 'file' ? [file('', node)] : [],
    directories: [],
    symlinks: node.kind === 'symlink' ? [{ name: '', target: node.target }] : [],
  };
}

/** Scans content that came from the store as it was, such as a link to an input. */
function scanStored(content: FileNode['content'], digest: Digest, scanner: ReferenceScanner): void {
  const stream = scanner.stream();
  const piece = Buffer.allocUnsafe(hostLimits.fileInMemory);
  content.retain(false);
  for (let offset = 0; offset < content.size;) {
    const length = content.read(piece, offset);
    stream.scan(piece.subarray(0, length));
    offset += length;
  }
  content.release(false);
  scanner.record(stream, digest);
}
