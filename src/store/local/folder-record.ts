import type { Stats } from 'node:fs';
import { type Digest, digestFromBytes } from '../../foundation/index.ts';
import type { BlobReference } from '../blobs.ts';
import type { Metadata } from '../metadata.ts';
import { hasStatus, statusLength, writeStatus } from './file-status.ts';
import type { LocalFile } from './local-tree.ts';

/** A file as it was looked at, and the blob that it was then. */
export interface TakenFile {
  readonly file: LocalFile;
  readonly blob: BlobReference;
}

const digestLength = 32;

/**
 * What the files of one folder were when they were read, as one value: for each the length of its name, the name, the status and
 * the digest.
 */
export class FolderRecord {
  readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  static of(files: readonly TakenFile[]): FolderRecord {
    const names = files.map(({ file }) => Buffer.byteLength(file.name));
    const length = names.reduce((sum, name) => sum + 2 + name + statusLength + digestLength, 0);
    const bytes = Buffer.allocUnsafe(length);
    let position = 0;
    for (const [index, { file, blob }] of files.entries()) {
      position = bytes.writeUInt16LE(names[index] as number, position);
      position += bytes.write(file.name, position, 'utf8');
      writeStatus(bytes, position, file.status);
      position += statusLength;
      position += bytes.write(blob.digest, position, 'hex');
    }
    return new FolderRecord(bytes);
  }

  /** The content of each file by its name, for as far as it had the status that `statusOf` tells. */
  *unchanged(statusOf: (name: string) => Stats | undefined): Generator<readonly [string, Digest]> {
    for (const [name, position] of this.#positions()) {
      const status = statusOf(name);
      if (status !== undefined && hasStatus(this.bytes, position, status))
        yield [name, this.#digest(position)];
    }
  }

  /** The content that each file had. */
  *contents(): Generator<readonly [string, Digest]> {
    for (const [name, position] of this.#positions()) yield [name, this.#digest(position)];
  }

  /** Where the status of each file stands. */
  *#positions(): Generator<readonly [string, number]> {
    for (let position = 0; position < this.bytes.length;) {
      const nameEnd = position + 2 + this.bytes.readUInt16LE(position);
      yield [this.bytes.toString('utf8', position + 2, nameEnd), nameEnd];
      position = nameEnd + statusLength + digestLength;
    }
  }

  #digest(statusPosition: number): Digest {
    const start = statusPosition + statusLength;
    return digestFromBytes(this.bytes.subarray(start, start + digestLength));
  }
}

/** How many folders are read at once. */
const foldersAtOnce = 256;

/** The records of all folders, a little at a time. */
export function* folderRecords(metadata: Metadata): Generator<readonly [string, FolderRecord]> {
  const page = `SELECT path, files FROM local_folders WHERE path > ? ORDER BY path LIMIT ${foldersAtOnce}`;
  for (let rows = metadata.all(page, ''); rows.length > 0;) {
    for (const row of rows) yield [row['path'] as string, new FolderRecord(row['files'] as Uint8Array)];
    rows = metadata.all(page, rows.at(-1)?.['path'] as string);
  }
}
