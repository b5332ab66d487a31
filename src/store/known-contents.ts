import type { Digest, StorePath } from '../foundation/index.ts';
import type { Blobs } from './blobs.ts';
import type { Metadata } from './metadata.ts';
import type { Outputs } from './outputs.ts';
import type { KnownContent, KnownContentRecord } from './records.ts';
import type { Trees } from './trees.ts';

/** How the tables tell files from directories. */
export const contentKinds = { file: 1, directory: 2 } as const;

/**
 * Parts of outputs by the ids under which others publish them, such as `git-blob:…`, as the programs that made the outputs have
 * named them. A name counts for the program that gave it, and goes with the output that holds what it names.
 */
export class KnownContents {
  readonly #metadata: Metadata;
  readonly #blobs: Blobs;
  readonly #trees: Trees;
  readonly #outputs: Outputs;

  constructor(parts: {
    readonly metadata: Metadata;
    readonly blobs: Blobs;
    readonly trees: Trees;
    readonly outputs: Outputs;
  }) {
    this.#metadata = parts.metadata;
    this.#blobs = parts.blobs;
    this.#trees = parts.trees;
    this.#outputs = parts.outputs;
  }

  /** What the program has named so, if it is still there: then the output that holds it is used. */
  find(program: Digest, id: string): KnownContent | undefined {
    const row = this.#metadata.get(
      `SELECT kind, known_contents.digest AS digest, known_contents.size AS size, path FROM known_contents
       JOIN programs ON programs.id = program JOIN outputs ON outputs.id = output
       WHERE programs.digest = ? AND name = ?`,
      program,
      id,
    );
    if (row === undefined) return undefined;
    const path = row['path'] as StorePath;
    if (!this.#outputs.use([path]).has(path)) return undefined;
    const kind = row['kind'] === contentKinds.file ? 'file' : 'directory';
    const digest = Buffer.from(row['digest'] as Uint8Array).toString('hex') as Digest;
    const size = this.#sizeOf(kind, digest);
    return size !== undefined && size === row['size'] ? { kind, digest, size } : undefined;
  }

  /** Undefined where it is not there. */
  #sizeOf(kind: KnownContent['kind'], digest: Digest): number | undefined {
    if (kind === 'directory')
      return this.#trees.has(digest) ? this.#trees.storedEncoding(digest).length : undefined;
    return this.#blobs.has(digest) ? this.#blobs.size(digest) : undefined;
  }

  /** Adds names, for outputs that are recorded; the newest counts. Within a transaction of the caller's. */
  add(records: readonly KnownContentRecord[]): void {
    const programs = new Map<Digest, number>();
    const outputs = new Map<string, number>();
    for (const { program, id, kind, digest, size, path } of records) {
      const programId = programs.get(program) ?? this.#programId(program);
      programs.set(program, programId);
      const output = outputs.get(path) ?? this.#outputId(path);
      outputs.set(path, output);
      this.#metadata.run(
        `INSERT INTO known_contents (program, name, kind, digest, size, output) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET kind = excluded.kind, digest = excluded.digest, size = excluded.size,
         output = excluded.output`,
        programId,
        id,
        contentKinds[kind],
        Buffer.from(digest, 'hex'),
        size,
        output,
      );
    }
  }

  #programId(program: Digest): number {
    this.#metadata.run('INSERT INTO programs (digest) VALUES (?) ON CONFLICT DO NOTHING', program);
    return this.#metadata.get('SELECT id FROM programs WHERE digest = ?', program)?.['id'] as number;
  }

  #outputId(path: string): number {
    const row = this.#metadata.get('SELECT id FROM outputs WHERE path = ?', path);
    if (row === undefined) throw new Error(`'${path}' is not in the store, and a part of it was to be named`);
    return row['id'] as number;
  }
}
