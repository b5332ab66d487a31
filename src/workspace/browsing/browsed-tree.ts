import { type Digest, unreachable } from '../../foundation/index.ts';
import {
  type GitId,
  type GitIds,
  type IslandParts,
  type PartsResult,
  type ReadingWord,
  type TreeContents,
  type TreeNode,
  walk,
} from '../../islands/index.ts';
import { refWord } from '../reading/companions.ts';

/** A node with where it lies from the top of its tree, such as `/docs/page.md`; `/` is the tree itself. */
export interface Place {
  readonly node: TreeNode;
  readonly path: string;
}

/**
 * A tree to be looked through, of which perhaps only parts are on this machine. Each function throws `EffectNeeded` where
 * something has to come first, so what is computed with it is computed by `Project.browse`.
 */
export interface BrowsedTree {
  /** As messages call it. */
  readonly display: string;
  /** What is on this machine already. */
  readonly contents: TreeContents;
  /** The git id of a node, in an island of git, as far as it is known. */
  gitId(node: TreeNode): GitId | undefined;
  /** What is at `inner`; links on the way are followed, the last one is not. */
  find(inner: string): Place | undefined;
  /** The entries of a directory, by name. */
  entries(directory: Place): ReadonlyMap<string, TreeNode>;
  /** The blob that a file is. */
  content(file: Place): { readonly digest: Digest; readonly size: number };
  /** The text of a symbolic link. */
  target(link: Place): string;
}

/** A tree that the store has as a whole. */
export class StoredTree implements BrowsedTree {
  readonly display: string;
  readonly contents: TreeContents;
  readonly #ids: GitIds | undefined;
  readonly #root: TreeNode;

  /** `ids` where it is an island of git. */
  constructor(options: {
    readonly display: string;
    readonly contents: TreeContents;
    readonly tree: Digest;
    readonly ids?: GitIds | undefined;
  }) {
    this.display = options.display;
    this.contents = options.contents;
    this.#ids = options.ids;
    const root: TreeNode = { kind: 'directory', digest: options.tree };
    // A tree that is one file is kept as a directory with that under the empty name.
    this.#root = there(this.contents.children(root)).get('') ?? root;
  }

  gitId(node: TreeNode): GitId | undefined {
    return this.#ids?.of(node);
  }

  find(inner: string): Place | undefined {
    const result = walk(this.contents, { node: this.#root, path: '' }, inner);
    return result.outcome === 'found' ? { node: result.node, path: result.path || '/' } : undefined;
  }

  entries({ node }: Place): ReadonlyMap<string, TreeNode> {
    return node.kind === 'directory' ? there(this.contents.children(node)) : new Map();
  }

  content({ node }: Place): { readonly digest: Digest; readonly size: number } {
    return there(node.kind === 'file' ? this.contents.content(node) : undefined);
  }

  target({ node }: Place): string {
    return there(node.kind === 'symlink' ? this.contents.target(node) : undefined);
  }
}

/** An island of git, read in parts. */
export class PartsTree implements BrowsedTree {
  readonly display: string;
  readonly #parts: IslandParts;
  readonly #subtree: string;
  readonly #need: (words: readonly ReadingWord[]) => never;
  readonly #needWhole: () => never;

  constructor(options: {
    readonly display: string;
    readonly parts: IslandParts;
    readonly need: (words: readonly ReadingWord[]) => never;
    readonly needWhole: () => never;
  }) {
    this.display = options.display;
    this.#parts = options.parts;
    this.#subtree = options.parts.subtree === '' ? '' : `/${options.parts.subtree}`;
    this.#need = options.need;
    this.#needWhole = options.needWhole;
  }

  get contents(): TreeContents {
    return this.#parts.objects;
  }

  gitId(node: TreeNode): GitId | undefined {
    return node.id;
  }

  find(inner: string): Place | undefined {
    return this.#answer(this.#parts.find(inner, 'look'));
  }

  entries(place: Place): ReadonlyMap<string, TreeNode> {
    if (place.node.kind !== 'directory') return new Map();
    return this.#parts.objects.children(place.node) ?? this.#read(place);
  }

  content(place: Place): { readonly digest: Digest; readonly size: number } {
    if (place.node.kind !== 'file') throw new Error(`${place.path} is not a file`);
    return this.#parts.objects.content(place.node) ?? this.#read(place);
  }

  target(place: Place): string {
    if (place.node.kind !== 'symlink') throw new Error(`${place.path} is not a symbolic link`);
    return this.#parts.objects.target(place.node) ?? this.#read(place);
  }

  #read({ path }: Place): never {
    const whole = path === '/' && this.#subtree !== '' ? this.#subtree : `${this.#subtree}${path}`;
    return this.#need([`read:${whole}` as ReadingWord]);
  }

  #answer(result: PartsResult): Place | undefined {
    switch (result.outcome) {
      case 'found':
        return { node: result.node, path: result.path.slice(this.#subtree.length) || '/' };
      case 'nothing':
        return undefined;
      case 'whole':
        return this.#needWhole();
      case 'unresolved':
        return this.#need([refWord]);
      case 'unknown':
        return this.#need(result.words);
      default:
        return unreachable(result);
    }
  }
}

function there<T>(content: T | undefined): T {
  if (content === undefined) throw new Error('a tree of the store lacks a part');
  return content;
}
