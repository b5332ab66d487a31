import { type Stats, chmodSync, lstatSync } from 'node:fs';
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
import type { BuiltTree, PreparedTree } from './add-tree.ts';
import { type BlobReference, type Blobs, fileChunks } from './blobs.ts';
import { encodeDirectory } from './directory-encoding.ts';
import type { FileNode, SymlinkNode } from './directory.ts';
import { readEntries, readTarget, specialKind } from './disk-entries.ts';
import { cannotHold } from './faults.ts';
import type { Helper } from './helper/helper.ts';
import { SharedWork, fileCost } from './helper/shared-work.ts';
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
  /** The paths that the build knew its other outputs by. */
  readonly others?: readonly StorePath[];
}

export interface OutputPlace {
  readonly blobs: Blobs;
  readonly helper: Helper;
  readonly prepareTree: (built: BuiltTree, chunks: (digest: Digest) => Iterable<Uint8Array>) => PreparedTree;
}

/** How much is hashed before others get their turn, in bytes. */
const turnSize = 16 << 20;
/** Files up to this size are hashed and moved many at a time, by two threads where there are enough of them. */
const smallSize = 4 << 20;

export async function takeNativeOutput(output: NativeOutput, place: OutputPlace): Promise<PreparedTree> {
  using intake = new Intake(output, place);
  const root = await intake.take();
  const built: BuiltTree = {
    root: root.digest,
    encodings: intake.encodings,
    scratch: output.scratch,
    name: output.name,
    references: intake.references(),
    candidates: [...output.candidates, ...(output.others ?? [])],
    mentioning: new Set(intake.mentioning.keys()),
  };
  return place.prepareTree(built, (digest) => {
    const file = intake.mentioning.get(digest);
    return file === undefined ? place.blobs.chunks(digest) : fileChunks(file);
  });
}

/** A directory of the output; what its small files hold is known once all of them are hashed. */
interface OutputDirectory {
  readonly files: readonly { readonly name: string; readonly file: OutputFile }[];
  readonly directories: readonly { readonly name: string; readonly directory: OutputDirectory }[];
  readonly symlinks: readonly SymlinkNode[];
}

interface OutputFile {
  readonly path: string;
  readonly size: number;
  readonly executable: boolean;
}

/** Walks the output, makes blobs of its files and gathers its directories. */
class Intake {
  readonly encodings: Uint8Array[] = [];
  /** The files that mention the scratch path stay where they are: only what is rewritten of them becomes a blob. */
  readonly mentioning = new Map<Digest, string>();
  readonly #output: NativeOutput;
  readonly #blobs: Blobs;
  /** What files may mention, the scratch path first. */
  readonly #hashParts: readonly HashPart[];
  readonly #scanner: ReferenceScanner;
  readonly #mentioned = new Set<HashPart>();
  readonly #small: SharedWork<OutputFile>;
  readonly #digests = new Map<OutputFile, Digest>();
  #untilTurn = turnSize;

  constructor(output: NativeOutput, { blobs, helper }: OutputPlace) {
    this.#output = output;
    this.#blobs = blobs;
    this.#hashParts = [...new Set([output.scratch, ...(output.others ?? []), ...output.candidates])].map(
      hashPartOfStorePath,
    );
    this.#scanner = new ReferenceScanner(this.#hashParts);
    this.#small = new SharedWork({ type: 'adopt', hashParts: this.#hashParts }, blobs, helper);
  }

  /** Takes it in and gives its root. */
  async take(): Promise<BlobReference> {
    const root = await this.#look();
    await this.#small.finishLater((batch, files) => {
      for (const text of batch.mentioned()) this.#mentioned.add(this.#hashParts[text] as HashPart);
      for (const [index, file] of files.entries()) {
        const { digest } = batch.blob(index);
        this.#digests.set(file, digest);
        if (batch.mentionsFirst(index)) this.mentioning.set(digest, file.path);
      }
    });
    return this.#encode(root);
  }

  /** The hash parts that files mention. */
  references(): ReadonlySet<HashPart> {
    return new Set([...this.#mentioned, ...this.#scanner.found()]);
  }

  [Symbol.dispose](): void {
    this.#small[Symbol.dispose]();
  }

  async #look(): Promise<OutputDirectory> {
    const { source } = this.#output;
    const status = lstatSync(source);
    const alone: OutputDirectory = { files: [], directories: [], symlinks: [] };
    if (status.isDirectory()) return await this.#directory(source);
    if (!status.isSymbolicLink())
      return { ...alone, files: [{ name: '', file: await this.#file(source, status) }] };
    return { ...alone, symlinks: [{ name: '', target: readTarget(source, this.#called(source)) }] };
  }

  #encode({ files, directories, symlinks }: OutputDirectory): BlobReference {
    const fileNodes = files.map(({ name, file }): FileNode => {
      const digest = this.#digests.get(file);
      if (digest === undefined) throw new Error(`'${file.path}' has not been hashed`);
      return { name, digest, size: file.size, executable: file.executable };
    });
    const directoryNodes = directories.map(({ name, directory }) => ({ name, ...this.#encode(directory) }));
    const encoding = encodeDirectory({ files: fileNodes, directories: directoryNodes, symlinks });
    this.encodings.push(encoding);
    return { digest: digestOf(encoding), size: encoding.length };
  }

  async #directory(folder: string): Promise<OutputDirectory> {
    // Files are moved out of it, which its mode may not allow.
    chmodSync(folder, 0o700);
    const files: { name: string; file: OutputFile }[] = [];
    const directories: { name: string; directory: OutputDirectory }[] = [];
    const symlinks: SymlinkNode[] = [];
    for (const { name } of readEntries(folder, this.#called(folder))) {
      const entry = path.join(folder, name);
      const status = lstatSync(entry);
      if (status.isDirectory()) directories.push({ name, directory: await this.#directory(entry) });
      else if (status.isSymbolicLink())
        symlinks.push({ name, target: readTarget(entry, this.#called(entry)) });
      else files.push({ name, file: await this.#file(entry, status) });
    }
    return { files, directories, symlinks };
  }

  async #file(place: string, status: Stats): Promise<OutputFile> {
    if (!status.isFile())
      throw cannotHold(this.#called(place), specialKind(status), 'remove it in the build');
    if ((status.mode & 0o400) === 0) chmodSync(place, 0o600);
    const file = { path: place, size: status.size, executable: (status.mode & 0o100) !== 0 };
    if (status.nlink === 1 && status.size <= smallSize) this.#small.add(file, fileCost + status.size);
    else this.#digests.set(file, await this.#takeAlone(file, status.nlink));
    await this.#takeTurns(fileCost);
    return file;
  }

  /** Takes in a large file, or one that has other links, piece by piece. */
  async #takeAlone(file: OutputFile, links: number): Promise<Digest> {
    const stream = this.#scanner.stream();
    const hasher = new DigestHasher();
    for (const chunk of fileChunks(file.path)) {
      hasher.update(chunk);
      stream.scan(chunk);
      await this.#takeTurns(chunk.length);
    }
    const digest = hasher.digest();
    if (stream.found.has(this.#hashParts[0] as HashPart)) this.mentioning.set(digest, file.path);
    else this.#keep(file, digest, links);
    return digest;
  }

  #keep({ path: file, executable }: OutputFile, digest: Digest, links: number): void {
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
