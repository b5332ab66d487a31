import { type Stats, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type Digest, digestOf, parseDigest } from '../../foundation/index.ts';
import { modeOfBlob } from '../blobs.ts';
import { decodeDirectory } from '../directory-encoding.ts';
import type { Directory } from '../directory.ts';
import { errorCode, isNotInStore } from '../faults.ts';
import type { BatchItem } from '../helper/batch.ts';
import { SharedWork, fileCost } from '../helper/shared-work.ts';
import type { OutputRecord } from '../records.ts';
import type { VerifyCounts, VerifyFinding } from './finding.ts';
import { MaterialisedLook, hashFile } from './on-disk.ts';
import type { StoreParts } from './parts.ts';
import { danglingRows, faultsOfDatabase } from './tables.ts';
import { Wholeness } from './wholeness.ts';

/** How much is hashed before the findings are told, counted in bytes. */
const hashedAtOnce = 256 << 20;

/** Files above this size are not hashed as a whole, in bytes. */
const largeSize = 64 << 20;

/** A file of `blobs/`, as a look finds it. */
interface BlobFile extends BatchItem {
  readonly name: string;
  readonly mode: number;
}

/**
 * One look at everything: iterate for the findings, `counts` is complete after the last. Others may build and collect meanwhile:
 * what is gone at the second look is no finding.
 */
export class Verification implements AsyncIterable<VerifyFinding> {
  readonly counts: VerifyCounts = { blobs: 0, trees: 0, outputs: 0, materialised: 0, findings: 0 };
  readonly #parts: StoreParts;
  readonly #wholeness: Wholeness;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#wholeness = new Wholeness(parts);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VerifyFinding> {
    const faults = [...faultsOfDatabase(this.#parts)];
    // Of a damaged database nothing else can be believed.
    const checks =
      faults.length > 0
        ? [faults, this.#blobs()]
        : [this.#rows(), this.#blobs(), this.#trees(), this.#outputs()];
    for (const check of checks) {
      for await (const finding of check) {
        this.counts.findings++;
        yield finding;
      }
    }
  }

  *#rows(): Generator<VerifyFinding> {
    yield* danglingRows(this.#parts.metadata);
    for (const key of this.#parts.derivers.damaged()) {
      const detail = 'what is kept under it is not the derivation that it names';
      yield { kind: 'derivation-corrupt', path: key, detail };
    }
  }

  async *#blobs(): AsyncGenerator<VerifyFinding> {
    let files: BlobFile[] = [];
    let cost = 0;
    for (const file of this.#blobFiles()) {
      files.push(file);
      cost += fileCost + file.size;
      if (cost < hashedAtOnce) continue;
      yield* await this.#hash(files);
      files = [];
      cost = 0;
    }
    yield* await this.#hash(files);
  }

  /** The files of all blobs; what is collected before it is looked at is none. */
  *#blobFiles(): Generator<BlobFile> {
    const folder = path.join(this.#parts.folder, 'blobs');
    for (const beginning of readdirSync(folder)) {
      for (const name of readdirSync(path.join(folder, beginning))) {
        const file = path.join(folder, beginning, name);
        const status = lstatSync(file, { throwIfNoEntry: false });
        if (status !== undefined) yield { path: file, name, size: status.size, mode: status.mode & 0o777 };
      }
    }
  }

  /** Hashes files, by two threads where there are many, and looks closer at those that are not as they should be. */
  async #hash(files: readonly BlobFile[]): Promise<VerifyFinding[]> {
    using work = new SharedWork<BlobFile>({ type: 'hash' }, this.#parts.blobs, this.#parts.helper);
    // A large one is hashed piece by piece, with turns for others.
    const doubtful: BlobFile[] = files.filter(({ size }) => size > largeSize);
    for (const file of files) if (file.size <= largeSize) work.add(file, fileCost + file.size);
    await work.finishLater((batch, items) => {
      for (const [index, file] of items.entries()) {
        const executable = file.name.endsWith('.x');
        const isRight = batch.blob(index).digest === (executable ? file.name.slice(0, -2) : file.name);
        if (isRight && file.mode === modeOfBlob(executable)) this.counts.blobs++;
        else doubtful.push(file);
      }
    });
    const findings: VerifyFinding[] = [];
    for (const { path: file, name } of doubtful) {
      const finding = await this.#blob(file, name);
      if (finding !== undefined) findings.push(finding);
    }
    return findings;
  }

  /** A file that was collected meanwhile is none. */
  async #blob(file: string, name: string): Promise<VerifyFinding | undefined> {
    const executable = name.endsWith('.x');
    const digest = parseDigest(executable ? name.slice(0, -2) : name);
    const named = digest === undefined ? {} : { digest };
    let actual: Digest;
    let status: Stats;
    try {
      actual = await hashFile(file);
      status = lstatSync(file);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      if (!isUnreadable(error)) throw error;
      this.counts.blobs++;
      return {
        kind: 'blob-corrupt',
        path: file,
        detail: `it cannot be read (${errorCode(error)})`,
        ...named,
      };
    }
    this.counts.blobs++;
    if (actual !== digest) {
      return { kind: 'blob-corrupt', path: file, detail: `its content has the digest ${actual}`, ...named };
    }
    const [mode, expected] = [status.mode & 0o777, modeOfBlob(executable)];
    if (mode === expected) return undefined;
    const detail = `its mode is ${mode.toString(8)}, and should be ${expected.toString(8)}`;
    return { kind: 'blob-mode', path: file, detail, digest };
  }

  async *#trees(): AsyncGenerator<VerifyFinding> {
    for (const { digest, encoding } of this.#parts.trees.all()) {
      this.counts.trees++;
      if (this.counts.trees % 256 === 0) await turn();
      const actual = digestOf(encoding);
      if (actual === digest) yield* this.#children(digest, decodeDirectory(encoding));
      else if (this.#parts.trees.has(digest)) {
        this.#wholeness.lacks(digest);
        yield { kind: 'tree-corrupt', path: digest, detail: `its encoding has the digest ${actual}`, digest };
      }
    }
  }

  /** A collector takes a tree's row out before its files: what lacks something and is there still, is broken. */
  *#children(digest: Digest, directory: Directory): Generator<VerifyFinding> {
    const { blobs, trees } = this.#parts;
    for (const file of directory.files) {
      if (blobs.exists(file.digest) || !trees.has(digest)) continue;
      const detail = `the tree ${digest} needs it as '${file.name}'`;
      this.#wholeness.lacks(file.digest);
      yield { kind: 'blob-missing', path: file.digest, detail, digest: file.digest };
    }
    for (const child of directory.directories) {
      if (trees.has(child.digest) || !trees.has(digest)) continue;
      const detail = `the tree ${digest} needs it as '${child.name}'`;
      this.#wholeness.lacks(child.digest);
      yield { kind: 'tree-missing', path: child.digest, detail, digest: child.digest };
    }
  }

  async *#outputs(): AsyncGenerator<VerifyFinding> {
    for (const record of this.#parts.outputs.all()) {
      this.counts.outputs++;
      await turn();
      try {
        for await (const finding of this.#output(record)) {
          if (this.#parts.outputs.treeOf(record.path) === record.tree) yield finding;
        }
      } catch (error) {
        const isGone = isNotInStore(error) || errorCode(error) === 'ENOENT';
        if (!isGone || this.#parts.outputs.has(record.path)) throw error;
      }
    }
  }

  async *#output(record: OutputRecord): AsyncGenerator<VerifyFinding> {
    const { path: output, tree } = record;
    if (!this.#parts.trees.has(tree)) {
      yield {
        kind: 'tree-missing',
        path: tree,
        detail: `it is the tree of '${output}'`,
        digest: tree,
        output,
      };
      return;
    }
    // What is missing or damaged below the root was found already.
    if (!this.#wholeness.ofTree(tree)) return;
    if (!this.#wholeness.isNamedRightly(record)) {
      const detail = 'its hash part is not that of its content';
      yield { kind: 'path-wrong', path: output, detail, output };
    }
    yield* this.#materialised(record);
  }

  async *#materialised({ path: output, tree }: OutputRecord): AsyncGenerator<VerifyFinding> {
    const { materialisedPath, trees, blobs } = this.#parts;
    const target = materialisedPath(output);
    if (lstatSync(target, { throwIfNoEntry: false }) === undefined) return;
    this.counts.materialised++;
    const look = new MaterialisedLook(output, {
      readTree: (digest) => trees.get(digest),
      blobFile: (digest, executable) => blobs.pathOf(digest, executable),
    });
    yield* look.findings(target, trees.get(tree));
  }
}

/** What a disk says of sectors that it cannot read, and a folder in a file's place. */
function isUnreadable(error: unknown): boolean {
  return ['EIO', 'EISDIR', 'EUCLEAN', 'EACCES'].includes(errorCode(error) ?? '');
}
