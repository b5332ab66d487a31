import { type Stats, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type Digest, DigestHasher, type StorePath } from '../../foundation/index.ts';
import { fileChunks } from '../blobs.ts';
import { type Directory, entriesOf } from '../directory.ts';
import type { VerifyFinding } from './finding.ts';

/** What a look at a materialised tree needs of the store. */
export interface MaterialisedParts {
  readonly readTree: (digest: Digest) => Directory;
  readonly blobFile: (digest: Digest, executable: boolean) => string;
}

/** Compares a tree with what lies at `target`, where it was materialised. */
export class MaterialisedLook {
  readonly #output: StorePath;
  readonly #parts: MaterialisedParts;

  constructor(output: StorePath, parts: MaterialisedParts) {
    this.#output = output;
    this.#parts = parts;
  }

  async *findings(target: string, root: Directory): AsyncGenerator<VerifyFinding> {
    const alone = [...entriesOf(root)].some((entry) => entry.name === '');
    yield* alone
      ? this.#entries(path.dirname(target), renamed(root, path.basename(target)))
      : this.#folder(target, root);
  }

  async *#folder(folder: string, directory: Directory): AsyncGenerator<VerifyFinding> {
    if (!lstatSync(folder).isDirectory()) {
      yield this.#differs(folder, 'it should be a folder');
      return;
    }
    const expected = new Set([...entriesOf(directory)].map((entry) => entry.name));
    for (const name of readdirSync(folder)) {
      if (!expected.has(name)) yield this.#differs(path.join(folder, name), 'it should not be there');
    }
    yield* this.#entries(folder, directory);
  }

  async *#entries(folder: string, directory: Directory): AsyncGenerator<VerifyFinding> {
    for (const entry of entriesOf(directory)) {
      const file = path.join(folder, entry.name);
      const status = lstatSync(file, { throwIfNoEntry: false });
      if (status === undefined) yield this.#differs(file, 'it is missing');
      else if ('target' in entry) yield* this.#link(file, status, entry.target);
      else if ('executable' in entry) yield* this.#file(file, status, entry);
      else yield* this.#folder(file, this.#parts.readTree(entry.digest));
    }
  }

  *#link(file: string, status: Stats, target: string): Generator<VerifyFinding> {
    if (!status.isSymbolicLink()) yield this.#differs(file, 'it should be a symbolic link');
    else if (readlinkSync(file) !== target) yield this.#differs(file, `it should point to '${target}'`);
  }

  async *#file(
    file: string,
    status: Stats,
    { digest, executable }: { readonly digest: Digest; readonly executable: boolean },
  ): AsyncGenerator<VerifyFinding> {
    if (!status.isFile()) {
      yield this.#differs(file, 'it should be a file');
      return;
    }
    if (((status.mode & 0o100) !== 0) !== executable) {
      yield this.#differs(file, `it should ${executable ? '' : 'not '}be executable`);
    }
    const blob = lstatSync(this.#parts.blobFile(digest, executable), { throwIfNoEntry: false });
    // A link to the blob was looked at with the blob.
    if (blob?.ino === status.ino && blob.dev === status.dev) return;
    if ((await hashFile(file)) === digest) return;
    yield this.#differs(file, `its content should have the digest ${digest}`);
  }

  #differs(file: string, detail: string): VerifyFinding {
    return { kind: 'materialised-differs', path: file, detail, output: this.#output };
  }
}

/** An output that is one file or link lies at its own path. */
function renamed(directory: Directory, name: string): Directory {
  return {
    files: directory.files.map((file) => ({ ...file, name })),
    directories: [],
    symlinks: directory.symlinks.map((link) => ({ ...link, name })),
  };
}

/** The digest of a file's content. Others get their turn between its pieces. */
export async function hashFile(file: string): Promise<Digest> {
  const hasher = new DigestHasher();
  for (const chunk of fileChunks(file)) {
    hasher.update(chunk);
    await turn();
  }
  return hasher.digest();
}
