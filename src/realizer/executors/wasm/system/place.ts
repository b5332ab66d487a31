import { type Errno, errno } from '../files/errno.ts';
import type { DirectoryNode } from '../files/node.ts';
import type { ProgramContext } from '../program-context.ts';

/** A directory, and a path that a program names below it. */
export interface Place {
  readonly base: DirectoryNode;
  readonly path: string;
}

/** What a program may name at most, in bytes: it is refused before it is read. */
const longestPath = 64 * 1024;

export function placeOf(
  { descriptors, memory }: ProgramContext,
  number: number,
  pointer: number,
  length: number,
): Place | Errno {
  const directory = descriptors.directory(number);
  if (typeof directory === 'number') return directory;
  if (length >>> 0 > longestPath) return errno.nameTooLong;
  const path = memory().text(pointer, length);
  if (path === undefined) return errno.illegalSequence;
  return path.includes('\0') ? errno.invalid : { base: directory.node, path };
}
