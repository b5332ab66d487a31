import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { type Digest, DigestHasher, digestOf } from '../foundation/index.ts';
import { BlobWriter } from './blob-writer.ts';
import { UnsyncedFolders, isDurable, syncFile } from './durability.ts';
import { damagedContent, errorCode, notInStore, onDisk, writtenTo } from './faults.ts';
import { OwnWriter, type PieceWriter, pieceSize } from './helper/pipe.ts';
import type { ReferenceScanner } from './reference-scanner.ts';
import { TemporaryPlace } from './temporary.ts';
import { DamagedPlace, damagedFolder } from './verification/damaged-place.ts';

/** A blob or an encoded directory: its digest and its size in bytes. */
export type BlobReference = { readonly digest: Digest; readonly size: number };

/**
 * The time of every file and folder in the store, in seconds since 1970. Of blobs it is only the time of the last change: that of
 * the last access says when somebody last relied on the blob.
 */
export const normalisedTime = 1;

const plainMode = 0o444;
const executableMode = 0o555;
/** How long the mark of a blob that is read is left as it is, in milliseconds. */
const markLifetimeMs = 1000;
/** How many blobs are remembered in one folder that was made here. */
const rememberedLimit = 1024;
/** More at once would not fit a processor's own memory, and take twice as long. */
const chunkSize = pieceSize;
const smallestChunk = 1 << 12;

/** The mode of a blob's file. */
export function modeOfBlob(executable: boolean): number {
  return executable ? executableMode : plainMode;
}

/**
 * The blobs of a store, one file each, named by its digest; executable files have a variant of their own (`.x`), since
 * the mode belongs to the file and not to its name. Uses nothing but the file system, so worker threads may have one.
 *
 * A collection moves what it is about to remove to `condemned/` first: what is missed here is looked for there, and put back.
 */
export class Blobs {
  readonly #store: string;
  readonly #folder: string;
  readonly #condemned: string;
  readonly #temporary: TemporaryPlace;
  /** Files of up to this size are read into it, one after another. */
  #piece: Buffer | undefined;
  /** For each folder of blobs that was needed: what was put into it since it was made here, or that it was there before. */
  readonly #beginnings = new Map<string, Set<Digest> | 'unknown'>();
  /** Undefined where what is put need not be on the disk before it is recorded. */
  readonly #unsynced: UnsyncedFolders | undefined;
  #isMasked: boolean | undefined;
  /** Begins the temporary names of blobs that are put, which are many, and differ in their number only. */
  #temporaryPrefix: string | undefined;
  #count = 0;

  constructor(storeFolder: string) {
    this.#store = storeFolder;
    this.#folder = path.join(storeFolder, 'blobs');
    this.#condemned = condemnedFolder(storeFolder);
    this.#temporary = new TemporaryPlace(storeFolder);
    this.#unsynced = isDurable(storeFolder) ? new UnsyncedFolders() : undefined;
  }

  /** Waits until all that was put, or found there, is on the disk, if this store is to be durable. */
  sync(): void {
    const unsynced = this.#unsynced;
    if (unsynced !== undefined) onDisk(this.#store, () => unsynced.sync());
  }

  /** Whether a blob is there now. A collection may take it a moment later: whoever is to rely on it asks by `use`. */
  has(digest: Digest): boolean {
    return this.#present(digest) !== undefined;
  }

  /** Whether a blob's file is there, whatever it looks like: a look that changes nothing. */
  exists(digest: Digest): boolean {
    return [false, true].some((executable) => {
      const name = path.basename(this.pathOf(digest, executable));
      return existsSync(this.pathOf(digest, executable)) || existsSync(path.join(this.#condemned, name));
    });
  }

  /** Hashes a variant that is not what it should be by its looks; it lies aside afterwards if it is not what it was. */
  doubt(digest: Digest, executable: boolean): void {
    this.#isRight(digest, this.pathOf(digest, executable));
  }

  /** Whether a blob is there; it is not collected as long as this store is open. */
  use(digest: Digest): boolean {
    if (this.#mark(digest, false) || this.#mark(digest, true)) return true;
    return this.#present(digest) !== undefined && (this.#mark(digest, false) || this.#mark(digest, true));
  }

  /** The size of a blob that is there, in bytes; it is not collected as long as this store is open. */
  useSize(digest: Digest): number | undefined {
    const mark = (): number | undefined => this.#markedSize(digest, false) ?? this.#markedSize(digest, true);
    return mark() ?? (this.#present(digest) === undefined ? undefined : mark());
  }

  /**
   * The sizes of those of many blobs that are there, in bytes, as by `useSize`; one that a collection is about to take may not be among them,
   * and is put anew like any that is gone.
   */
  useSizes(digests: Iterable<Digest>): Map<Digest, number> {
    const sizes = new Map<Digest, number>();
    const others: Digest[] = [];
    for (const digest of digests) {
      const size = this.#markedSize(digest, false) ?? this.#markedSize(digest, true);
      if (size === undefined) others.push(digest);
      else sizes.set(digest, size);
    }
    if (others.length === 0 || !this.#hasCondemned()) return sizes;
    for (const digest of others) {
      const size = this.useSize(digest);
      if (size !== undefined) sizes.set(digest, size);
    }
    return sizes;
  }

  /** Whether a collection is about to take something, or was killed in the middle of that. */
  #hasCondemned(): boolean {
    try {
      return readdirSync(this.#condemned).length > 0;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    }
  }

  /**
   * The whole of a blob of this size, verified and marked as used; undefined where it is not there so, which is no proof that it is not there at all.
   */
  readUsed(digest: Digest, size: number): Uint8Array | undefined {
    const descriptor = this.#tryOpen(digest);
    if (descriptor === undefined) return undefined;
    try {
      const status = fstatSync(descriptor);
      if (status.size !== size || !isUntouched(status)) return undefined;
      if (status.atimeMs < Date.now() - markLifetimeMs)
        futimesSync(descriptor, Date.now() / 1000, normalisedTime);
      const content = Buffer.allocUnsafe(size);
      for (let length = 0; length < size;) {
        const more = readSync(descriptor, content, length, size - length, null);
        if (more === 0) return undefined;
        length += more;
      }
      return digestOf(content) === digest ? content : undefined;
    } catch (error) {
      // What belongs to another user cannot be marked by this one.
      if (errorCode(error) === 'EPERM') return undefined;
      throw error;
    } finally {
      closeSync(descriptor);
    }
  }

  #tryOpen(digest: Digest): number | undefined {
    try {
      return openSync(this.pathOf(digest, false), 'r');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /**
   * The file that holds the blob, read-only, in the variant asked for, which is made where it is missing.
   *
   * @throws DiagnosticError CAB5004 where there is no such blob, CAB5002 where the disk is full.
   */
  file(digest: Digest, executable = false): string {
    const file = this.pathOf(digest, executable);
    if (this.#isThere(digest, file) || this.#putBack(digest, executable)) return file;
    const temporary = this.#temporary.name('variant');
    const copy = (other: string): void => copyFileSync(other, temporary, constants.COPYFILE_FICLONE);
    try {
      onDisk(this.#store, () => this.#withEither(digest, copy));
      this.#settle(temporary, file, executable);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    return file;
  }

  /** Does something with the file of a variant, as `file` gives it, and does it again where the file was moved meanwhile. */
  withFile<T>(digest: Digest, executable: boolean, operation: (file: string) => T): T {
    return insistently(() => operation(this.file(digest, executable)));
  }

  /** @throws DiagnosticError CAB5004 where there is no such blob, CAB5003 where it is damaged. */
  read(digest: Digest): Uint8Array {
    const content = this.#withEither(digest, (file) => readFileSync(file));
    if (digestOf(content) !== digest) throw damagedContent(`the blob ${digest}`);
    return content;
  }

  /** The content piece by piece, in memory of the caller's if he has some; a piece holds only until the next one is asked for. */
  *chunks(digest: Digest, buffer?: Uint8Array): Generator<Uint8Array> {
    yield* descriptorChunks(this.#open(digest), buffer);
  }

  /** @throws DiagnosticError CAB5004 where there is no such blob. */
  size(digest: Digest): number {
    return this.#withEither(digest, (file) => lstatSync(file)).size;
  }

  /**
   * A part of the content piece by piece, from an offset on, at most `length` bytes of it; a piece holds only until the next one is asked
   * for. Nothing is verified.
   *
   * @throws DiagnosticError CAB5004 where there is no such blob.
   */
  *part(digest: Digest, offset: number, length: number): Generator<Uint8Array> {
    const descriptor = this.#open(digest);
    try {
      const buffer = Buffer.allocUnsafe(Math.min(chunkSize, length));
      for (let done = 0; done < length;) {
        const count = readSync(descriptor, buffer, 0, Math.min(buffer.length, length - done), offset + done);
        if (count === 0) return;
        yield buffer.subarray(0, count);
        done += count;
      }
    } finally {
      closeSync(descriptor);
    }
  }

  /** Puts content that is in memory. What it mentions goes to the scanner. */
  put(content: Uint8Array, scan?: ReferenceScanner): BlobReference {
    const digest = digestOf(content);
    if (scan !== undefined) {
      const stream = scan.stream();
      stream.scan(content);
      scan.record(stream, digest);
    }
    this.putHashed(content, digest);
    return { digest, size: content.length };
  }

  /** Puts content whose digest the caller has just computed. */
  putHashed(content: Uint8Array, digest: Digest): void {
    // An executable variant alone is rare, and a plain one beside it does no harm.
    if (this.#isNew(digest) || !this.#mark(digest, false)) this.#write(digest, content);
  }

  /**
   * Puts the content of a file of the machine that is so large, or what is left of it: what one reading finds, whatever happens to
   * the file meanwhile. The pieces of a large one go through the writer.
   */
  putFile(file: string, size: number, writer?: PieceWriter): BlobReference {
    const source = openSync(file, constants.O_RDONLY);
    try {
      if (size > pieceSize) return this.#putLarge(source, size, writer ?? new OwnWriter());
      this.#piece ??= Buffer.allocUnsafeSlow(pieceSize);
      let length = 0;
      while (length < size) {
        const more = readSync(source, this.#piece, length, size - length, null);
        if (more === 0) break;
        length += more;
      }
      return this.put(this.#piece.subarray(0, length));
    } finally {
      closeSync(source);
    }
  }

  /** Puts content that comes piece by piece. */
  writer(scan?: ReferenceScanner): BlobWriter {
    return new BlobWriter({
      temporary: () => this.#temporary.name('blob'),
      onDisk: (operation) => onDisk(this.#store, operation),
      put: (content) => this.put(content, scan),
      putHashed: (content, digest) => this.putHashed(content, digest),
      adopt: (file, digest) => this.adopt(file, digest, false),
      scan,
    });
  }

  /**
   * Makes a file of the same disk the blob whose digest the caller has just computed: the file is moved, not copied.
   * Nobody else may hold it open or have a link to it.
   */
  adopt(file: string, digest: Digest, executable: boolean): void {
    if (this.#mark(digest, executable) || (!executable && this.#mark(digest, true))) {
      rmSync(file, { force: true });
      return;
    }
    this.#settle(file, this.pathOf(digest, executable), executable);
  }

  /** A path on the same disk that nobody else uses, for a file that is to be moved into its place. */
  temporaryName(label: string): string {
    return this.#temporary.name(label);
  }

  /** Where the variant of a blob lies, or would lie. */
  pathOf(digest: Digest, executable: boolean): string {
    return `${this.#folder}/${digest.slice(0, 2)}/${digest}${executable ? '.x' : ''}`;
  }

  /**
   * Whether a variant is there as it was put. Its time tells where somebody wrote to it, through a link to it in some tree: then it is
   * hashed, and lies aside where it is another content now.
   */
  #isThere(digest: Digest, file: string): boolean {
    const status = lstatSync(file, { throwIfNoEntry: false });
    if (status === undefined) return false;
    return isUntouched(status) || this.#isRight(digest, file);
  }

  #isRight(digest: Digest, file: string): boolean {
    const hasher = new DigestHasher();
    try {
      for (const chunk of fileChunks(file)) hasher.update(chunk);
      if (hasher.digest() !== digest) {
        new DamagedPlace(this.#store).take(file);
        return false;
      }
      utimesSync(file, Date.now() / 1000, normalisedTime);
      return true;
    } catch (error) {
      // What belongs to another user keeps its time, and is hashed the next time too.
      if (errorCode(error) === 'EPERM') return true;
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    }
  }

  #missing(digest: Digest): Error {
    const aside = [false, true]
      .map((executable) => path.basename(this.pathOf(digest, executable)))
      .map((name) => path.join(damagedFolder(this.#store), name))
      .find((file) => existsSync(file));
    return aside === undefined ? notInStore(`the blob ${digest}`) : writtenTo(digest, aside);
  }

  #present(digest: Digest): string | undefined {
    for (const executable of [false, true]) {
      const file = this.pathOf(digest, executable);
      if (this.#isThere(digest, file)) return file;
    }
    const variant = [false, true].find((executable) => this.#putBack(digest, executable));
    return variant === undefined ? undefined : this.pathOf(digest, variant);
  }

  /**
   * Whether a blob that is to be put is certainly not there, since its folder was made here and nothing of that name was put into it since. Where
   * another process did just that, one file takes the place of the other, of which it is the equal.
   */
  #isNew(digest: Digest): boolean {
    const beginning = digest.slice(0, 2);
    let put = this.#beginnings.get(beginning);
    if (put === undefined) {
      const made = onDisk(this.#store, () => mkdirSync(`${this.#folder}/${beginning}`, { recursive: true }));
      put = made === undefined ? 'unknown' : new Set();
      if (made !== undefined) this.#unsynced?.note(this.#folder);
      this.#beginnings.set(beginning, put);
    }
    if (put === 'unknown' || put.has(digest)) return false;
    if (put.add(digest).size === rememberedLimit) this.#beginnings.set(beginning, 'unknown');
    return true;
  }

  /**
   * Marks a variant as used, if it is there. That the mark could be set is what tells: a look before would tell only what was
   * there then.
   */
  #mark(digest: Digest, executable: boolean): boolean {
    return this.#markedSize(digest, executable) !== undefined;
  }

  /** The same, with its size. */
  #markedSize(digest: Digest, executable: boolean): number | undefined {
    const file = this.pathOf(digest, executable);
    const status = lstatSync(file, { throwIfNoEntry: false });
    if (status === undefined || !(isUntouched(status) || this.#isRight(digest, file))) return undefined;
    try {
      utimesSync(file, Date.now() / 1000, normalisedTime);
      // Who has put it may not have come to sync it.
      this.#unsynced?.note(path.dirname(file));
      return status.size;
    } catch (error) {
      // What belongs to another user cannot be marked by this one, and is written anew.
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EPERM') return undefined;
      throw error;
    }
  }

  /** Takes back what a collection, perhaps one that was killed, was about to remove. */
  #putBack(digest: Digest, executable: boolean): boolean {
    const file = this.pathOf(digest, executable);
    const condemned = `${this.#condemned}/${digest}${executable ? '.x' : ''}`;
    // Most often it is just not there, and an error takes longer to make than a look.
    if (!existsSync(condemned)) return this.#isThere(digest, file);
    try {
      linkSync(condemned, file);
      return true;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'EEXIST') return this.#isThere(digest, file);
      throw error;
    }
  }

  /** Does something with the file of whichever variant is there. */
  #withEither<T>(digest: Digest, operation: (file: string) => T): T {
    return insistently(() => {
      const file = this.#present(digest);
      if (file === undefined) throw this.#missing(digest);
      return operation(file);
    });
  }

  /** Opens whichever variant is there; most often it is the plain one, and that needs no look. */
  #open(digest: Digest): number {
    try {
      return openSync(this.pathOf(digest, false), 'r');
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      return this.#withEither(digest, (file) => openSync(file, 'r'));
    }
  }

  #putLarge(source: number, size: number, writer: PieceWriter): BlobReference {
    const temporary = this.#temporary.name('blob');
    const target = onDisk(this.#store, () => openSync(temporary, 'wx', 0o600));
    try {
      const blob = this.#copy(source, size, target, writer);
      this.adopt(temporary, blob.digest, false);
      return blob;
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** What is hashed is what is written, piece by piece, and not what another reading would find. */
  #copy(source: number, size: number, target: number, writer: PieceWriter): BlobReference {
    const hasher = new DigestHasher();
    let position = 0;
    try {
      while (position < size) {
        const piece = onDisk(this.#store, () => writer.next(target));
        const length = readSync(source, piece, 0, Math.min(piece.length, size - position), null);
        if (length === 0) break;
        hasher.update(piece.subarray(0, length));
        onDisk(this.#store, () => writer.send(length, position));
        position += length;
      }
      onDisk(this.#store, () => writer.finish(target));
      return { digest: hasher.digest(), size: position };
    } finally {
      writer.close();
      closeSync(target);
    }
  }

  #write(digest: Digest, content: Uint8Array): void {
    this.#temporaryPrefix ??= this.#temporary.name('blob');
    const temporary = `${this.#temporaryPrefix}.${this.#count++}`;
    const descriptor = onDisk(this.#store, () => openSync(temporary, 'wx', plainMode));
    try {
      try {
        onDisk(this.#store, () => writeAll(descriptor, content));
        this.#setPlainMode(descriptor);
        futimesSync(descriptor, Date.now() / 1000, normalisedTime);
        if (this.#unsynced !== undefined) onDisk(this.#store, () => fsyncSync(descriptor));
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
    chmodSync(file, modeOfBlob(executable));
    utimesSync(file, Date.now() / 1000, normalisedTime);
    // A name that is a digest must never come to be that of something else, not even by a power cut.
    if (this.#unsynced !== undefined) onDisk(this.#store, () => syncFile(file));
    this.#moveIn(file, target);
  }

  #moveIn(file: string, target: string): void {
    onDisk(this.#store, () => {
      try {
        renameSync(file, target);
      } catch (error) {
        // The folder for a digest's first two digits is made when it is first needed.
        if (errorCode(error) !== 'ENOENT' || !existsSync(file)) throw error;
        mkdirSync(path.dirname(target), { recursive: true });
        this.#unsynced?.note(this.#folder);
        renameSync(file, target);
      }
      this.#unsynced?.note(path.dirname(target));
    });
  }
}

/** Whether a file of the store has the time that it was given when it was put. */
export function isUntouched({ mtimeMs }: { readonly mtimeMs: number }): boolean {
  return mtimeMs === normalisedTime * 1000;
}

/** Where a collection keeps what it is about to remove. */
export function condemnedFolder(storeFolder: string): string {
  return path.join(storeFolder, 'condemned');
}

/** How often a file may be moved away between a look and its use. */
const attempts = 4;

/** Tries again where a collection moved a file away meanwhile: it has put it back since, or the next look does. */
function insistently<T>(operation: () => T): T {
  for (let attempt = 1; ; attempt++) {
    try {
      return operation();
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || attempt === attempts) throw error;
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
  yield* descriptorChunks(openSync(file, 'r'));
}

function* descriptorChunks(descriptor: number, given?: Uint8Array): Generator<Uint8Array> {
  try {
    // Most files are small, and memory for a large one takes longer to get than they take to read.
    const buffer =
      given ?? Buffer.allocUnsafe(Math.min(chunkSize, Math.max(smallestChunk, fstatSync(descriptor).size)));
    for (;;) {
      const length = readSync(descriptor, buffer, 0, buffer.length, null);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
