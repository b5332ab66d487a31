import { unreachable } from '../../foundation/index.ts';
import type { DirectoryNode, SubmoduleNode, TreeContents, TreeNode } from './tree-node.ts';

/** How many symbolic links one walk follows, as the store's own looks do. */
const symlinkLimit = 40;

/** How a walk ends; paths begin at the top of the repository, and no link is in them. */
export type WalkResult =
  | { readonly outcome: 'found'; readonly node: TreeNode; readonly path: string }
  | { readonly outcome: 'nothing' }
  /** What is needed to go on is not on this machine: `tree` stands for the directories on the way to the path, `target` for the link there. */
  | { readonly outcome: 'missing'; readonly what: 'tree' | 'target'; readonly path: string }
  /** It leads into another repository. */
  | { readonly outcome: 'submodule'; readonly node: SubmoduleNode };

/** Where a walk begins, and above which nothing is. */
export interface WalkStart {
  readonly node: TreeNode;
  /** Empty at the top of the repository, else such as `/docs`. */
  readonly path: string;
}

interface Step {
  readonly node: DirectoryNode;
  readonly path: string;
}

/**
 * Goes to `inner` (`/`, `/a/b`) below the start, just as a look into a stored tree does: symbolic links are followed where
 * something comes behind them, the last one is not, and one that leads out of the tree leads nowhere.
 */
export function walk(contents: TreeContents, start: WalkStart, inner: string): WalkResult {
  let waiting = componentsOf(inner);
  if (start.node.kind !== 'directory') {
    return waiting.length === 0 ? { outcome: 'found', ...start } : { outcome: 'nothing' };
  }
  const way: Step[] = [{ node: start.node, path: start.path }];
  for (let links = 0; waiting.length > 0;) {
    const [name, ...rest] = waiting as [string, ...string[]];
    waiting = rest;
    if (name === '..') {
      if (way.length === 1) return { outcome: 'nothing' };
      way.pop();
      continue;
    }
    const here = way.at(-1);
    const path = `${here.path}/${name}`;
    const children = contents.children(here.node);
    if (children === undefined) return { outcome: 'missing', what: 'tree', path: withFollowing(path, rest) };
    const node = children.get(name);
    if (node === undefined) return { outcome: 'nothing' };
    if (node.kind === 'directory') {
      way.push({ node, path });
      continue;
    }
    if (rest.length === 0) return { outcome: 'found', node, path };
    switch (node.kind) {
      case 'file':
        return { outcome: 'nothing' };
      case 'submodule':
        return { outcome: 'submodule', node };
      case 'symlink': {
        const target = contents.target(node);
        if (target === undefined) return { outcome: 'missing', what: 'target', path };
        if (target.startsWith('/') || ++links > symlinkLimit) return { outcome: 'nothing' };
        waiting = [...componentsOf(target), ...rest];
        break;
      }
      default:
        return unreachable(node);
    }
  }
  const last = way.at(-1);
  return { outcome: 'found', ...last };
}

/** The start at a sub-tree (`docs/api`, or empty) of a commit's tree; on the way to it no link is followed. */
export function walkToSubtree(contents: TreeContents, root: DirectoryNode, subtree: string): WalkResult {
  let node: TreeNode = root;
  let path = '';
  for (const name of componentsOf(subtree)) {
    if (node.kind === 'submodule') return { outcome: 'submodule', node };
    if (node.kind !== 'directory') return { outcome: 'nothing' };
    const children = contents.children(node);
    if (children === undefined) return { outcome: 'missing', what: 'tree', path: `/${subtree}` };
    const child = children.get(name);
    if (child === undefined) return { outcome: 'nothing' };
    node = child;
    path += `/${name}`;
  }
  return node.kind === 'symlink' ? { outcome: 'nothing' } : { outcome: 'found', node, path };
}

/** The path with what surely lies below it: what comes behind a `..` depends on what is there. */
function withFollowing(path: string, rest: readonly string[]): string {
  const up = rest.indexOf('..');
  return [path, ...(up === -1 ? rest : rest.slice(0, up))].join('/');
}

function componentsOf(inner: string): string[] {
  return inner.split('/').filter((component) => component !== '' && component !== '.');
}
