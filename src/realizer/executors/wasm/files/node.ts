import { compareCodePoints } from '../../../../foundation/index.ts';
import type { BlobReference } from '../../../../store/index.ts';
import type { FileContent } from './content.ts';

/** A name of a file. Hard links are several of these with one content; whether it is executable belongs to the name. */
export interface FileNode {
  readonly kind: 'file';
  readonly content: FileContent;
  executable: boolean;
}

interface SymlinkNode {
  readonly kind: 'symlink';
  readonly inode: bigint;
  readonly target: string;
}

/** The file `fix`: what is written to it are claims. */
export interface ClaimsNode {
  readonly kind: 'claims';
  readonly inode: bigint;
}

export type Node = FileNode | SymlinkNode | ClaimsNode | DirectoryNode;

/** Which names may be made, replaced and removed in a directory: any, none, those of a set, or all but those of one. */
export type WritableNames =
  'any' | 'none' | { readonly only: ReadonlySet<string> } | { readonly allBut: ReadonlySet<string> };

/** A directory; one of the store's comes into being only when it is first looked into. */
export class DirectoryNode {
  readonly kind = 'directory';
  readonly inode: bigint;
  readonly writable: WritableNames;
  /** Where `..` leads; undefined for the root. */
  parent: DirectoryNode | undefined;
  /** Set once it has been removed while a descriptor still holds it: nothing can be made in it any more. */
  removed = false;
  /** Its encoding, where it is one of the store's: nothing in it can change. */
  stored: BlobReference | undefined;
  #load: ((directory: DirectoryNode) => ReadonlyMap<string, Node>) | undefined;
  #entries = new Map<string, Node>();

  constructor(options: {
    readonly inode: bigint;
    readonly writable: WritableNames;
    readonly parent: DirectoryNode | undefined;
    readonly load?: (directory: DirectoryNode) => ReadonlyMap<string, Node>;
  }) {
    this.inode = options.inode;
    this.writable = options.writable;
    this.parent = options.parent;
    this.#load = options.load;
  }

  allows(name: string): boolean {
    if (typeof this.writable === 'string') return this.writable === 'any';
    return 'only' in this.writable ? this.writable.only.has(name) : !this.writable.allBut.has(name);
  }

  get(name: string): Node | undefined {
    return this.#loaded().get(name);
  }

  /** Puts an entry at a name, in the place of what was there. */
  set(name: string, node: Node): void {
    this.#loaded().set(name, node);
    if (node.kind === 'directory') node.parent = this;
  }

  delete(name: string): void {
    this.#loaded().delete(name);
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** How many entries it has. */
  get size(): number {
    return this.#loaded().size;
  }

  /** The entries in the order of their names' UTF-8 encodings. */
  sortedEntries(): readonly (readonly [string, Node])[] {
    return [...this.#loaded()].toSorted(([left], [right]) => compareCodePoints(left, right));
  }

  isWithin(other: DirectoryNode): boolean {
    return this === other || this.parent?.isWithin(other) === true;
  }

  #loaded(): Map<string, Node> {
    if (this.#load !== undefined) {
      this.#entries = new Map(this.#load(this));
      this.#load = undefined;
    }
    return this.#entries;
  }
}

export function inodeOf(node: Node): bigint {
  return node.kind === 'file' ? node.content.inode : node.inode;
}
