import type { Node } from '../files/node.ts';
import { inodeOf } from '../files/node.ts';
import { type Times, constantTimes } from '../files/times.ts';
import type { GuestMemory } from '../guest-memory.ts';
import { programLimits } from '../limits.ts';

/** The records that preview 1 passes through memory, by their layouts in its witx files. */

export const fileType = { unknown: 0, characterDevice: 2, directory: 3, regularFile: 4, symlink: 7 } as const;

export const rights = {
  read: 1n << 1n,
  seek: 1n << 2n,
  tell: 1n << 5n,
  write: 1n << 6n,
  /** What can be done with a file: the functions of descriptors, but for listing. */
  file: 0x08e0_01ffn,
  /** What can be done with a directory: the functions of paths, listing, and those of descriptors that are about neither content nor place. */
  directory: 0x07b7_fe19n,
} as const;

export const descriptorFlags = { append: 1, all: 31 } as const;

export const openFlags = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;

export const lookupFlags = { followSymlinks: 1 } as const;

export function fileTypeOf(node: Node): number {
  if (node.kind === 'file') return fileType.regularFile;
  if (node.kind === 'directory') return fileType.directory;
  // A terminal is the nearest thing to a FIFO that preview 1 knows: C libraries then hand on each line at once.
  return node.kind === 'symlink' ? fileType.symlink : fileType.characterDevice;
}

export function writeFileStatus(
  memory: GuestMemory,
  pointer: number,
  node: Node | undefined,
  times: Times = constantTimes,
): void {
  memory.bytes(pointer, 64).fill(0);
  memory.setUint64(pointer + 8, node === undefined ? 0n : inodeOf(node));
  memory.bytes(pointer + 16, 1)[0] = node === undefined ? fileType.unknown : fileTypeOf(node);
  memory.setUint64(pointer + 24, BigInt(node?.kind === 'file' ? node.content.links : 1));
  memory.setUint64(pointer + 32, BigInt(sizeOf(node)));
  memory.setUint64(pointer + 40, times.accessed);
  memory.setUint64(pointer + 48, times.modified);
  memory.setUint64(pointer + 56, constantTimes.modified);
}

function sizeOf(node: Node | undefined): number {
  if (node?.kind === 'file') return node.content.size;
  return node?.kind === 'symlink' ? Buffer.byteLength(node.target) : 0;
}

/** The most bytes that one read or write moves. */
const largestTotal = 2 ** 31 - 1;

/** Answers a list of byte strings in preview 1's way: pointers to each in one place, and their bytes, each with a NUL, in another. */
export function writeStrings(
  memory: GuestMemory,
  strings: readonly Buffer[],
  pointers: number,
  bytes: number,
): void {
  let offset = bytes >>> 0;
  strings.forEach((text, index) => {
    memory.setUint32(pointers + 4 * index, offset);
    const target = memory.bytes(offset, text.length + 1);
    target.set(text);
    target[text.length] = 0;
    offset += text.length + 1;
  });
}

/**
 * The buffers of a scattered read or gathered write, not copied; undefined where there are more than a program may pass, or
 * where they have more bytes than can be answered. All lie within the memory.
 */
export function buffersOf(
  memory: GuestMemory,
  pointer: number,
  count: number,
): readonly Uint8Array[] | undefined {
  if (count >>> 0 > programLimits.buffers) return undefined;
  let total = 0;
  const buffers: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const entry = (pointer >>> 0) + 8 * index;
    const buffer = memory.bytes(memory.getUint32(entry), memory.getUint32(entry + 4));
    total += buffer.length;
    if (total > largestTotal) return undefined;
    buffers.push(buffer);
  }
  return buffers;
}
