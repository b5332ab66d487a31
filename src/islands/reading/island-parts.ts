import { type Diagnostic, DiagnosticError } from '../../diagnostics/index.ts';
import { unreachable } from '../../foundation/index.ts';
import type { Island } from '../island.ts';
import { type GitId, isGitId } from './git-object.ts';
import type { GitSource, ReadingWord } from './git-source.ts';
import type { KnownObjects } from './known-objects.ts';
import type { TreeNode } from './tree-node.ts';
import { type WalkResult, walk, walkToSubtree } from './walk.ts';

/** Whether the content of what is at a path is wanted, or only whether and what is there. */
export type Purpose = 'read' | 'look';

export type PartsResult =
  | { readonly outcome: 'found'; readonly node: TreeNode; readonly path: string }
  | { readonly outcome: 'nothing' }
  /** What has to be asked of the origin before there is an answer. */
  | { readonly outcome: 'unknown'; readonly words: readonly ReadingWord[] }
  /** The origin has to be asked what the ref is now, before anything is read of a commit that is perhaps not the one any more. */
  | { readonly outcome: 'unresolved' }
  /** Only the whole tree has the answer: it leads into a submodule that is a part of the island. */
  | { readonly outcome: 'whole' };

/** What is known of the commit that an island stands for in this run. */
export interface CommitState {
  readonly pinned: GitId | undefined;
  /** Whether the origin is to be asked what the ref is now, whatever is pinned. */
  readonly ask: boolean;
}

export interface IslandPartsOptions {
  readonly island: Island;
  readonly git: GitSource;
  readonly objects: KnownObjects;
  readonly commit: () => CommitState;
  /** Hears of a commit that is known without asking: the ref is its id. */
  readonly onCommit: (commit: GitId) => void;
}

/** An island of git, of which only those objects need be on this machine that somebody has looked at. */
export class IslandParts {
  readonly objects: KnownObjects;
  readonly #options: IslandPartsOptions;

  constructor(options: IslandPartsOptions) {
    this.objects = options.objects;
    this.#options = options;
  }

  /** What is at `inner` (`/`, `/a/b`) of the island. @throws DiagnosticError CAB3207 where the commit has no such sub-tree. */
  find(inner: string, purpose: Purpose): PartsResult {
    const { git, commit } = this.#options;
    const whole = `/${git.subtree}${git.subtree === '' ? inner.slice(1) : inner === '/' ? '' : inner}`;
    const { pinned, ask } = commit();
    if (ask && pinned !== undefined) return { outcome: 'unresolved' };
    const start = this.#start(pinned);
    if (start === undefined) return unknown(`${purpose}:${whole}`);
    switch (start.outcome) {
      case 'found':
        return this.#finish(walk(this.objects, start, inner), purpose);
      case 'nothing':
        throw new DiagnosticError(noSuchSubtree(this.#options.island));
      case 'submodule':
        if (git.submodules) return { outcome: 'whole' };
        throw new DiagnosticError(noSuchSubtree(this.#options.island));
      case 'missing':
        return unknown(`${purpose}:${whole}`);
      default:
        return unreachable(start);
    }
  }

  /** The commit that the island stands for, as far as it is known, and whether or not its objects are there. */
  get commit(): GitId | undefined {
    const { pinned, ask } = this.#options.commit();
    const { ref } = this.#options.git;
    return (ask ? undefined : pinned) ?? (isGitId(ref) ? ref : undefined);
  }

  /** The directory that it is of its repository, without a slash at its ends; empty where it is all of it. */
  get subtree(): string {
    return this.#options.git.subtree;
  }

  #start(pinned: GitId | undefined): WalkResult | undefined {
    const { commit } = this;
    const root = commit === undefined ? undefined : this.objects.rootOf(commit);
    if (commit === undefined || root === undefined) return undefined;
    if (pinned === undefined) this.#options.onCommit(commit);
    return walkToSubtree(this.objects, root, this.#options.git.subtree);
  }

  #finish(result: WalkResult, purpose: Purpose): PartsResult {
    const { submodules } = this.#options.git;
    switch (result.outcome) {
      case 'nothing':
        return result;
      case 'submodule':
        return submodules ? { outcome: 'whole' } : { outcome: 'nothing' };
      case 'missing':
        return unknown(`${result.what === 'target' ? 'read' : purpose}:${result.path}`);
      case 'found': {
        const { node, path } = result;
        if (node.kind === 'submodule' && submodules) return { outcome: 'whole' };
        if (purpose === 'look' || this.#isThere(node)) return result;
        return unknown(`read:${path === '' ? '/' : path}`);
      }
      default:
        return unreachable(result);
    }
  }

  #isThere(node: TreeNode): boolean {
    switch (node.kind) {
      case 'file':
        return this.objects.content(node) !== undefined;
      case 'directory':
        return this.objects.children(node) !== undefined;
      case 'symlink':
      case 'submodule':
        return true;
      default:
        return unreachable(node);
    }
  }
}

function unknown(word: `${Purpose}:${string}`): PartsResult {
  return { outcome: 'unknown', words: [word as ReadingWord] };
}

function noSuchSubtree({ key }: Island): Diagnostic {
  return {
    code: 'CAB3207',
    severity: 'error',
    message: `the island '${key}' cannot be read: it has no such sub-tree`,
  };
}
