import { type Digest, type HashPart, digestOf } from '../../../foundation/index.ts';
import { type Directory, type ReferenceScanner, encodeDirectory } from '../../../store/index.ts';
import type { DirectoryNode, FileNode, Node } from './files/node.ts';
import { hostLimits, programLimits } from './limits.ts';
import type { ProducedTree } from './messages.ts';

/** Directories lie in one another more deeply than the limit allows. */
export class TooDeep extends Error {}

/**
 * Turns what a program left at an output's path into a tree: every file becomes a blob, and every directory an
 * encoding, from the innermost to the root. `own` is the hash part of the path at which it was made.
 *
 * @throws TooDeep
 */
export function produceTree(
  node: Node,
  own: HashPart,
  candidates: readonly HashPart[],
  scanner: ReferenceScanner | undefined,
): ProducedTree {
  const encodings: Uint8Array[] = [];
  const blobs = new Set<Digest>();

  function encode(directory: Directory): Uint8Array {
    const encoding = encodeDirectory(directory);
    encodings.push(encoding);
    return encoding;
  }

  function file(name: string, { content, executable }: FileNode): Directory['files'][number] {
    const reference = content.seal();
    if (scanner !== undefined && !content.scanned) scanStored(content, reference.digest, scanner);
    content.scanned = true;
    blobs.add(reference.digest);
    return { name, ...reference, executable };
  }

  function directory(node: DirectoryNode, depth: number): Directory {
    if (depth > programLimits.depth) throw new TooDeep();
    const files: Directory['files'][number][] = [];
    const directories: Directory['directories'][number][] = [];
    const symlinks: Directory['symlinks'][number][] = [];
    for (const [name, child] of node.sortedEntries()) {
      if (child.kind === 'file') files.push(file(name, child));
      if (child.kind === 'symlink') symlinks.push({ name, target: child.target });
      if (child.kind === 'directory') {
        const encoding = encode(directory(child, depth + 1));
        directories.push({ name, digest: digestOf(encoding), size: encoding.length });
      }
    }
    return { files, directories, symlinks };
  }

  const root = digestOf(encode(node.kind === 'directory' ? directory(node, 1) : single(node, file)));
  const mentioning = (candidate: HashPart): Digest[] =>
    [...(scanner?.blobsWith(candidate) ?? [])].filter((digest) => blobs.has(digest));
  const references = candidates.filter((candidate) => mentioning(candidate).length > 0);
  return { root, encodings, references: new Set(references), mentioning: new Set(mentioning(own)) };
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
