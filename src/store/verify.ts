import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type Digest,
  DigestHasher,
  type StorePath,
  digestOf,
  hashPartOfStorePath,
  parseDigest,
} from '../foundation/index.ts';
import { directoriesOf } from './add-tree.ts';
import { type Blobs, fileChunks } from './blobs.ts';
import { decodeDirectory } from './directory-encoding.ts';
import { type Directory, entriesOf } from './directory.ts';
import type { Outputs } from './outputs.ts';
import type { OutputRecord } from './records.ts';
import { isNamedBy } from './self-reference.ts';
import type { Trees } from './trees.ts';

/** Something in the store that is not as it should be. `path` is a file of the store, or what names the thing. */
export interface VerifyFinding {
  readonly kind:
    'blob-corrupt' | 'blob-missing' | 'tree-corrupt' | 'tree-missing' | 'path-wrong' | 'materialised-differs';
  readonly path: string;
  readonly detail: string;
}

/** How much was looked at. */
export interface VerifyCounts {
  blobs: number;
  trees: number;
  outputs: number;
  materialised: number;
  findings: number;
}

export interface VerifiedParts {
  readonly folder: string;
  readonly blobs: Blobs;
  readonly trees: Trees;
  readonly outputs: Outputs;
  readonly materialisedPath: (path: StorePath) => string;
}

/** One look at everything: iterate for the findings, `counts` is complete after the last. */
export class Verification implements AsyncIterable<VerifyFinding> {
  readonly counts: VerifyCounts = { blobs: 0, trees: 0, outputs: 0, materialised: 0, findings: 0 };
  readonly #parts: VerifiedParts;

  constructor(parts: VerifiedParts) {
    this.#parts = parts;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VerifyFinding> {
    for (const check of [this.#blobs(), this.#trees(), this.#outputs()]) {
      for await (const finding of check) {
        this.counts.findings++;
        yield finding;
      }
    }
  }

  async *#blobs(): AsyncGenerator<VerifyFinding> {
    const folder = path.join(this.#parts.folder, 'blobs');
    for (const beginning of readdirSync(folder)) {
      for (const name of readdirSync(path.join(folder, beginning))) {
        const file = path.join(folder, beginning, name);
        this.counts.blobs++;
        const expected = parseDigest(name.replace(/\.x$/, ''));
        const actual = await hashFile(file);
        if (expected === actual) continue;
        yield { kind: 'blob-corrupt', path: file, detail: `its content has the digest ${actual}` };
      }
    }
  }

  async *#trees(): AsyncGenerator<VerifyFinding> {
    for (const { digest, encoding } of this.#parts.trees.all()) {
      this.counts.trees++;
      if (this.counts.trees % 256 === 0) await turn();
      const actual = digestOf(encoding);
      if (actual !== digest) {
        yield { kind: 'tree-corrupt', path: digest, detail: `its encoding has the digest ${actual}` };
        continue;
      }
      yield* this.#children(digest, decodeDirectory(encoding));
    }
  }

  *#children(digest: Digest, directory: Directory): Generator<VerifyFinding> {
    for (const file of directory.files) {
      if (this.#parts.blobs.has(file.digest)) continue;
      const detail = `the tree ${digest} needs it as '${file.name}'`;
      yield { kind: 'blob-missing', path: file.digest, detail };
    }
    for (const child of directory.directories) {
      if (this.#parts.trees.has(child.digest)) continue;
      const detail = `the tree ${digest} needs it as '${child.name}'`;
      yield { kind: 'tree-missing', path: child.digest, detail };
    }
  }

  async *#outputs(): AsyncGenerator<VerifyFinding> {
    for (const record of this.#parts.outputs.all()) {
      this.counts.outputs++;
      await turn();
      if (!this.#parts.trees.has(record.tree)) {
        yield { kind: 'tree-missing', path: record.tree, detail: `it is the tree of '${record.path}'` };
        continue;
      }
      // What is missing or damaged below the root was found already.
      if (!this.#isWhole(record.tree)) continue;
      if (!this.#isNamedRightly(record)) {
        yield { kind: 'path-wrong', path: record.path, detail: 'its hash part is not that of its content' };
      }
      yield* this.#materialised(record);
    }
  }

  #isWhole(root: Digest): boolean {
    try {
      for (const directory of directoriesOf(root, this.#readTree)) {
        if (!directory.files.every((file) => this.#parts.blobs.has(file.digest))) return false;
      }
      return true;
    } catch {
      return false;
    }
  }

  #isNamedRightly(record: OutputRecord): boolean {
    const mentioning = new Set<Digest>();
    if (record.references.includes(record.path)) {
      for (const directory of directoriesOf(record.tree, this.#readTree)) {
        for (const file of directory.files) mentioning.add(file.digest);
      }
    }
    const chunks = (digest: Digest) => this.#parts.blobs.chunks(digest);
    return isNamedBy(hashPartOfStorePath(record.path), {
      root: record.tree,
      readTree: this.#readTree,
      mentioning,
      chunks,
    });
  }

  async *#materialised(record: OutputRecord): AsyncGenerator<VerifyFinding> {
    const target = this.#parts.materialisedPath(record.path);
    if (lstatSync(target, { throwIfNoEntry: false }) === undefined) return;
    this.counts.materialised++;
    const root = this.#parts.trees.get(record.tree);
    const alone = [...entriesOf(root)].some((entry) => entry.name === '');
    yield* alone
      ? this.#entries(path.dirname(target), rename(root, path.basename(target)))
      : this.#folder(target, root);
  }

  async *#folder(folder: string, directory: Directory): AsyncGenerator<VerifyFinding> {
    if (!lstatSync(folder).isDirectory()) {
      yield differs(folder, 'it should be a folder');
      return;
    }
    const expected = new Set([...entriesOf(directory)].map((entry) => entry.name));
    for (const name of readdirSync(folder)) {
      if (!expected.has(name)) yield differs(path.join(folder, name), 'it should not be there');
    }
    yield* this.#entries(folder, directory);
  }

  async *#entries(folder: string, directory: Directory): AsyncGenerator<VerifyFinding> {
    for (const entry of entriesOf(directory)) {
      const file = path.join(folder, entry.name);
      if (lstatSync(file, { throwIfNoEntry: false }) === undefined) yield differs(file, 'it is missing');
      else if ('target' in entry) yield* compareLink(file, entry.target);
      else if ('executable' in entry) yield* this.#file(file, entry.digest, entry.executable);
      else yield* this.#folder(file, this.#parts.trees.get(entry.digest));
    }
  }

  async *#file(file: string, digest: Digest, executable: boolean): AsyncGenerator<VerifyFinding> {
    const status = lstatSync(file);
    if (!status.isFile()) {
      yield differs(file, 'it should be a file');
      return;
    }
    if (((status.mode & 0o100) !== 0) !== executable) {
      yield differs(file, `it should ${executable ? '' : 'not '}be executable`);
    }
    const blob = lstatSync(this.#parts.blobs.pathOf(digest, executable), { throwIfNoEntry: false });
    // A link to the blob was looked at with the blob.
    if (blob?.ino === status.ino && blob.dev === status.dev) return;
    if ((await hashFile(file)) !== digest)
      yield differs(file, `its content should have the digest ${digest}`);
  }

  readonly #readTree = (digest: Digest): Directory => this.#parts.trees.get(digest);
}

function* compareLink(file: string, target: string): Generator<VerifyFinding> {
  if (!lstatSync(file).isSymbolicLink()) yield differs(file, 'it should be a symbolic link');
  else if (readlinkSync(file) !== target) yield differs(file, `it should point to '${target}'`);
}

function differs(file: string, detail: string): VerifyFinding {
  return { kind: 'materialised-differs', path: file, detail };
}

function rename(directory: Directory, name: string): Directory {
  return {
    files: directory.files.map((file) => ({ ...file, name })),
    directories: [],
    symlinks: directory.symlinks.map((link) => ({ ...link, name })),
  };
}

async function hashFile(file: string): Promise<Digest> {
  const hasher = new DigestHasher();
  for (const chunk of fileChunks(file)) {
    hasher.update(chunk);
    await turn();
  }
  return hasher.digest();
}
