import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fchmodSync,
  fstatSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { type Digest, digestOf } from '../foundation/index.ts';
import { BlobWriter } from './blob-writer.ts';
import { errorCode, notInStore, onDisk } from './faults.ts';
import type { ReferenceScanner } from './reference-scanner.ts';
import { TemporaryPlace } from './temporary.ts';

/** A blob or an encoded directory: its digest and its size in bytes. */
export type BlobReference = { readonly digest: Digest; readonly size: number };

/** What every file in the store has as its times, in seconds since 1970. */
export const normalisedTime = 1;

const plainMode = 0o444;
const executableMode = 0o555;
const chunkSize = 1 << 20;

/**
 * The blobs of a store, one file each, named by its digest; executable files have a variant of their own (`.x`), since
 * the mode belongs to the file and not to its name. Uses nothing but the file system, so worker threads may have one.
 */
export class Blobs {
  readonly #store: string;
  readonly #folder: string;
  readonly #temporary: TemporaryPlace;
  #isMasked: boolean | undefined;
  /** Begins the temporary names of blobs that are put, which are many, and differ in their number only. */
  #temporaryPrefix: string | undefined;
  #count = 0;

  constructor(storeFolder: string) {
    this.#store = storeFolder;
    this.#folder = path.join(storeFolder, 'blobs');
    this.#temporary = new TemporaryPlace(storeFolder);
  }

  has(digest: Digest): boolean {
    return this.#present(digest) !== undefined;
  }

  /**
   * The file that holds the blob, read-only, in the variant asked for, which is made where it is missing.
   *
   * @throws DiagnosticError CAB5004 where there is no such blob, CAB5002 where the disk is full.
   */
  file(digest: Digest, executable = false): string {
    const file = this.pathOf(digest, executable);
    if (existsSync(file)) return file;
    const other = this.pathOf(digest, !executable);
    const temporary = this.#temporary.name('variant');
    try {
      onDisk(this.#store, () => copyFileSync(other, temporary, constants.COPYFILE_FICLONE));
      this.#settle(temporary, file, executable);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw errorCode(error) === 'ENOENT' ? notInStore(`the blob ${digest}`) : error;
    }
    return file;
  }

  /** @throws DiagnosticError CAB5004 where there is no such blob. */
  read(digest: Digest): Uint8Array {
    return readFileSync(this.#existing(digest));
  }

  /** The content piece by piece; a piece holds only until the next one is asked for. */
  *chunks(digest: Digest): Generator<Uint8Array> {
    yield* fileChunks(this.#existing(digest));
  }

  /** @throws DiagnosticError CAB5004 where there is no such blob. */
  size(digest: Digest): number {
    return lstatSync(this.#existing(digest)).size;
  }

  /** Puts content that is in memory. What it mentions goes to the scanner. */
  put(content: Uint8Array, scan?: ReferenceScanner): BlobReference {
    const digest = digestOf(content);
    if (scan !== undefined) {
      const stream = scan.stream();
      stream.scan(content);
      scan.record(stream, digest);
    }
    // An executable variant alone is rare, and a plain one beside it does no harm.
    if (!existsSync(this.pathOf(digest, false))) this.#write(digest, content);
    return { digest, size: content.length };
  }

  /** Puts content that comes piece by piece. */
  writer(scan?: ReferenceScanner): BlobWriter {
    return new BlobWriter({
      temporary: () => this.#temporary.name('blob'),
      onDisk: (operation) => onDisk(this.#store, operation),
      put: (content) => this.put(content, scan),
      adopt: (file, digest) => this.adopt(file, digest, false),
      scan,
    });
  }

  /**
   * Makes a file of the same disk the blob whose digest the caller has just computed: the file is moved, not copied.
   * Nobody else may hold it open or have a link to it.
   */
  adopt(file: string, digest: Digest, executable: boolean): void {
    if (existsSync(this.pathOf(digest, executable)) || (!executable && this.has(digest))) {
      rmSync(file, { force: true });
      return;
    }
    this.#settle(file, this.pathOf(digest, executable), executable);
  }

  /** Where the variant of a blob lies, or would lie. */
  pathOf(digest: Digest, executable: boolean): string {
    return `${this.#folder}/${digest.slice(0, 2)}/${digest}${executable ? '.x' : ''}`;
  }

  #present(digest: Digest): string | undefined {
    const plain = this.pathOf(digest, false);
    if (existsSync(plain)) return plain;
    const executable = this.pathOf(digest, true);
    return existsSync(executable) ? executable : undefined;
  }

  #existing(digest: Digest): string {
    const file = this.#present(digest);
    if (file === undefined) throw notInStore(`the blob ${digest}`);
    return file;
  }

  #write(digest: Digest, content: Uint8Array): void {
    this.#temporaryPrefix ??= this.#temporary.name('blob');
    const temporary = `${this.#temporaryPrefix}.${this.#count++}`;
    const descriptor = onDisk(this.#store, () => openSync(temporary, 'wx', plainMode));
    try {
      try {
        onDisk(this.#store, () => writeAll(descriptor, content));
        this.#setPlainMode(descriptor);
        futimesSync(descriptor, normalisedTime, normalisedTime);
      } finally {
        closeSync(descriptor);
      }
      this.#moveIn(temporary, this.pathOf(digest, false));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** A file is made with its mode already, unless the process's mask takes a part of it away, as the first file shows. */
  #setPlainMode(descriptor: number): void {
    this.#isMasked ??= (fstatSync(descriptor).mode & 0o777) !== plainMode;
    if (this.#isMasked) fchmodSync(descriptor, plainMode);
  }

  #settle(file: string, target: string, executable: boolean): void {
    chmodSync(file, executable ? executableMode : plainMode);
    utimesSync(file, normalisedTime, normalisedTime);
    this.#moveIn(file, target);
  }

  #moveIn(file: string, target: string): void {
    try {
      renameSync(file, target);
    } catch (error) {
      // The folder for a digest's first two digits is made when it is first needed.
      if (errorCode(error) !== 'ENOENT' || !existsSync(file)) throw error;
      onDisk(this.#store, () => mkdirSync(path.dirname(target), { recursive: true }));
      renameSync(file, target);
    }
  }
}

function writeAll(descriptor: number, content: Uint8Array): void {
  let written = 0;
  while (written < content.length) {
    written += writeSync(descriptor, content, written, content.length - written);
  }
}

/** A file's content piece by piece; a piece holds only until the next one is asked for. */
export function* fileChunks(file: string): Generator<Uint8Array> {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(chunkSize);
    for (;;) {
      const length = readSync(descriptor, buffer, 0, chunkSize, null);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
