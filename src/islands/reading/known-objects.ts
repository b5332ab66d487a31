import { DiagnosticError } from '../../diagnostics/index.ts';
import type { Digest, StorePath } from '../../foundation/index.ts';
import type { BlobReference, Directory, Store } from '../../store/index.ts';
import { type GitId, type GitTreeEntry, isGitId, parseGitTree, treeOfCommit } from './git-object.ts';
import type { DirectoryNode, FileNode, SymlinkNode, TreeContents, TreeNode } from './tree-node.ts';

/** How many directories are kept parsed. */
const parsedLimit = 4096;

type Children = ReadonlyMap<string, TreeNode>;

/**
 * What the store has of git repositories: objects that reading derivations have brought, and directories and files of trees that
 * were fetched whole, each by the id that the fetching program, whose digest is `program`, has given it.
 */
export class KnownObjects implements TreeContents {
  readonly #store: Store;
  readonly #program: Digest;
  readonly #brought = new Map<GitId, BlobReference>();
  readonly #parsed = new Map<GitId, Children>();

  constructor(store: Store, program: Digest) {
    this.#store = store;
    this.#program = program;
  }

  /** Takes note of the output of a reading derivation: a directory of raw objects, each named by its id. */
  addOutput(output: StorePath): void {
    const entry = this.#store.lookup(output, '/');
    if (entry?.kind !== 'directory') return;
    for (const { name, digest, size } of entry.tree.files) {
      if (isGitId(name)) this.#brought.set(name, { digest, size });
    }
  }

  /** The tree of a commit. */
  rootOf(commit: GitId): DirectoryNode | undefined {
    const content = this.#find('git-commit', commit);
    if (content === undefined) return undefined;
    const tree = treeOfCommit(this.#store.blobs.read(content.digest));
    if (tree === undefined) throw malformed('commit', commit);
    return { kind: 'directory', id: tree };
  }

  children({ id, digest }: DirectoryNode): Children | undefined {
    if (digest !== undefined) return childrenOf(this.#store.getTree(digest));
    if (id === undefined) return undefined;
    const known = this.#parsed.get(id) ?? this.#parse(id);
    if (known !== undefined) return known;
    const whole = this.#store.findContent(this.#program, `git-tree:${id}`);
    return whole?.kind === 'directory' ? childrenOf(this.#store.getTree(whole.digest)) : undefined;
  }

  content({ id, digest, size }: FileNode): BlobReference | undefined {
    if (digest !== undefined && size !== undefined) return { digest, size };
    return id === undefined ? undefined : this.#find('git-blob', id);
  }

  target({ id, target }: SymlinkNode): string | undefined {
    if (target !== undefined) return target;
    const content = id === undefined ? undefined : this.#find('git-blob', id);
    return content && Buffer.from(this.#store.blobs.read(content.digest)).toString('utf8');
  }

  #parse(id: GitId): Children | undefined {
    const object = this.#find('git-tree-object', id);
    if (object === undefined) return undefined;
    const entries = parseGitTree(this.#store.blobs.read(object.digest), id.length / 2);
    if (entries === undefined) throw malformed('tree', id);
    const children = new Map([...entries.values()].map((entry) => [entry.name, nodeOf(entry)]));
    if (this.#parsed.size >= parsedLimit) this.#parsed.clear();
    this.#parsed.set(id, children);
    return children;
  }

  #find(format: string, id: GitId): BlobReference | undefined {
    const brought = this.#brought.get(id);
    if (brought !== undefined) return brought;
    const known = this.#store.findContent(this.#program, `${format}:${id}`);
    return known?.kind === 'file' ? known : undefined;
  }
}

/** The entries of a directory of the store, by name. */
export function childrenOf({ files, directories, symlinks }: Directory): Children {
  return new Map<string, TreeNode>([
    ...files.map((file) => [file.name, { kind: 'file', ...file } as const] as const),
    ...directories.map(({ name, digest }) => [name, { kind: 'directory', digest } as const] as const),
    ...symlinks.map(({ name, target }) => [name, { kind: 'symlink', target } as const] as const),
  ]);
}

function nodeOf({ kind, executable, id }: GitTreeEntry): TreeNode {
  return kind === 'file' ? { kind, executable, id } : { kind, id };
}

function malformed(what: string, id: GitId): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB3205',
    severity: 'error',
    message: `the git ${what} ${id} is malformed`,
    hint: 'whoever has made it has to mend it: git fsck tells more',
  });
}
