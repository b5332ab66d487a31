import { DiagnosticError } from '../diagnostics/index.ts';
import {
  type Digest,
  DigestHasher,
  type Sha256,
  Sha256Hasher,
  digestFromBytes,
  digestOf,
  isTurnOver,
  nextTurn,
  sha256Of,
  sha256OfBytes,
} from '../foundation/index.ts';
import type { Blobs } from './blobs.ts';
import { encodeDirectory } from './directory-encoding.ts';
import type { Directory, DirectoryNode, FileNode } from './directory.ts';
import { contentKinds } from './known-contents.ts';
import type { Metadata } from './metadata.ts';
import type { KnownContent, Sha256Directory, Sha256Reference } from './records.ts';
import type { Trees } from './trees.ts';

/** What is hashed, by the digest that the store has it under; whoever knows its size spares a look at it. */
export type Hashed = Pick<KnownContent, 'kind' | 'digest'> & Partial<Pick<KnownContent, 'size'>>;

export interface Sha256Parts {
  readonly metadata: Metadata;
  readonly blobs: Blobs;
  readonly trees: Trees;
}

/** Blobs up to this size are read at once. */
const wholeSize = 1 << 20;
/** How many digests wait to be written together: so many are lost at most where the process is killed. */
const batchSize = 1024;

/**
 * What the store's content is known by where only SHA-256 is spoken: computed when it is first asked for, and kept. The
 * SHA-256 form of a directory is its canonical encoding with the SHA-256 digests and sizes of what is in it.
 */
export class Sha256Digests {
  readonly #parts: Sha256Parts;

  constructor(parts: Sha256Parts) {
    this.#parts = parts;
  }

  /** Of a blob, or of a directory in its SHA-256 form. Nothing is read of what was hashed before. */
  of(hashed: Hashed, signal?: AbortSignal): Promise<Sha256Reference> {
    return this.#computing(signal, (computation) => computation.of(hashed));
  }

  /** A directory in its SHA-256 form. */
  encoding(tree: Digest, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#computing(signal, (computation) => computation.encoding(tree));
  }

  /** Each directory of a tree once, the root first, one after the other as they are asked for. */
  async *directories(root: Digest, signal?: AbortSignal): AsyncGenerator<Sha256Directory> {
    const seen = new Set([root]);
    const waiting = [root];
    for (let tree = waiting.pop(); tree !== undefined; tree = waiting.pop()) {
      const digest = tree;
      const encoding = await this.#computing(signal, (computation) => computation.encoding(digest));
      yield { tree, encoding, sha256: sha256Of(encoding), size: encoding.length };
      for (const child of this.#parts.trees.get(tree).directories.toReversed()) {
        if (seen.has(child.digest)) continue;
        seen.add(child.digest);
        waiting.push(child.digest);
      }
    }
  }

  /** What is known by these digests: one may be that of several contents, such as a file that is equal to a directory's encoding. */
  find(digests: Iterable<Sha256>): ReadonlyMap<Sha256, readonly KnownContent[]> {
    const found = new Map<Sha256, KnownContent[]>();
    for (const row of this.#parts.metadata.all(
      `SELECT kind, digest, sha256, size FROM json_each(?)
       JOIN sha256_digests INDEXED BY sha256_digests_by_sha256 ON sha256 = unhex(value)`,
      JSON.stringify([...digests]),
    )) {
      const sha256 = sha256OfBytes(row['sha256'] as Uint8Array);
      const kind = row['kind'] === contentKinds.file ? 'file' : 'directory';
      const digest = digestFromBytes(row['digest'] as Uint8Array);
      found.set(sha256, [...(found.get(sha256) ?? []), { kind, digest, size: row['size'] as number }]);
    }
    return found;
  }

  /** Notes what the caller has hashed with both functions. */
  note(known: readonly { readonly hashed: Hashed; readonly reference: Sha256Reference }[]): void {
    writeDigests(this.#parts.metadata, known);
  }

  async #computing<T>(
    signal: AbortSignal | undefined,
    compute: (computation: Computation) => Promise<T>,
  ): Promise<T> {
    const computation = new Computation(this.#parts, signal);
    try {
      return await compute(computation);
    } finally {
      computation.save();
    }
  }
}

/** One piece of work, which remembers what it has found out and not yet written. */
class Computation {
  readonly #parts: Sha256Parts;
  readonly #signal: AbortSignal | undefined;
  readonly #found = new Map<string, { readonly hashed: Hashed; readonly reference: Sha256Reference }>();

  constructor(parts: Sha256Parts, signal: AbortSignal | undefined) {
    this.#parts = parts;
    this.#signal = signal;
  }

  async of(hashed: Hashed): Promise<Sha256Reference> {
    const known = this.#find(hashed);
    if (known !== undefined) return known;
    const reference =
      hashed.kind === 'file'
        ? await this.#ofBlob(hashed.digest, hashed.size)
        : await this.#ofTree(hashed.digest);
    this.#found.set(keyOf(hashed), { hashed, reference });
    if (this.#found.size >= batchSize) this.save();
    return reference;
  }

  async encoding(tree: Digest): Promise<Uint8Array> {
    const directory = this.#directory(tree);
    const files: FileNode<Sha256>[] = [];
    const directories: DirectoryNode<Sha256>[] = [];
    for (const file of directory.files) {
      const { sha256, size } = await this.of({ kind: 'file', digest: file.digest, size: file.size });
      files.push({ ...file, digest: sha256, size });
    }
    for (const { name, digest } of directory.directories) {
      const { sha256, size } = await this.of({ kind: 'directory', digest });
      directories.push({ name, digest: sha256, size });
    }
    return encodeDirectory({ files, directories, symlinks: directory.symlinks });
  }

  /** Writes down what was found out. */
  save(): void {
    if (this.#found.size === 0) return;
    const found = [...this.#found.values()];
    this.#found.clear();
    writeDigests(this.#parts.metadata, found);
  }

  #find(hashed: Hashed): Sha256Reference | undefined {
    const found = this.#found.get(keyOf(hashed));
    if (found !== undefined) return found.reference;
    const row = this.#parts.metadata.get(
      'SELECT sha256, size FROM sha256_digests WHERE kind = ? AND digest = ?',
      contentKinds[hashed.kind],
      Buffer.from(hashed.digest, 'hex'),
    );
    if (row === undefined) return undefined;
    return { sha256: sha256OfBytes(row['sha256'] as Uint8Array), size: row['size'] as number };
  }

  async #ofTree(digest: Digest): Promise<Sha256Reference> {
    const encoding = await this.encoding(digest);
    return { sha256: sha256Of(encoding), size: encoding.length };
  }

  /** What is damaged would keep a wrong digest for ever, so the one it is stored under is looked at on the way. */
  async #ofBlob(digest: Digest, size = this.#parts.blobs.size(digest)): Promise<Sha256Reference> {
    if (size <= wholeSize) {
      const content = this.#parts.blobs.read(digest);
      await this.#takeTurns();
      if (digestOf(content) !== digest) throw damaged('blob', digest);
      return { sha256: sha256Of(content), size: content.length };
    }
    const own = new DigestHasher();
    const hasher = new Sha256Hasher();
    for (const chunk of this.#parts.blobs.chunks(digest)) {
      own.update(chunk);
      hasher.update(chunk);
      await this.#takeTurns();
    }
    if (own.digest() !== digest) throw damaged('blob', digest);
    return { sha256: hasher.digest(), size };
  }

  #directory(digest: Digest): Directory {
    const encoding = this.#parts.trees.encoding(digest);
    if (digestOf(encoding) !== digest) throw damaged('directory', digest);
    return this.#parts.trees.decode(digest, encoding);
  }

  async #takeTurns(): Promise<void> {
    if (!isTurnOver()) return;
    await nextTurn();
    this.#signal?.throwIfAborted();
  }
}

function writeDigests(
  metadata: Metadata,
  known: readonly { readonly hashed: Hashed; readonly reference: Sha256Reference }[],
): void {
  metadata.transaction(() => {
    for (const { hashed, reference } of known) {
      metadata.run(
        'INSERT INTO sha256_digests (kind, digest, sha256, size) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
        contentKinds[hashed.kind],
        Buffer.from(hashed.digest, 'hex'),
        Buffer.from(reference.sha256, 'hex'),
        reference.size,
      );
    }
  });
}

function keyOf({ kind, digest }: Hashed): string {
  return `${kind}:${digest}`;
}

function damaged(what: string, digest: Digest): DiagnosticError {
  return new DiagnosticError({
    code: 'CAB5003',
    severity: 'error',
    message: `the ${what} ${digest} is damaged: its content has another digest`,
    hint: "run 'cab store verify' to find what else is damaged",
  });
}
