import {
  type Digest,
  type StorePath,
  baseNameOfStorePath,
  compareCodePoints,
  storeFolder,
} from '../../foundation/index.ts';
import type { Blobs } from '../blobs.ts';
import {
  type Directory,
  type DirectoryNode,
  type FileNode,
  type SymlinkNode,
  entriesOf,
} from '../directory.ts';
import type { OutputRecord } from '../records.ts';
import { VerifiedReader } from '../verified-reader.ts';
import { type TarEntry, tarEnd, tarHeader, tarPadding } from './tar.ts';

/** Where the outputs' parts come from. */
export interface LayerSource {
  readonly blobs: Blobs;
  readonly readTree: (digest: Digest) => Directory;
}

/** The path of an output in a layer, which is relative to the image's root. */
function placeOf(path: StorePath): string {
  return `${storeFolder.slice(1)}/${baseNameOfStorePath(path)}`;
}

/** How many names one file may get: file systems have limits, and the lowest ones known lie above this. */
const linkLimit = 1000;

/**
 * A layer as a tar archive, piece by piece; a piece holds only until the next one is asked for. It follows from the outputs alone: their
 * files lie where builds see them, and equal ones are one file by several names.
 *
 * @throws DiagnosticError CAB5003 where a blob is damaged.
 */
export function* layerContent(outputs: readonly OutputRecord[], source: LayerSource): Generator<Uint8Array> {
  const links = new Links();
  const blobs = new VerifiedReader(source.blobs);
  for (const path of parentsOf(storeFolder)) yield tarHeader({ path, type: 'directory', mode: 0o755 });
  for (const output of outputs) {
    for (const { path, node } of entriesBelow(output, source.readTree)) {
      const entry = links.link(entryOf(path, node), node);
      yield tarHeader(entry);
      if (entry.type !== 'file' || !('executable' in node)) continue;
      yield* blobs.chunks(node.digest, node.size);
      yield tarPadding(node.size);
    }
  }
  yield tarEnd;
}

function parentsOf(folder: string): readonly string[] {
  const names = folder.split('/').slice(1);
  return names.map((_, index) => `${names.slice(0, index + 1).join('/')}/`);
}

/** What an entry is of: a directory has only its digest here. */
type Node = FileNode | SymlinkNode | DirectoryNode;

interface Placed {
  readonly path: string;
  readonly node: Node;
}

/** All that an output is made of, itself first; each directory before what is in it, by name. */
function* entriesBelow(output: OutputRecord, readTree: LayerSource['readTree']): Generator<Placed> {
  const waiting = placed(placeOf(output.path), { name: '', digest: output.tree, size: 0 }, readTree);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    if (!isDirectory(next.node)) continue;
    // The last one comes off first.
    for (const node of sortedEntries(readTree(next.node.digest)).toReversed()) {
      waiting.push({ path: `${next.path}/${node.name}`, node });
    }
  }
}

/** An output's root, or what alone is in it without a name. */
function placed(path: string, root: DirectoryNode, readTree: LayerSource['readTree']): Placed[] {
  const [only] = entriesOf(readTree(root.digest));
  return [{ path, node: only?.name === '' ? only : root }];
}

function sortedEntries(directory: Directory): readonly Node[] {
  return [...entriesOf(directory)].toSorted((a, b) => compareCodePoints(a.name, b.name));
}

function isDirectory(node: Node): node is DirectoryNode {
  return !('target' in node) && !('executable' in node);
}

function entryOf(path: string, node: Node): TarEntry {
  if ('target' in node) return { path, type: 'symlink', mode: 0o777, target: node.target };
  if ('executable' in node)
    return { path, type: 'file', mode: node.executable ? 0o555 : 0o444, size: node.size };
  return { path: `${path}/`, type: 'directory', mode: 0o555 };
}

/** Makes of a file that came before a link to it. */
class Links {
  readonly #first = new Map<string, { readonly path: string; count: number }>();

  link(entry: TarEntry, node: Node): TarEntry {
    // An empty file is as small as a link to one.
    if (!('executable' in node) || node.size === 0) return entry;
    const key = `${node.digest} ${entry.mode}`;
    const first = this.#first.get(key);
    if (first === undefined || first.count >= linkLimit) {
      this.#first.set(key, { path: entry.path, count: 1 });
      return entry;
    }
    first.count++;
    return { path: entry.path, type: 'link', mode: entry.mode, target: first.path };
  }
}
