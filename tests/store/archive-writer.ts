import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { digestOf, hashPartOf, storePath, type Digest, type StorePath } from '../../src/foundation/index.ts';
import { encodeDirectory, type Directory } from '../../src/store/index.ts';
import { bytes } from './temporary-store.ts';

/** Writes archives as docs/reference/store-archive.md has them, and others that nobody should accept. */
export type Part = Uint8Array | string;

const magic = 'cab store archive 1\n';

export function number(value: number | bigint): Uint8Array {
  const encoded = Buffer.alloc(8);
  encoded.writeBigUInt64LE(BigInt(value));
  return encoded;
}

export interface WrittenOutput {
  readonly path: StorePath;
  readonly tree: Digest;
  readonly size: number;
  readonly references?: readonly string[];
  readonly asked?: boolean;
}

export function outputRecord({ path, tree, size, references = [], asked = true }: WrittenOutput): Uint8Array {
  return textRecord(JSON.stringify({ asked, path, references, size, tree }));
}

export function textRecord(text: string): Uint8Array {
  return join(['O', number(Buffer.byteLength(text)), text]);
}

export function blobRecord(content: Part, digest = digestOf(content)): Uint8Array {
  return join(['B', Buffer.from(digest, 'hex'), number(Buffer.byteLength(content)), content]);
}

export function directoryRecord(directory: Directory | Uint8Array): Uint8Array {
  const encoding = directory instanceof Uint8Array ? directory : encodeDirectory(directory);
  return join(['D', Buffer.from(digestOf(encoding), 'hex'), number(encoding.length), encoding]);
}

export interface WrittenCounts {
  readonly outputs: number;
  readonly directories: number;
  readonly blobs: number;
  readonly bytes: number;
}

/** An archive of these parts, with the end record that they should have. */
export function archiveOf(parts: readonly Part[], counts: WrittenCounts): Uint8Array {
  const before = join([
    magic,
    ...parts,
    'E',
    ...[counts.outputs, counts.directories, counts.blobs, counts.bytes].map(number),
  ]);
  return zstdCompressSync(join([before, Buffer.from(digestOf(before), 'hex')]));
}

/** The same archive with its content changed. */
export function changed(archive: Uint8Array, change: (content: Buffer) => Uint8Array): Uint8Array {
  return zstdCompressSync(change(zstdDecompressSync(archive)));
}

export function join(parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytes(part) : part)));
}

/** A directory as another one names it. */
export function named(name: string, directory: Directory): Directory['directories'][number] {
  const encoding = encodeDirectory(directory);
  return { name, digest: digestOf(encoding), size: encoding.length };
}

export function file(name: string, content: string, executable = false): Directory['files'][number] {
  return { name, digest: digestOf(content), size: Buffer.byteLength(content), executable };
}

export const empty: Directory = { files: [], directories: [], symlinks: [] };

/** The output that a directory is, where nothing in it mentions it. */
export function outputOf(directory: Directory, size: number, name = 'output'): WrittenOutput {
  const tree = digestOf(encodeDirectory(directory));
  return { path: storePath(hashPartOf(tree), name), tree, size };
}
