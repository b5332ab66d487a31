import { sourceDateEpoch } from '../../environment.ts';
import type { Node } from '../files/node.ts';
import { inodeOf } from '../files/node.ts';
import type { GuestMemory } from '../guest-memory.ts';

/** The records that preview 1 passes through memory, by their layouts in its witx files. */

export const fileType = { unknown: 0, characterDevice: 2, directory: 3, regularFile: 4, symlink: 7 } as const;

export const rights = {
  read: 1n << 1n,
  seek: 1n << 2n,
  tell: 1n << 5n,
  write: 1n << 6n,
  all: (1n << 30n) - 1n,
} as const;

export const descriptorFlags = { append: 1 } as const;

export const openFlags = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;

/** Every time of every file, in nanoseconds. */
const constantTimeNs = BigInt(sourceDateEpoch) * 1_000_000_000n;

export function fileTypeOf(node: Node): number {
  if (node.kind === 'file') return fileType.regularFile;
  if (node.kind === 'directory') return fileType.directory;
  // A terminal is the nearest thing to a FIFO that preview 1 knows: C libraries then hand on each line at once.
  return node.kind === 'symlink' ? fileType.symlink : fileType.characterDevice;
}

export function writeFileStatus(memory: GuestMemory, pointer: number, node: Node | undefined): void {
  memory.bytes(pointer, 64).fill(0);
  memory.setUint64(pointer + 8, node === undefined ? 0n : inodeOf(node));
  memory.bytes(pointer + 16, 1)[0] = node === undefined ? fileType.unknown : fileTypeOf(node);
  memory.setUint64(pointer + 24, BigInt(node?.kind === 'file' ? node.content.links : 1));
  memory.setUint64(pointer + 32, BigInt(sizeOf(node)));
  for (const offset of [40, 48, 56]) memory.setUint64(pointer + offset, constantTimeNs);
}

function sizeOf(node: Node | undefined): number {
  if (node?.kind === 'file') return node.content.size;
  return node?.kind === 'symlink' ? Buffer.byteLength(node.target) : 0;
}

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

/** The buffers of a scattered read or gathered write, not copied. */
export function* buffersOf(memory: GuestMemory, pointer: number, count: number): Iterable<Uint8Array> {
  for (let index = 0; index < count >>> 0; index++) {
    const entry = (pointer >>> 0) + 8 * index;
    yield memory.bytes(memory.getUint32(entry), memory.getUint32(entry + 4));
  }
}
