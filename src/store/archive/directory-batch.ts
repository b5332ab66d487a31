import { DiagnosticError } from '../../diagnostics/index.ts';
import type { Digest } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';
import type { Directory } from '../directory.ts';
import type { BlobIntake } from './blob-intake.ts';
import type { ImportPlace } from './import.ts';

/** How many directories, and how many bytes of them, wait to be put in one transaction. */
const countLimit = 1000;
const bytesLimit = 4 << 20;

/** Directories that are put together, each only after all that it is made of. */
export class DirectoryBatch {
  readonly #place: Pick<ImportPlace, 'decode' | 'findEncoding' | 'putTrees'>;
  readonly #waiting = new Map<Digest, Uint8Array>();
  #bytes = 0;

  constructor(place: Pick<ImportPlace, 'decode' | 'findEncoding' | 'putTrees'>) {
    this.#place = place;
  }

  /** Takes a directory, or says what keeps it from being taken. */
  add(digest: Digest, encoding: Uint8Array, intake: BlobIntake): string | undefined {
    const directory = this.#decode(digest, encoding);
    if (typeof directory === 'string') return directory;
    const fault = this.#faultOf(directory, intake);
    if (fault !== undefined) return fault;
    this.#waiting.set(digest, encoding);
    this.#bytes += encoding.length;
    if (this.#waiting.size >= countLimit || this.#bytes >= bytesLimit) this.flush();
    return undefined;
  }

  flush(): void {
    if (this.#waiting.size === 0) return;
    this.#place.putTrees(this.#waiting.values());
    this.#waiting.clear();
    this.#bytes = 0;
  }

  #decode(digest: Digest, encoding: Uint8Array): Directory | string {
    try {
      return this.#place.decode(digest, encoding);
    } catch (error) {
      if (error instanceof DiagnosticError) return error.diagnostics[0]?.message ?? error.message;
      throw error;
    }
  }

  #faultOf({ files, directories }: Directory, intake: BlobIntake): string | undefined {
    for (const file of files) {
      const size = intake.sizeOf(file.digest);
      if (size === undefined)
        return `the content of the file '${file.name}' does not come before its directory`;
      if (size !== file.size) return `the file '${file.name}' has not the size that its directory says`;
    }
    for (const child of directories) {
      const encoding = this.#encodingOf(child);
      if (encoding === undefined)
        return `the directory '${child.name}' does not come before the one that it is in`;
      if (encoding.length !== child.size)
        return `the directory '${child.name}' has not the size that its parent says`;
    }
    return undefined;
  }

  #encodingOf({ digest }: BlobReference): Uint8Array | undefined {
    return this.#waiting.get(digest) ?? this.#place.findEncoding(digest);
  }
}
