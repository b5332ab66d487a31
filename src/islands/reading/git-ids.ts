import { type Hash, createHash } from 'node:crypto';
import { type Digest, unreachable } from '../../foundation/index.ts';
import type { Directory, Store } from '../../store/index.ts';
import type { GitId } from './git-object.ts';
import type { TreeNode } from './tree-node.ts';

/** A git tree's entry before it is encoded. */
interface Encoded {
  readonly mode: string;
  readonly name: string;
  readonly id: GitId;
}

/** The ids that content of the store has, or would have, in a git repository whose ids have `idLength` digits. */
export class GitIds {
  readonly #store: Store;
  readonly #algorithm: 'sha1' | 'sha256';
  readonly #blobs = new Map<Digest, GitId>();
  readonly #trees = new Map<Digest, GitId | undefined>();

  constructor(store: Store, idLength: number) {
    this.#store = store;
    this.#algorithm = idLength === 40 ? 'sha1' : 'sha256';
  }

  /** Undefined where there is none: an empty directory is none of git's, but may stand where a submodule is. */
  of(node: TreeNode): GitId | undefined {
    if (node.id !== undefined) return node.id;
    switch (node.kind) {
      case 'file':
        return node.digest === undefined ? undefined : this.#ofBlob(node.digest);
      case 'directory':
        return node.digest === undefined ? undefined : this.#ofTree(node.digest);
      case 'symlink':
        return node.target === undefined ? undefined : this.#ofTarget(node.target);
      case 'submodule':
        return undefined;
      default:
        return unreachable(node);
    }
  }

  #ofBlob(digest: Digest): GitId {
    const known = this.#blobs.get(digest);
    if (known !== undefined) return known;
    const hash = this.#begin('blob', this.#store.blobs.size(digest));
    for (const chunk of this.#store.blobs.chunks(digest)) hash.update(chunk);
    const id = hash.digest('hex');
    this.#blobs.set(digest, id);
    return id;
  }

  #ofTarget(target: string): GitId {
    return this.#begin('blob', Buffer.byteLength(target)).update(target).digest('hex');
  }

  #ofTree(digest: Digest): GitId | undefined {
    if (this.#trees.has(digest)) return this.#trees.get(digest);
    const id = this.#encode(this.#store.getTree(digest));
    this.#trees.set(digest, id);
    return id;
  }

  #encode({ files, directories, symlinks }: Directory): GitId | undefined {
    const entries: Encoded[] = [];
    for (const { name, digest, executable } of files) {
      entries.push({ mode: executable ? '100755' : '100644', name, id: this.#ofBlob(digest) });
    }
    for (const { name, target } of symlinks)
      entries.push({ mode: '120000', name, id: this.#ofTarget(target) });
    for (const { name, digest } of directories) {
      const id = this.#ofTree(digest);
      if (id === undefined) return undefined;
      entries.push({ mode: '40000', name, id });
    }
    if (entries.length === 0) return undefined;
    const content = Buffer.concat(entries.toSorted(byName).map(encodeEntry));
    return this.#begin('tree', content.length).update(content).digest('hex');
  }

  #begin(type: 'blob' | 'tree', size: number): Hash {
    return createHash(this.#algorithm).update(`${type} ${size}\0`);
  }
}

function encodeEntry({ mode, name, id }: Encoded): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);
}

/** Git sorts bytes, and a directory as if its name ended in a slash. */
function byName(left: Encoded, right: Encoded): number {
  return Buffer.compare(sortKey(left), sortKey(right));
}

function sortKey({ mode, name }: Encoded): Buffer {
  return Buffer.from(mode === '40000' ? `${name}/` : name);
}
