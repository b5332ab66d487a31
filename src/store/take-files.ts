import type { BlobReference, Blobs } from './blobs.ts';
import type { Helper } from './helper/helper.ts';
import { Pipe } from './helper/pipe.ts';
import { SharedWork, fileCost } from './helper/shared-work.ts';

/** Files from this size on are cut into pieces that two threads work on. */
const largeSize = 8 << 20;

/** A file that is to become a blob: its path, and its size in bytes as it was last seen. */
export interface FileToTake {
  readonly path: string;
  readonly size: number;
}

/** Makes blobs of files, alone or with a helper. */
export class FileIntake<File extends FileToTake> {
  readonly #blobs: Blobs;
  readonly #helper: Helper | undefined;
  readonly #work: SharedWork<File>;
  readonly #large: File[] = [];

  constructor(blobs: Blobs, helper?: Helper) {
    this.#blobs = blobs;
    this.#helper = helper;
    this.#work = new SharedWork({ type: 'take' }, blobs, helper);
  }

  /** May make a blob of the file at once. */
  add(file: File): void {
    if (file.size >= largeSize) this.#large.push(file);
    else this.#work.add(file, fileCost + file.size);
  }

  /** The blobs, which are in the store. @throws what kept a file from being read or written. */
  finish(): ReadonlyMap<File, BlobReference> {
    const taken = new Map<File, BlobReference>();
    for (const file of this.#large) taken.set(file, this.#takeLarge(file));
    this.#work.finish((file, blob) => taken.set(file, blob));
    return taken;
  }

  [Symbol.dispose](): void {
    this.#work[Symbol.dispose]();
  }

  #takeLarge(file: File): BlobReference {
    const pipe = new Pipe((memory, descriptor) => this.#helper?.send({ type: 'pipe', memory, descriptor }));
    return this.#blobs.putFile(file.path, file.size, pipe);
  }
}
