import { type Stats, chmodSync, lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type Digest,
  DigestHasher,
  type HashPart,
  type StorePath,
  digestOf,
  hashPartOfStorePath,
} from '../foundation/index.ts';
import type { BuiltTree } from './add-tree.ts';
import { type BlobReference, type Blobs, fileChunks } from './blobs.ts';
import { encodeDirectory } from './directory-encoding.ts';
import {
  type Directory,
  type DirectoryNode,
  type FileNode,
  type SymlinkNode,
  emptyDirectory,
} from './directory.ts';
import { readEntries, readTarget, specialKind } from './disk-entries.ts';
import { cannotHold } from './faults.ts';
import type { OutputRecord } from './records.ts';
import { ReferenceScanner } from './reference-scanner.ts';

/** What a native build left on disk: a directory, a file or a symbolic link. */
export interface NativeOutput {
  /** Where it lies, on the disk of the store. */
  readonly source: string;
  /** The path that the build knew it by. */
  readonly scratch: StorePath;
  readonly name: string;
  /** The paths that it may refer to. */
  readonly candidates: readonly StorePath[];
}

export interface OutputPlace {
  readonly blobs: Blobs;
  readonly addTree: (built: BuiltTree, chunks: (digest: Digest) => Iterable<Uint8Array>) => OutputRecord;
}

/** How much is hashed before others get their turn, in bytes. */
const turnSize = 16 << 20;
/** What a file costs beside its bytes, counted in bytes. */
const fileCost = 32 << 10;
/** Files up to this size are read at once. */
const wholeSize = 1 << 20;

export async function addNativeOutput(output: NativeOutput, place: OutputPlace): Promise<OutputRecord> {
  const intake = new Intake(output, place.blobs);
  const root = await intake.take();
  const built: BuiltTree = {
    root: root.digest,
    encodings: intake.encodings,
    scratch: output.scratch,
    name: output.name,
    references: intake.scanner.found(),
    candidates: output.candidates,
    mentioning: new Set(intake.mentioning.keys()),
  };
  return place.addTree(built, (digest) => {
    const file = intake.mentioning.get(digest);
    return file === undefined ? place.blobs.chunks(digest) : fileChunks(file);
  });
}

/** Walks the output, makes blobs of its files and gathers its directories. */
class Intake {
  readonly encodings: Uint8Array[] = [];
  readonly scanner: ReferenceScanner;
  /** The files that mention the scratch path stay where they are: only what is rewritten of them becomes a blob. */
  readonly mentioning = new Map<Digest, string>();
  readonly #output: NativeOutput;
  readonly #blobs: Blobs;
  readonly #scratch: HashPart;
  #untilTurn = turnSize;

  constructor(output: NativeOutput, blobs: Blobs) {
    this.#output = output;
    this.#blobs = blobs;
    this.#scratch = hashPartOfStorePath(output.scratch);
    this.scanner = new ReferenceScanner([output.scratch, ...output.candidates].map(hashPartOfStorePath));
  }

  async take(): Promise<BlobReference> {
    const { source } = this.#output;
    const status = lstatSync(source);
    if (status.isDirectory()) return await this.#directory(source);
    if (status.isSymbolicLink()) {
      return this.#encode({
        ...emptyDirectory,
        symlinks: [{ name: '', target: readTarget(source, this.#called(source)) }],
      });
    }
    return this.#encode({ ...emptyDirectory, files: [await this.#file('', source, status)] });
  }

  #encode(directory: Directory): BlobReference {
    const encoding = encodeDirectory(directory);
    this.encodings.push(encoding);
    return { digest: digestOf(encoding), size: encoding.length };
  }

  async #directory(folder: string): Promise<BlobReference> {
    // Files are moved out of it, which its mode may not allow.
    chmodSync(folder, 0o700);
    const files: FileNode[] = [];
    const directories: DirectoryNode[] = [];
    const symlinks: SymlinkNode[] = [];
    for (const { name } of readEntries(folder, this.#called(folder))) {
      const entry = path.join(folder, name);
      const status = lstatSync(entry);
      if (status.isDirectory()) directories.push({ name, ...(await this.#directory(entry)) });
      else if (status.isSymbolicLink())
        symlinks.push({ name, target: readTarget(entry, this.#called(entry)) });
      else files.push(await this.#file(name, entry, status));
    }
    return this.#encode({ files, directories, symlinks });
  }

  async #file(name: string, file: string, status: Stats): Promise<FileNode> {
    if (!status.isFile()) throw cannotHold(this.#called(file), specialKind(status), 'remove it in the build');
    if ((status.mode & 0o400) === 0) chmodSync(file, 0o600);
    const executable = (status.mode & 0o100) !== 0;
    const { digest, mentions } = await this.#hash(file, status.size);
    if (mentions) this.mentioning.set(digest, file);
    else this.#keep(file, digest, executable, status.nlink);
    await this.#takeTurns(fileCost);
    return { name, digest, size: status.size, executable };
  }

  async #hash(file: string, size: number): Promise<{ digest: Digest; mentions: boolean }> {
    const stream = this.scanner.stream();
    if (size <= wholeSize) {
      const content = readFileSync(file);
      stream.scan(content);
      await this.#takeTurns(content.length);
      return { digest: digestOf(content), mentions: stream.found.has(this.#scratch) };
    }
    const hasher = new DigestHasher();
    for (const chunk of fileChunks(file)) {
      hasher.update(chunk);
      stream.scan(chunk);
      await this.#takeTurns(chunk.length);
    }
    return { digest: hasher.digest(), mentions: stream.found.has(this.#scratch) };
  }

  #keep(file: string, digest: Digest, executable: boolean, links: number): void {
    if (links === 1) {
      this.#blobs.adopt(file, digest, executable);
      return;
    }
    // Whoever holds another link could change the blob through it.
    if (this.#blobs.use(digest)) return;
    const writer = this.#blobs.writer();
    try {
      for (const chunk of fileChunks(file)) writer.write(chunk);
      writer.finish();
    } finally {
      writer.abort();
    }
  }

  async #takeTurns(cost: number): Promise<void> {
    this.#untilTurn -= cost;
    if (this.#untilTurn > 0) return;
    this.#untilTurn = turnSize;
    await turn();
  }

  #called(file: string): string {
    return path.join(this.#output.name, path.relative(this.#output.source, file));
  }
}
