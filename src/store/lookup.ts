import { type Digest, type StorePath, storeFolder } from '../foundation/index.ts';
import type { Directory, Entry } from './directory.ts';

/** How many symbolic links one look into a tree follows, as the system's own limit is. */
const symlinkLimit = 40;

/**
 * What is at `inner` (`/`, `/a/b`) of the tree that the store path names. Symbolic links are followed where something
 * comes behind them, the last one is not; one that leads out of the tree leads nowhere.
 */
export function lookupInTree(
  path: StorePath,
  root: Directory,
  inner: string,
  readTree: (digest: Digest) => Directory,
): Entry | undefined {
  let waiting = componentsOf(inner);
  let way: Directory[] = [root];
  let links = 0;
  while (waiting.length > 0) {
    const [name, ...rest] = waiting as [string, ...string[]];
    waiting = rest;
    if (name === '..') {
      if (way.length === 1) return undefined;
      way.pop();
      continue;
    }
    const entry = entryOf(way.at(-1), name, readTree);
    if (entry === undefined || (entry.kind !== 'symlink' && rest.length === 0)) return entry;
    if (entry.kind === 'file') return undefined;
    if (entry.kind === 'directory') {
      way.push(entry.tree);
      continue;
    }
    if (rest.length === 0) return entry;
    if (++links > symlinkLimit) return undefined;
    const target = targetWithin(path, entry.target);
    if (target === undefined) return undefined;
    if (target.absolute) way = [root];
    waiting = [...componentsOf(target.inner), ...rest];
  }
  const last = way.at(-1);
  if (last !== root) return { kind: 'directory', tree: last };
  return entryOf(root, '', readTree) ?? { kind: 'directory', tree: root };
}

function componentsOf(inner: string): string[] {
  return inner.split('/').filter((component) => component !== '' && component !== '.');
}

function entryOf(tree: Directory, name: string, readTree: (digest: Digest) => Directory): Entry | undefined {
  const file = tree.files.find((node) => node.name === name);
  if (file !== undefined) {
    return { kind: 'file', digest: file.digest, size: file.size, executable: file.executable };
  }
  const directory = tree.directories.find((node) => node.name === name);
  if (directory !== undefined) return { kind: 'directory', tree: readTree(directory.digest) };
  const link = tree.symlinks.find((node) => node.name === name);
  return link === undefined ? undefined : { kind: 'symlink', target: link.target };
}

/** Where a link leads inside the tree: from where it lies, or, written as an absolute path, from the root. */
function targetWithin(path: StorePath, target: string): { absolute: boolean; inner: string } | undefined {
  if (!target.startsWith('/')) return { absolute: false, inner: target };
  if (!target.startsWith(`${storeFolder}/`)) return undefined;
  if (target !== path && !target.startsWith(`${path}/`)) return undefined;
  return { absolute: true, inner: target.slice(path.length) };
}
