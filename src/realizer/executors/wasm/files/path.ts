import { programLimits } from '../limits.ts';
import { type Errno, errno } from './errno.ts';
import type { DirectoryNode, Node } from './node.ts';

/** Where a path leads: an entry of a directory, which may be there or not. `.` and `..` lead to a directory itself. */
export interface Location {
  readonly parent: DirectoryNode;
  /** `.` where the path ends in a directory that it does not name, such as `/` or `a/..`. */
  readonly name: string;
  readonly node: Node | undefined;
  /** Whether the path ended in a slash, and so can only mean a directory. */
  readonly trailingSlash: boolean;
}

/**
 * Walks a path from a directory, or from the root where it begins with a slash. Symbolic links on the way are followed within the
 * root, a last one only if `followLast`. `..` beyond the root is refused rather than ignored, since whoever
 * writes it means a place that is not there.
 */
export function walk(
  root: DirectoryNode,
  base: DirectoryNode,
  path: string,
  followLast: boolean,
): Location | Errno {
  if (path === '') return errno.noEntry;
  if (isLonger(path, programLimits.path)) return errno.nameTooLong;
  let directory = path.startsWith('/') ? root : base;
  let trailingSlash = path.endsWith('/');
  const remaining = componentsReversed(path);
  let followed = 0;
  while (true) {
    const name = remaining.pop();
    if (name === undefined) return { parent: directory, name: '.', node: directory, trailingSlash };
    if (name === '.') continue;
    if (name === '..') {
      if (directory.parent === undefined) return errno.notCapable;
      directory = directory.parent;
      continue;
    }
    if (isLonger(name, programLimits.name)) return errno.nameTooLong;
    const node = directory.get(name);
    const last = remaining.length === 0;
    if (node?.kind === 'symlink' && (!last || followLast || trailingSlash)) {
      if (++followed > programLimits.symlinks) return errno.loop;
      if (node.target.startsWith('/')) directory = root;
      if (last && node.target.endsWith('/')) trailingSlash = true;
      remaining.push(...componentsReversed(node.target));
      continue;
    }
    if (last) {
      if (trailingSlash && node !== undefined && node.kind !== 'directory') return errno.notDirectory;
      return { parent: directory, name, node, trailingSlash };
    }
    if (node === undefined) return errno.noEntry;
    if (node.kind !== 'directory') return errno.notDirectory;
    directory = node;
  }
}

/** Whether a text has more bytes than this in UTF-8; most are so short that nothing has to be counted. */
function isLonger(text: string, limit: number): boolean {
  return text.length > limit || (3 * text.length > limit && Buffer.byteLength(text) > limit);
}

/** Splitting at each slash would make every name one of the engine's permanent strings. */
function componentsReversed(path: string): string[] {
  const components: string[] = [];
  for (let end = path.length; end > 0;) {
    const slash = path.lastIndexOf('/', end - 1);
    if (slash + 1 < end) components.push(path.slice(slash + 1, end));
    end = slash;
  }
  return components;
}
