import { type Stats, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type Digest, parseDigest } from '../../foundation/index.ts';

/** A file of a blob, in either variant. */
export interface BlobFile {
  readonly digest: Digest;
  readonly name: string;
  readonly file: string;
}

/** The files of all blobs; what else lies there is passed over. */
export function* blobFiles(storeFolder: string): Generator<BlobFile> {
  const folder = path.join(storeFolder, 'blobs');
  for (const beginning of readdirSync(folder)) {
    for (const name of readdirSync(`${folder}/${beginning}`)) {
      const digest = parseDigest(name.endsWith('.x') ? name.slice(0, -2) : name);
      if (digest !== undefined) yield { digest, name, file: `${folder}/${beginning}/${name}` };
    }
  }
}

export function statusOf(file: string): Stats | undefined {
  return lstatSync(file, { throwIfNoEntry: false });
}

/** What a file takes on disk, in bytes, whatever its length: file systems tell in units of 512. */
export function bytesOnDisk({ blocks }: Stats): number {
  return blocks * 512;
}
